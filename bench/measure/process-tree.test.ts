import { spawn } from "node:child_process";
import { describe, expect, it } from "vitest";
import { eventually } from "../../test/bench-process.ts";
import { isMissing, procFiles } from "../../test/requirements.ts";
import { nowNs } from "./clock.ts";
import { ProcessTree } from "./process-tree.ts";

describe.skipIf(isMissing(procFiles))("a process and its descendants", () => {
  it("use what a thread of them uses", async () => {
    const tree = ProcessTree.of(process.pid);
    const outside = process.cpuUsage();
    tree?.begin();
    const inside = process.cpuUsage();
    const untilNs = nowNs() + 100e6;
    while (nowNs() < untilNs);
    const least = workMs(process.cpuUsage(inside));
    const used = tree?.end()?.cpuMs;
    const most = workMs(process.cpuUsage(outside));
    // Of each thread that runs, up to a tick may be missing at the begin, and at the end.
    const ticksMs = 30;
    expect(used).toBeGreaterThan(least - ticksMs);
    expect(used).toBeLessThan(most + ticksMs);
    expect(tree?.end()).toMatchObject({ process: "server", turningMs: 0, heapBytes: null });
    expect(tree?.rssBytes() ?? 0).toBeGreaterThan(process.memoryUsage.rss() / 2);
  });

  it("hold the descendants' memory and time, too", async () => {
    // The shell stays, since it has more to do than to be the last command.
    const shell = spawn("sh", ["-c", 'node -e "for(;;);"; true'], { detached: true });
    try {
      const tree = ProcessTree.of(shell.pid ?? 0);
      tree?.begin();
      await eventually(() => (tree?.end()?.cpuMs ?? 0) > 50);
      expect(tree?.rssBytes() ?? 0).toBeGreaterThan(20e6);
    } finally {
      if (shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
    }
  });

  it("are out of descriptors when one of them is", async () => {
    const script =
      "const fs=require('fs');for(;;)try{fs.openSync('/dev/null')}catch{break};setInterval(()=>{},1e3)";
    const shell = spawn("sh", ["-c", `ulimit -n 64; node -e "${script}"; true`], {
      detached: true,
    });
    try {
      const tree = ProcessTree.of(shell.pid ?? 0);
      await eventually(() => tree?.descriptors().exhausted === true);
      expect(tree?.descriptors()).toEqual({ exhausted: true, limit: 64 });
    } finally {
      if (shell.pid !== undefined) process.kill(-shell.pid, "SIGKILL");
    }
  });

  it("can't be looked at when they aren't there", () => {
    expect(ProcessTree.of(4_194_304)).toBeNull();
  });
});

function workMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1e3;
}
