import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { resolveConfig } from "../bench/settings/config.ts";
import { planRun } from "../bench/plan/plan.ts";
import type { PlannedTrial } from "../bench/plan/plan.ts";
import { isMissing, procFiles } from "./requirements.ts";

// The built engine: it starts processes from files that lie beside its own.
const built = (file: string): string => new URL(`../dist/${file}`, import.meta.url).href;
const { Standby } = (await import(
  built("bench/run/standby.js")
)) as typeof import("../bench/run/standby.ts");
const { Director } = (await import(
  built("bench/run/director.js")
)) as typeof import("../bench/run/director.ts");
const { hostsOf } = (await import(
  built("bench/run/host.js")
)) as typeof import("../bench/run/host.ts");
const { TrialProcesses } = (await import(
  built("bench/run/trial-processes.js")
)) as typeof import("../bench/run/trial-processes.ts");
const { MachineLock } = (await import(
  built("bench/run/machine-lock.js")
)) as typeof import("../bench/run/machine-lock.ts");

function trialOf(scenario: string, variant: string): PlannedTrial {
  const given = { scenarios: [scenario], transports: [variant], trials: 1 };
  const [trial] = planRun(resolveConfig(given, String, 1)).flat();
  if (trial === undefined) throw new Error("nothing was planned");
  return trial;
}

const settle = (): Promise<void> => new Promise(setImmediate);

describe("the processes that stand by", () => {
  const now = trialOf("latency", "sse");
  const next = trialOf("overhead", "websocket");

  it("are those of the next trial, and play it", async () => {
    await using standby = new Standby();
    standby.expect([now], next);
    await standby.prepare(now);
    expect(await standby.take(trialOf("overhead", "sse"))).toBe(null);
    await using processes = await standby.take(next);
    await processes?.start();
    const dialling = { clients: 2, channels: "shared", nextSequence: 1 } as const;
    expect((await processes?.fleet.dial(dialling))?.cause).toBe(null);
  });

  it("are started once, and taken once", async () => {
    await using standby = new Standby();
    standby.expect([now], next);
    await Promise.all([standby.prepare(now), standby.prepare(now)]);
    await using processes = await standby.take(next);
    expect(processes).not.toBe(null);
    expect(await standby.take(next)).toBe(null);
  });

  it("start when no other trial of the batch needs the machine", async () => {
    await using standby = new Standby();
    const other = trialOf("overhead", "sse");
    standby.expect([now, other, trialOf("overhead", "short-polling")], next);
    await standby.prepare(now);
    expect(await standby.take(next)).toBe(null);
    await standby.prepare(other);
    await using processes = await standby.take(next);
    expect(processes).not.toBe(null);
  });

  it("wait for their trial while others are played that nobody expected", async () => {
    await using standby = new Standby();
    standby.expect([now], next);
    await standby.prepare(now);
    standby.expect([now], trialOf("overhead", "sse"));
    await standby.prepare(now);
    await using processes = await standby.take(next);
    expect(processes).not.toBe(null);
  });

  it("are none where nothing comes next, or where it needs a network first", async () => {
    await using standby = new Standby();
    await standby.prepare(now);
    standby.expect([now], { ...next, netns: true });
    await standby.prepare(now);
    expect(await standby.take(next)).toBe(null);
  });

  it.skipIf(isMissing(procFiles))("are given up when one of them has ended", async () => {
    await using standby = new Standby();
    standby.expect([now], next);
    const before = childrenNow();
    await standby.prepare(now);
    const [first] = startedSince(before);
    if (first === undefined) throw new Error("no process stands by");
    process.kill(first, "SIGKILL");
    expect(await standby.take(next)).toBe(null);
  });

  it.skipIf(isMissing(procFiles))("end with the run, when their trial isn't played", async () => {
    const before = childrenNow();
    {
      await using standby = new Standby();
      standby.expect([now], next);
      await standby.prepare(now);
      expect(startedSince(before)).not.toEqual([]);
    }
    expect(startedSince(before)).toEqual([]);
  });
});

describe("the lease of a trial that plays", () => {
  async function isFree(trial: PlannedTrial): Promise<boolean> {
    const machineLock = new MachineLock();
    await using processes = new TrialProcesses(trial, hostsOf(null));
    using lease = await machineLock.acquire();
    expect(new Director(trial, processes, lease, () => {}).phases).toEqual([]);
    let free = false;
    void machineLock.acquire().then(() => (free = true));
    await settle();
    return free;
  }

  it.each([
    ["overhead", "short-polling"],
    ["integrity", "short-polling@50ms"],
  ])("is left to others in %s over %s", async (scenario, variant) => {
    expect(await isFree(trialOf(scenario, variant))).toBe(true);
  });

  it.each([
    ["overhead", "long-polling"],
    ["overhead", "websocket"],
    ["latency", "short-polling"],
  ])("is its own in %s over %s", async (scenario, variant) => {
    expect(await isFree(trialOf(scenario, variant))).toBe(false);
  });
});

/** The measuring processes that this one has started, whichever of its threads it was. */
function childrenNow(): number[] {
  return readdirSync("/proc/self/task")
    .flatMap((thread) => readOrEmpty(`/proc/self/task/${thread}/children`).split(" "))
    .filter((pid) => pid !== "" && readOrEmpty(`/proc/${pid}/cmdline`).includes("/processes/"))
    .map(Number);
}

/** Those of other tests may end meanwhile. */
function startedSince(before: readonly number[]): number[] {
  return childrenNow().filter((pid) => !before.includes(pid));
}

/** Empty when the process or thread has ended meanwhile. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
