import { describe, expect, it } from "vitest";
import { busyQuick, quietQuick } from "../../test/recorded-runs.ts";
import type { RecordedRun, RecordedTrial } from "../../test/recorded-runs.ts";
import { findScenario, resolveConfig } from "../settings/config.ts";
import {
  batchMs,
  refineSlowness,
  machineSlowness,
  planMs,
  rehearseAll,
  slownessShown,
  trialMs,
} from "./duration.ts";
import type { RehearsedBatch } from "./duration.ts";
import { planTrial } from "./plan.ts";
import type { Batch, PlannedTrial } from "./plan.ts";
import type { Rehearsal } from "./rehearsal.ts";
import { parseVariant } from "../settings/variant.ts";
import { sum } from "../statistics/basics.ts";

const rehearsal = (busyMs: number, idleMs: number, fixedMs: number): Rehearsal => ({
  busyMs,
  idleMs,
  fixedMs,
  phases: [],
  stretches: [],
  figures: [],
  maxClients: 0,
});

describe("the time of a batch", () => {
  it("is that of its only trial, as slow as the machine is", () => {
    const trial = rehearsal(1_000, 500, 100);
    expect([trialMs(trial, 1), trialMs(trial, 3)]).toEqual([1_600, 1_800]);
    expect(batchMs([trial], 3)).toBe(1_800);
  });

  it("is the work of all, one after another, and the waiting that outlasts it", () => {
    const patient = rehearsal(1_000, 20_000, 100);
    const brief = rehearsal(1_000, 1_000, 100);
    expect(batchMs([patient, brief], 1)).toBe(21_100);
    expect(batchMs([brief, brief], 1)).toBe(3_200);
    expect(batchMs([brief, brief], 2)).toBe(3_400);
  });

  it("of nothing is nothing", () => {
    expect(batchMs([], 1)).toBe(0);
  });
});

describe("the slowness that a batch shows", () => {
  it("is that at which it would have taken as long", () => {
    const batch = [rehearsal(1_000, 0, 100), rehearsal(1_000, 500, 100)];
    for (const slowness of [0, 0.5, 1, 7]) {
      expect(slownessShown(batch, batchMs(batch, slowness))).toBeCloseTo(slowness, 9);
    }
  });

  it("is none below what its script takes, and unknown where all is waiting", () => {
    expect(slownessShown([rehearsal(1_000, 0, 100)], 900)).toBe(0);
    expect(slownessShown([], 900)).toBe(null);
  });
});

it("a plan takes longer with reports", async () => {
  const plan: Batch[] = [[planned("latency", "sse", "quick")]];
  expect(await planMs(plan, true)).toBeGreaterThan(await planMs(plan, false));
});

describe.each([
  ["with the machine for itself", quietQuick, 0.1, 0.1],
  ["on a machine with much other work", busyQuick, 0.35, 0.2],
] as const)("a quick run %s", (_, run, beforehand, onTheWay) => {
  it(`takes what is said beforehand, within ${100 * beforehand} %`, async () => {
    const { batches, tookMs } = await played(run);
    const saidMs = sum(batches.map((batch) => batchMs(batch, run.loadingMs / 400)));
    expect(Math.abs(saidMs / sum(tookMs) - 1)).toBeLessThan(beforehand);
  });

  it(`takes what is said after its first trials, within ${100 * onTheWay} %`, async () => {
    const { batches, tookMs } = await played(run);
    const shown = batches.map((batch, index) => slownessShown(batch, tookMs[index] ?? 0) ?? 0);
    const half = batches.length / 2;
    for (let ended = 3; ended <= half; ended += 1) {
      const slowness = refineSlowness(run.loadingMs / 400, shown.slice(0, ended));
      const leftMs = sum(batches.slice(ended).map((batch) => batchMs(batch, slowness)));
      const off = Math.abs(leftMs / sum(tookMs.slice(ended)) - 1);
      expect(off, `after ${ended}`).toBeLessThan(onTheWay);
    }
  });
});

/** The batches of a recorded run, and how long each took. */
async function played({
  profile,
  trials,
}: RecordedRun): Promise<{ batches: RehearsedBatch[]; tookMs: number[] }> {
  const batches: RecordedTrial[][] = [];
  for (const trial of trials) {
    const last = batches.at(-1);
    if (last?.[0]?.[0] === "overhead" && trial[0] === "overhead") last.push(trial);
    else batches.push([trial]);
  }
  for (const batch of batches) batch.sort(([, , a], [, , b]) => a - b);
  const plan = batches.map((batch) =>
    batch.map(([scenario, variant]) => planned(scenario, variant, profile)),
  );
  const tookMs = batches.map(
    (batch) =>
      Math.max(...batch.map(([, , at, took]) => at + took)) -
      Math.min(...batch.map(([, , at]) => at)),
  );
  return { batches: await rehearseAll(plan), tookMs };
}

function planned(scenario: string, variant: string, profile: RecordedRun["profile"]): PlannedTrial {
  const config = resolveConfig({ quick: profile === "quick" }, String, 1);
  return planTrial(findScenario(scenario), config, parseVariant(variant), 1);
}

describe("what is learnt about a machine", () => {
  it("is the guess while nothing was played, and halfway after the first trial", () => {
    expect([refineSlowness(2, []), refineSlowness(2, [4])]).toEqual([2, 3]);
  });

  it("is what most trials have shown", () => {
    expect(refineSlowness(1, [4, 4])).toBe(4);
    expect(refineSlowness(1, [4, 90, 5, 4.5])).toBe(4.5);
  });

  it("has bounds, whatever came", () => {
    expect(refineSlowness(0, [])).toBe(0.2);
    expect(refineSlowness(1_000, [1_000])).toBe(20);
  });
});

it("a machine has a slowness of its own, before anything is played", () => {
  expect(machineSlowness).toBeGreaterThanOrEqual(0.2);
  expect(machineSlowness).toBeLessThanOrEqual(20);
});
