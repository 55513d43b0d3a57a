import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { isRunning, signalGroup } from "./process-group.ts";

/** Starts a group of its own that says a line when it is ready, and resolves with its number then. */
async function started(
  script: string,
): Promise<{ group: number; said: string; ended: Promise<unknown> }> {
  const child = spawn(process.execPath, ["-e", script], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "exit");
  const [said] = await once(child.stdout, "data");
  return { group: child.pid ?? 0, said: String(said), ended };
}

describe("a process group", () => {
  it("runs until its last process has ended", async () => {
    const { group, ended } = await started(`setInterval(() => {}, 1_000); console.log("ready")`);
    expect(isRunning(group)).toBe(true);
    expect(signalGroup(group, "SIGKILL")).toBe(true);
    await ended;
    expect(isRunning(group)).toBe(false);
  });

  it.runIf(process.platform === "linux")(
    "doesn't run any more when nobody waits for who has ended",
    async () => {
      // A stopped parent can't wait for its child, which then stays in the process table.
      const { group, said, ended } = await started(`
        const { spawn } = require("node:child_process");
        const child = spawn(process.execPath, ["-e", ""], { detached: true, stdio: "inherit" });
        const stat = "/proc/" + child.pid + "/stat";
        while (!/\\) Z /.test(require("node:fs").readFileSync(stat, "latin1")));
        require("node:fs").writeSync(1, child.pid + "\\n");
        while (true) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
      `);
      const unawaited = Number(said);
      expect(signalGroup(unawaited, 0)).toBe(true);
      expect(isRunning(unawaited)).toBe(false);
      signalGroup(group, "SIGKILL");
      await ended;
    },
  );

  it("of no number is none, and nobody's", () => {
    expect(isRunning(0)).toBe(false);
    expect(signalGroup(1, 0)).toBe(false);
  });
});
