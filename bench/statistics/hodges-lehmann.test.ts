import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { pairedShift, sampleShift } from "./hodges-lehmann.ts";
import { mannWhitneyTest } from "./mann-whitney.ts";
import { normal } from "./random.ts";
import { signedRankTest } from "./signed-rank.ts";

describe("the shift of pairs", () => {
  // Hollander, Wolfe & Chicken 2014, example 3.1: depression factors before and after a tranquilliser.
  const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
  const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
  const differences = after.map((value, index) => value - (before[index] ?? 0));

  it("is that of the textbook, with its interval", () => {
    const shift = pairedShift(differences, 0.96);
    expect(shift?.estimate).toBeCloseTo(-0.46, 6);
    expect(shift?.low).toBeCloseTo(-0.786, 6);
    expect(shift?.high).toBeCloseTo(-0.01, 6);
    expect(shift?.confidence).toBeCloseTo(0.961, 3);
  });

  it("has an interval that leaves out just what the test rejects", () => {
    const shift = pairedShift(differences, 0.96);
    const pValue = (by: number): number => signedRankTest(differences.map((one) => one - by)).above;
    expect(pValue((shift?.low ?? 0) - 1e-9)).toBeLessThan(0.02);
    expect(pValue((shift?.low ?? 0) + 1e-9)).toBeGreaterThan(0.02);
  });

  it.each([
    { pairs: 7, confidence: 1 - 2 / 128 },
    { pairs: 6, confidence: 1 - 2 / 64 },
    { pairs: 2, confidence: 0.5 },
    { pairs: 1, confidence: 0 },
  ])("says that $pairs pairs reach a confidence of $confidence only", ({ pairs, confidence }) => {
    const values = Array.from({ length: pairs }, (_, index) => index * index);
    const shift = pairedShift(values, 0.98);
    expect(shift).toMatchObject({ low: 0, high: (pairs - 1) ** 2 });
    expect(shift?.confidence).toBeCloseTo(confidence, 12);
  });

  it("is none of nothing", () => {
    expect(pairedShift([], 0.98)).toBeNull();
  });

  it("has an interval that holds the true shift as often as it says", () => {
    const generator = xoroshiro128plus(3);
    const held = Array.from({ length: 2_000 }, () => {
      // Heavy tails: a few are ten times as far out.
      const values = Array.from(
        { length: 10 },
        (_, index) => 5 + normal(generator) * (index === 0 ? 10 : 1),
      );
      const { low, high } = pairedShift(values, 0.9) ?? { low: 9, high: 0 };
      return low <= 5 && 5 <= high;
    }).filter(Boolean).length;
    expect(held / 2_000).toBeGreaterThan(0.89);
    expect(held / 2_000).toBeLessThan(0.93);
  });
});

describe("the shift between samples", () => {
  // Hollander, Wolfe & Chicken 2014, example 4.1: permeability of the chorioamnion to water.
  const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
  const earlier = [1.15, 0.88, 0.9, 0.74, 1.21];

  it("is that of the textbook, with its interval and its p-value", () => {
    // R: wilcox.test(earlier, term, conf.int = TRUE, conf.level = 0.95)
    const shift = sampleShift(term, earlier, 0.95);
    expect(shift?.estimate).toBeCloseTo(-0.305, 6);
    expect(shift?.low).toBeCloseTo(-0.76, 6);
    expect(shift?.high).toBeCloseTo(0.15, 6);
    expect(mannWhitneyTest(earlier, term).above).toBeCloseTo(0.1272, 4);
  });

  it("is none where a sample is empty", () => {
    expect(sampleShift([], [1], 0.9)).toBeNull();
    expect(sampleShift([1], [], 0.9)).toBeNull();
  });
});
