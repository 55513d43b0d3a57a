import { versionIn } from "../../bench/files/package-files.ts";
import type { Answer } from "../../bench/processes/serve-verbs.ts";
import { serveVerbs } from "../../bench/processes/serve-verbs.ts";
import { ProcessEnded } from "../../bench/processes/process-ended.ts";
import { environmentNow } from "../../bench/results/environment.ts";
import type { Environment } from "../../bench/results/schema.ts";
import { usingRedis } from "../../bench/workers/redis.ts";
import { Worker } from "../../bench/workers/worker.ts";
import type { AnyProcess, WorkerOptions } from "../../bench/workers/worker.ts";
import { token } from "./coordinating-protocol.ts";
import type { SimulatedWorkerVerbs } from "./coordinating-protocol.ts";

/*
 * Many workers in one process: each has its own connections, lease, queue and requests, as on a machine of its own, and
 * what it starts is no process.
 */

const workers: Worker[] = [];

/** Joining takes several answers of Redis each. */
const joinAtOnce = 20;

/** Answers every verb with its arguments, until it is told to end. */
function emptyProcess(_entry: string, name: string): AnyProcess {
  let end: (ended: ProcessEnded) => void = () => {};
  const ended = new Promise<ProcessEnded>((resolve) => (end = resolve));
  return {
    ended,
    ask: async (_verb, args): Promise<Answer> => ({ id: 0, ok: true, value: args }),
    async [Symbol.asyncDispose]() {
      end(new ProcessEnded(name, `the ${name} process was ended`, ""));
    },
  };
}

function optionsOf(number: number, environment: Environment): WorkerOptions {
  return {
    name: `simulated-${number}`,
    version: versionIn(),
    capacity: 16,
    role: number === 0 ? "servers" : "clients",
    listen: ["127.0.0.1"],
    token,
    environment,
    said: () => {},
    fork: emptyProcess,
  };
}

const verbs: SimulatedWorkerVerbs = {
  async join({ url, count }) {
    const environment = await environmentNow();
    for (let first = 0; first < count; first += joinAtOnce) {
      const numbers = Array.from(
        { length: Math.min(joinAtOnce, count - first) },
        (_, at) => first + at,
      );
      const joined = numbers.map((number) =>
        usingRedis(url, "--redis", (redis) => Worker.join(redis, optionsOf(number, environment))),
      );
      workers.push(...(await Promise.all(joined)));
    }
  },
};

serveVerbs(verbs, async () => {
  await Promise.all(workers.map((worker) => worker[Symbol.asyncDispose]()));
});
