import { expect, it } from "vitest";
import { holm } from "./holm.ts";

it("adjusts p-values as R's p.adjust does", () => {
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.6), "holm")
  const adjusted = holm([0.01, 0.04, 0.03, 0.005, 0.6]);
  for (const [index, expected] of [0.04, 0.09, 0.09, 0.025, 0.6].entries()) {
    expect(adjusted[index]).toBeCloseTo(expected, 12);
  }
});

it("leaves one alone, never goes beyond 1, and takes none", () => {
  expect(holm([0.009])).toEqual([0.009]);
  expect(holm([0.7, 0.9])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
