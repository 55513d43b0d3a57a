import { pwilcox } from "lib-r-math.js";
import { describe, expect, it } from "vitest";
import { mannWhitneyTest, rankSumCumulative } from "./mann-whitney.ts";
import { doubledMidRanks } from "./signed-rank.ts";

/** By choosing the candidate's values in every way. */
function enumerated(
  baseline: readonly number[],
  candidate: readonly number[],
): { above: number; below: number } {
  const ranks = doubledMidRanks([...candidate, ...baseline]);
  const observed = ranks.slice(0, candidate.length).reduce((total, rank) => total + rank, 0);
  let [above, below, all] = [0, 0, 0];
  for (let chosen = 0; chosen < 2 ** ranks.length; chosen += 1) {
    const taken = ranks.filter((_, bit) => ((chosen >> bit) & 1) === 1);
    if (taken.length !== candidate.length) continue;
    const sum = taken.reduce((total, rank) => total + rank, 0);
    all += 1;
    if (sum >= observed) above += 1;
    if (sum <= observed) below += 1;
  }
  return { above: above / all, below: below / all };
}

const samples: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ["one each", [1], [2]],
  ["apart", [1, 2, 3, 4, 5], [6, 7, 8, 9, 10]],
  ["mixed, of different sizes", [0.1, 0.7, 0.4, 0.9], [0.3, 0.8, 1.2, 0.2, 1.4, 0.6]],
  ["ties", [1, 1, 2, 3, 3], [1, 2, 2, 3, 4, 4]],
  ["all equal", [5, 5, 5], [5, 5, 5, 5]],
];

describe("the test of Mann and Whitney", () => {
  it.each(samples)("is what enumeration gives: %s", (_, baseline, candidate) => {
    const expected = enumerated(baseline, candidate);
    const { above, below } = mannWhitneyTest(baseline, candidate);
    expect(above).toBeCloseTo(expected.above, 12);
    expect(below).toBeCloseTo(expected.below, 12);
  });

  it.each([
    [1, 1],
    [3, 5],
    [7, 7],
    [10, 10],
    [4, 30],
    [25, 20],
  ])("has the distribution of R for %i and %i values", (baseline, candidate) => {
    const atMost = rankSumCumulative(baseline, candidate);
    expect(atMost).toHaveLength(baseline * candidate + 1);
    for (const share of [0, 0.1, 0.2, 0.35, 0.5, 0.8, 1]) {
      const u = Math.floor(share * baseline * candidate);
      expect(atMost[u]).toBeCloseTo(pwilcox(u, candidate, baseline), 10);
    }
  });

  // Mann & Whitney's U, one-sided at 1 %: Siegel 1956, Nonparametric Statistics, table K.
  it.each([
    { one: 9, other: 9, critical: 14 },
    { one: 10, other: 10, critical: 19 },
    { one: 15, other: 12, critical: 42 },
    { one: 20, other: 20, critical: 114 },
  ])(
    "rejects $one and $other values at 1 % up to U = $critical, as tables say",
    ({ one, other, critical }) => {
      const atMost = rankSumCumulative(one, other);
      expect(atMost[critical]).toBeLessThanOrEqual(0.01);
      expect(atMost[critical + 1]).toBeGreaterThan(0.01);
    },
  );

  it("samples permutations where there are too many to enumerate, and comes out near", () => {
    const baseline = Array.from({ length: 90 }, (_, index) => (index * 37) % 101);
    const candidate = Array.from({ length: 90 }, (_, index) => ((index * 53) % 101) + 11);
    const sampled = mannWhitneyTest(baseline, candidate, 4);
    const asymptotic = 0.012_49; // scipy 1.17: mannwhitneyu(candidate, baseline, alternative="greater", method="asymptotic")
    expect(sampled.above).toBeGreaterThan(0.5 * asymptotic);
    expect(sampled.above).toBeLessThan(2 * asymptotic);
    expect(sampled.above + sampled.below).toBeCloseTo(1, 2);
    expect(mannWhitneyTest(baseline, candidate, 4)).toEqual(sampled);
  });

  it("never takes sampling for certainty", () => {
    const low = Array.from({ length: 100 }, (_, index) => index);
    const high = low.map((value) => value + 1_000);
    expect(mannWhitneyTest(low, high).above).toBe(1 / 20_000);
  });

  it("takes an empty sample for a sign of nothing, and knows nothing of what isn't a number", () => {
    expect(mannWhitneyTest([], [1, 2])).toEqual({ above: 1, below: 1 });
    expect(mannWhitneyTest([1, Number.NaN], [2]).above).toBeNaN();
  });
});
