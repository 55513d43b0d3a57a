import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { detectableSampleShift, detectableShift } from "./detectable.ts";
import { pairedShift, scatterOf } from "./hodges-lehmann.ts";
import { mannWhitneyTest } from "./mann-whitney.ts";
import { normal } from "./random.ts";
import { signedRankTest } from "./signed-rank.ts";

const cases = 1_500;

/** The share of cases, of seeded normal values, in which something is so. */
function shareOf(isSo: (draw: () => number) => boolean): number {
  const generator = xoroshiro128plus(11);
  const drawn = Array.from({ length: cases }, () => isSo(() => normal(generator)));
  return drawn.filter(Boolean).length / cases;
}

function values(size: number, draw: () => number): number[] {
  return Array.from({ length: size }, draw);
}

describe("the smallest detectable shift", () => {
  it.each([7, 10, 20])("is found by %i pairs in four of five cases", (pairs) => {
    const shift = detectableShift(2, [pairs], { level: 0.01, beyond: 0 });
    const found = shareOf((draw) => {
      const differences = values(pairs, () => shift + 2 * draw());
      return signedRankTest(differences).above < 0.01;
    });
    expect(found).toBeGreaterThan(0.77);
    expect(found).toBeLessThan(0.83);
  });

  it("is found beyond what is tolerated as well", () => {
    const shift = detectableShift(1, [10], { level: 0.01, beyond: 2 });
    const found = shareOf((draw) => {
      const differences = values(10, () => shift + draw());
      const isBeyond = (pairedShift(differences, 0)?.estimate ?? 0) > 2;
      return isBeyond && signedRankTest(differences).above < 0.01;
    });
    expect(found).toBeGreaterThan(0.77);
    expect(found).toBeLessThan(0.83);
  });

  it("is larger where two looks have to find it", () => {
    const demands = { level: 0.01, beyond: 0 };
    const once = detectableShift(1, [10], demands);
    const twice = detectableShift(1, [10, 10], demands);
    expect(twice / once).toBeGreaterThan(1.05);
    expect(twice / once).toBeLessThan(1.3);
  });

  it("holds on the average where the scatter is estimated from the pairs themselves", () => {
    const found = shareOf((draw) => {
      const scatter = scatterOf(values(10, draw));
      const shift = detectableShift(scatter, [10], { level: 0.01, beyond: 0 });
      return signedRankTest(values(10, () => shift + draw())).above < 0.01;
    });
    expect(found).toBeGreaterThan(0.72);
    expect(found).toBeLessThan(0.85);
  });

  it("is found between two samples in four of five cases", () => {
    const sizes = { baseline: 8, candidate: 12 };
    const shift = detectableSampleShift(1, sizes, { level: 0.01, beyond: 0 });
    const found = shareOf((draw) => {
      const candidate = values(12, () => shift + draw());
      return mannWhitneyTest(values(8, draw), candidate).above < 0.01;
    });
    expect(found).toBeGreaterThan(0.77);
    expect(found).toBeLessThan(0.83);
  });

  it("is none that six pairs could find at 1 %", () => {
    const demands = { level: 0.01, beyond: 0 };
    expect(detectableShift(1, [6], demands)).toBe(Number.POSITIVE_INFINITY);
    expect(detectableShift(0, [6], demands)).toBe(Number.POSITIVE_INFINITY);
    expect(detectableShift(1, [0], demands)).toBe(Number.POSITIVE_INFINITY);
  });

  it("is what is tolerated where nothing scatters", () => {
    expect(detectableShift(0, [10], { level: 0.01, beyond: 0.1 })).toBe(0.1);
  });
});

describe("the scatter", () => {
  it.each([7, 10, 25])("is the standard deviation of %i normal values, on the average", (size) => {
    const generator = xoroshiro128plus(5);
    const scatters = Array.from({ length: 3_000 }, () =>
      scatterOf(values(size, () => 3 * normal(generator))),
    );
    const mean = scatters.reduce((total, scatter) => total + scatter, 0) / scatters.length;
    expect(mean).toBeGreaterThan(2.94);
    expect(mean).toBeLessThan(3.06);
  });

  it("isn't moved far by a stall", () => {
    const calm = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(scatterOf([...calm.slice(1), 1_000])).toBeLessThan(1.6 * scatterOf(calm));
  });

  it("isn't known of a single value", () => {
    expect(scatterOf([4])).toBeNaN();
  });
});
