import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { benchFile, eventually, isRunning } from "../../test/bench-process.ts";
import { isMissing, procFiles } from "../../test/requirements.ts";
import { read } from "../machine/files.ts";
import type { ServerTarget, StartedProcess } from "../settings/target.ts";
import { StartedCommand } from "./started-command.ts";
import { carriersOf, listenerOn, occupantOf } from "./marked-processes.ts";

const target: ServerTarget = {
  url: "http://127.0.0.1:1",
  host: "127.0.0.1",
  port: 1,
  addresses: ["127.0.0.1"],
  verification: null,
  process: { kind: "unknown" },
};

const started = (command: string): StartedProcess => ({
  kind: "command",
  command,
  startTimeoutMs: 10_000,
});

/** Ten minutes, by which a process of this one is told from those of other runs on this machine. */
function seconds(test: number): string {
  return `600.${process.pid}${test}`;
}

/** What `mark` marks, beside what others have started. */
async function carriers(mark: string): Promise<number[]> {
  await eventually(() => carriersOf("").some((pid) => commandOf(pid).includes(mark)));
  return carriersOf("").filter((pid) => commandOf(pid).includes(mark));
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`) ?? "";
}

describe.skipIf(isMissing(procFiles))("a command's processes", () => {
  it.each([
    ["in another session", `setsid sleep ${seconds(1)} & wait`, seconds(1)],
    ["without a parent", `(setsid -f sleep ${seconds(2)}) ; sleep 600`, seconds(2)],
    ["that ignore being asked", `trap '' TERM; sleep ${seconds(4)} & wait; sleep 600`, seconds(4)],
  ])("are ended %s", async (_, line, mark) => {
    const command = new StartedCommand(started(line), target);
    const found = await carriers(mark);
    expect(found.length).toBeGreaterThan(0);
    await command.stop();
    expect(found.filter(isRunning)).toEqual([]);
  });

  it("are named where the first of them leaves them behind", async () => {
    const command = new StartedCommand(started("setsid -f sleep 600"), target);
    expect(await command.ended).toMatch(
      /^it ended with exit code 0 and left process \d+ \((sh|setsid|sleep).*\) behind; run it in the foreground$/,
    );
    await command.stop();
  });

  it("end, too, when who has started them is killed", async () => {
    const module = new URL("programs/started-command.js", `file://${benchFile}`).href;
    const given = JSON.stringify([started(`setsid sleep ${seconds(6)} & wait`), target]);
    const program = `import(${JSON.stringify(module)}).then(({ StartedCommand }) => {
      new StartedCommand(...${given});
      setInterval(() => {}, 1_000);
    })`;
    const child = spawn(process.execPath, ["--eval", program], { stdio: "ignore" });
    const found = await carriers(seconds(6));
    child.kill("SIGKILL");
    await eventually(() => !found.some(isRunning));
  });
});

describe.skipIf(isMissing(procFiles))("who listens on a port", () => {
  it("is told by its process id", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    expect(listenerOn(port)).toBe(process.pid);
    expect(occupantOf(port)).toMatch(new RegExp(`^: process ${process.pid} \\(`));
    server.close();
    await once(server, "close");
    expect(occupantOf(port)).toBe("");
  });
});
