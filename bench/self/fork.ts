import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Verbs } from "../processes/protocol.ts";
import type { Remote } from "../processes/remote.ts";
import type { Answer, Request } from "../processes/serve-verbs.ts";

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** As much of a `Remote` as is needed here. */
export type Forked<V extends Verbs> = Pick<Remote<V>, "pid" | "call"> & AsyncDisposable;

/** Starts an entry of this folder as `forkProcess` starts those of `processes/`. */
export function forkHere<V extends Verbs>(entry: string): Forked<V> {
  const file = new URL(`./${entry}${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
  const child = fork(file, [], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: [...process.execArgv, "--expose-gc"],
  });
  running.add(child);
  const waiting = new Map<number, (answer: Answer) => void>();
  let requests = 0;
  child.on("message", (answer: Answer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => {
      running.delete(child);
      resolve(`the ${entry} process ended with ${signal ?? `exit code ${code}`}`);
    });
  });

  return {
    pid: child.pid ?? 0,
    async call(verb, args) {
      requests += 1;
      const request: Request = { id: requests, verb, args };
      const answered = new Promise<Answer>((resolve) => waiting.set(request.id, resolve));
      child.send(request, () => {});
      const answer = await Promise.race([answered, ended]);
      if (typeof answer === "string") throw new Error(answer);
      if (!answer.ok) throw new Error(`${entry}: ${answer.reason}`);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- both ends are of one build
      return answer.value as never;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), 500);
      await ended;
      clearTimeout(timer);
    },
  };
}
