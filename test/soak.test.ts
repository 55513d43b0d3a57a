import { describe, expect, it } from "vitest";
import { judgeRun } from "../tools/soak/judge.ts";
import { plannedRuns, soakSettings } from "../tools/soak/settings.ts";
import { TemporaryFolder } from "./bench-process.ts";
import { isMissing, procFiles } from "./requirements.ts";

/* As built: what is soaked is the built command, and its processes load a built module. */
const built = new URL("../dist/tools/soak/soaked-run.js", import.meta.url).href;
const { playSoaked }: typeof import("../tools/soak/soaked-run.ts") = await import(built);

const settings = soakSettings({
  minutes: "2",
  cutEvery: "2",
  transports: "sse",
  network: "none",
  clients: "3",
  rate: "20",
});

const short = ["--warmup", "0ms", "--no-report"];

describe.skipIf(isMissing(procFiles))("a run that is soaked", () => {
  it("is followed in all its processes, and leaves nothing", async () => {
    using folder = new TemporaryFolder();
    const [planned] = plannedRuns(settings);
    const args = (planned?.args ?? []).map((word) => (word === "120s" ? "3s" : word));
    const run = await playSoaked({ name: "sse", args: [...args, ...short] }, folder.path, {
      readEveryMs: 100,
      collectEveryMs: 500,
    });
    expect(run.processes.map(({ process }) => process).toSorted()).toEqual([
      "director",
      "load",
      "network",
      "server",
    ]);
    for (const { atMs, anonymousBytes, descriptors, heap } of run.processes) {
      expect(anonymousBytes).toHaveLength(atMs.length);
      expect(Math.max(...anonymousBytes)).toBeGreaterThan(1_000_000);
      expect(Math.min(...descriptors)).toBeGreaterThan(3);
      expect(Math.min(...heap.bytes)).toBeGreaterThan(1_000_000);
    }
    expect(run.phases).toMatchObject([{ name: "cuts", expected: 180, returns: 3, lasting: 0 }]);
    const { faults } = judgeRun(run, { ...record, runs: [run] });
    // So few readings tell nothing of their slopes.
    expect(
      faults.filter((fault) => !fault.includes("can't be told") && !fault.endsWith("grows")),
    ).toEqual([]);
  });
});

const record = {
  minutes: 2,
  cutEverySeconds: 2,
  clients: 3,
  rate: 20,
  command: "",
  startedAt: new Date(0).toISOString(),
};
