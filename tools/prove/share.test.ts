import { expect, it } from "vitest";
import { wilsonInterval, shareWithInterval } from "./share.ts";

it("has Wilson's interval", () => {
  // Newcombe 1998, Two-sided Confidence Intervals for the Single Proportion, table I, method 3.
  const worked = [
    { hits: 81, total: 263, low: 0.2553, high: 0.3662 },
    { hits: 15, total: 148, low: 0.0624, high: 0.1605 },
    { hits: 0, total: 20, low: 0, high: 0.1611 },
    { hits: 1, total: 29, low: 0.0061, high: 0.1718 },
  ];
  for (const { hits, total, low, high } of worked) {
    const interval = wilsonInterval({ hits, total });
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  }
});

it("is shown with its interval", () => {
  expect(shareWithInterval({ hits: 0, total: 2_000 })).toBe("0 % (0 to 0.19)");
  expect(shareWithInterval({ hits: 1, total: 2_000 })).toBe("0.05 % (0.01 to 0.28)");
  expect(shareWithInterval({ hits: 957, total: 1_000 })).toBe("96 % (94 to 97)");
});
