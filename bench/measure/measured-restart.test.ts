import { describe, expect, test } from "vitest";
import { phaseOf } from "../../test/results-fixture.ts";
import type { Phase } from "../results/schema.ts";
import { histogramOf } from "./histogram.ts";
import { mostIn, restartOf } from "./measured-restart.ts";

/** Clients that were back so many milliseconds after the server's end. */
function phaseWith(backMs: readonly number[], lasting = 0): Phase {
  return {
    ...phaseOf(),
    absences: {
      count: backMs.length + lasting,
      lasting,
      dials: 0,
      failedDials: 0,
      untilSubscribed: histogramOf([]),
      untilReceiving: histogramOf([]),
      untilBack: histogramOf(backMs.map((ms) => ms * 1e6)),
      course: { stepMs: 100, dials: [0, 3, 1, 2], failed: [], back: [] },
    },
    restarts: [{ atMs: 500, downMs: 1_000, cpuMs: [40, 20, 10, 5] }],
  };
}

describe("a restart", () => {
  test("tells when a share of all clients were back, not of those that were", () => {
    const restart = restartOf(phaseWith([1_100, 1_200, 1_300], 1));
    expect(restart).toMatchObject({ downMs: 1_000, lost: 4, neverBack: 1 });
    expect(restart?.untilBack(0.5)).toBeCloseTo(1_200e6, -7);
    expect(restart?.untilBack(0.75)).toBe(1_300e6);
    expect(restart?.untilBack(1)).toBeNull();
  });

  test("charges the fresh server until the last client was back", () => {
    expect(restartOf(phaseWith([1_050, 1_150]))?.serverCpuMs).toBe(60);
    expect(restartOf(phaseWith([1_050], 1))?.serverCpuMs).toBe(75);
    expect(restartOf(phaseWith([]))?.serverCpuMs).toBe(0);
  });

  test("knows the most dials in a step and in a second", () => {
    expect(restartOf(phaseWith([1_100]))?.mostDials).toEqual({ in100Ms: 3, inSecond: 6 });
    expect([mostIn([1, 0, 2, 2], 2), mostIn([], 2)]).toEqual([4, 0]);
  });

  test("isn't there where the server wasn't restarted", () => {
    expect(restartOf(phaseOf())).toBeNull();
  });
});
