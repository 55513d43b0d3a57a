import { expect, test } from "vitest";
import { leastSquares } from "./fit.ts";

function observations(rows: readonly (readonly [number, number, number])[], weight = 1) {
  return rows.map(([first, second, effect]) => ({ first, second, effect, weight }));
}

test("two causes that are exact are found exactly", () => {
  const [a, b] = leastSquares(
    observations([
      [10, 20, 10 * 200 + 20 * 4],
      [10, 200, 10 * 200 + 200 * 4],
      [10, 2_000, 10 * 200 + 2_000 * 4],
    ]),
  );
  expect(a).toBeCloseTo(200, 9);
  expect(b).toBeCloseTo(4, 9);
});

test("the line through worked numbers", () => {
  // y = a + b·x through (1, 1), (2, 2), (3, 2), (1, 1.5): n = 4, Σx = 7, Σx² = 15, Σy = 6.5, Σxy = 12.5.
  const [a, b] = leastSquares(
    observations([
      [1, 1, 1],
      [1, 2, 2],
      [1, 3, 2],
      [1, 1, 1.5],
    ]),
  );
  expect(b).toBeCloseTo(4.5 / 11, 9);
  expect(a).toBeCloseTo(10 / 11, 9);
});

test("causes in the same proportion everywhere are all the first one's", () => {
  const rows = observations([
    [20, 20, 5_720],
    [80, 81, 22_880],
  ]);
  expect(leastSquares(rows)[0]).toBeCloseTo(286, 9);
  expect(leastSquares(rows)[1]).toBe(0);
});

test("a cause that was never there has no share", () => {
  expect(leastSquares(observations([[0, 20, 40]]))).toEqual([0, 2]);
  expect(leastSquares([])).toEqual([0, 0]);
});

test("nothing costs less than nothing", () => {
  const [a, b] = leastSquares(
    observations([
      [10, 10, 100],
      [10, 1_000, 99],
    ]),
  );
  expect(b).toBe(0);
  expect(a).toBeCloseTo(9.95, 9);
});

test("heavier observations count more", () => {
  const [light] = observations([[0, 1, 10]], 1);
  const [heavy] = observations([[0, 1, 20]], 9);
  expect(light !== undefined && heavy !== undefined && leastSquares([light, heavy])).toEqual([
    0, 19,
  ]);
});
