import { medianOf } from "./basics.ts";

/**
 * How far values scatter, as the standard deviation of normal ones that scatter so: the median of the
 * distances of all two of them (Shamos 1976, Geometry and Statistics), which a few stalls don't move. For
 * few values it is corrected for what it then falls short of (Park, Kim & Wang 2020, Investigation of
 * Finite-sample Properties of Robust Location and Scale Estimators, eq. 9). NaN of fewer than two.
 */
export function scatterOf(values: readonly number[]): number {
  const distances = values.flatMap((value, index) =>
    values.slice(0, index).map((other) => Math.abs(value - other)),
  );
  const median = medianOf(distances) ?? Number.NaN;
  return median / (normalMedian * bias(values.length));
}

/** The median distance of two standard normal values: the square root of 2 times their third quartile. */
const normalMedian = 0.953_872_552_1;

function bias(size: number): number {
  return 1 + 0.414_253_297 / size + 0.442_396_799 / size ** 2;
}
