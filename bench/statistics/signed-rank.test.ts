import { psignrank } from "lib-r-math.js";
import { describe, expect, it } from "vitest";
import { doubledMidRanks, signedRankCumulative, signedRankTest } from "./signed-rank.ts";

/** By trying every assignment of signs. */
function enumerated(differences: readonly number[]): { above: number; below: number } {
  const ranks = doubledMidRanks(differences.map(Math.abs));
  const signed = ranks.filter((_, index) => differences[index] !== 0);
  const observed = ranks.reduce(
    (total, rank, index) => total + ((differences[index] ?? 0) > 0 ? rank : 0),
    0,
  );
  let [above, below] = [0, 0];
  for (let signs = 0; signs < 2 ** signed.length; signs += 1) {
    const sum = signed.reduce((total, rank, bit) => total + ((signs >> bit) & 1) * rank, 0);
    if (sum >= observed) above += 1;
    if (sum <= observed) below += 1;
  }
  return { above: above / 2 ** signed.length, below: below / 2 ** signed.length };
}

const samples: readonly (readonly [string, readonly number[]])[] = [
  ["one difference", [0.4]],
  ["all above zero", [1, 2, 3, 4, 5, 6, 7]],
  ["both signs", [0.3, -0.1, 0.8, 0.2, -0.5, 1.1, 0.05, 0.9]],
  ["ties", [1, 1, -1, 2, 2, -3, 3, 3, 4, -4]],
  ["zeros", [0, 0, 1, -2, 3, 4, 5, 0, 6]],
  ["zeros and ties", [0, 1, 1, -1, 0, 2, 2, 2, -2, 5, 7]],
  ["two sizes only", [1, 1, 1, 1, 1, 1, -1, 2, 2, 2, -2, -2]],
];

describe("the signed-rank test", () => {
  it.each(samples)("is what enumeration of all signs gives: %s", (_, differences) => {
    const expected = enumerated(differences);
    const { above, below } = signedRankTest(differences);
    expect(above).toBeCloseTo(expected.above, 12);
    expect(below).toBeCloseTo(expected.below, 12);
  });

  it.each([1, 2, 5, 7, 10, 20, 50, 200])("has the distribution of R for %i pairs", (size) => {
    const atMost = signedRankCumulative(size);
    expect(atMost).toHaveLength((size * (size + 1)) / 2 + 1);
    const places = [0, 1, 2, 5, 0.2, 0.4, 0.5, 0.7, 1].map((place) =>
      place > 0 && place < 1 ? Math.floor(place * (atMost.length - 1)) : place,
    );
    for (const place of places.filter((place) => place < atMost.length)) {
      expect(atMost[place]).toBeCloseTo(psignrank(place, size), 10);
    }
  });

  // McCornack 1965, Extended Tables of the Wilcoxon Matched Pair Signed Rank Statistic: one-sided, 1 %.
  it.each([
    { pairs: 7, critical: 0 },
    { pairs: 8, critical: 1 },
    { pairs: 9, critical: 3 },
    { pairs: 10, critical: 5 },
    { pairs: 12, critical: 9 },
    { pairs: 15, critical: 19 },
    { pairs: 20, critical: 43 },
    { pairs: 25, critical: 76 },
  ])(
    "rejects $pairs pairs at 1 % up to a sum of $critical, as tables say",
    ({ pairs, critical }) => {
      const atMost = signedRankCumulative(pairs);
      expect(atMost[critical]).toBeLessThanOrEqual(0.01);
      expect(atMost[critical + 1]).toBeGreaterThan(0.01);
    },
  );

  it("takes nothing for a sign of anything", () => {
    expect(signedRankTest([])).toEqual({ above: 1, below: 1 });
    expect(signedRankTest([0, 0, 0, 0, 0, 0, 0, 0])).toEqual({ above: 1, below: 1 });
  });

  it("doesn't get less significant when a value rises from zero", () => {
    const rising = [-2, -1, 0, 1, 2, 3].map((value) => signedRankTest([value, 1, 3, 4, 5, 6, 7]));
    const pValues = rising.map(({ above }) => above);
    expect(pValues).toEqual(pValues.toSorted((a, b) => b - a));
  });

  it("sees an infinite difference as the largest", () => {
    expect(signedRankTest([1, 2, -3, Number.POSITIVE_INFINITY])).toEqual(
      signedRankTest([1, 2, -3, 4]),
    );
  });

  it("knows nothing of what isn't a number", () => {
    expect(signedRankTest([1, 2, Number.NaN])).toEqual({ above: Number.NaN, below: Number.NaN });
  });
});
