import { describe, expect, it } from "vitest";
import { derivedSeed, maxSeed, shuffled } from "./random.ts";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe("a shuffled list", () => {
  it("holds the same items, and leaves the one it was made of alone", () => {
    const items = upTo(50);
    expect(shuffled(items, 7).toSorted((a, b) => a - b)).toEqual(items);
    expect(items).toEqual(upTo(50));
  });

  it("depends on the seed and on nothing else", () => {
    expect(shuffled(upTo(20), 7)).toEqual(shuffled(upTo(20), 7));
    expect(shuffled(upTo(20), 7)).not.toEqual(shuffled(upTo(20), 8));
  });

  it("puts each of three items in each place about equally often", () => {
    const orders = new Map<string, number>();
    for (const seed of upTo(6_000)) {
      const order = shuffled(["a", "b", "c"], derivedSeed(1, 0) + seed).join("");
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    // 1 000 of each are expected, with a standard deviation of 29.
    for (const count of orders.values()) expect(Math.abs(count - 1_000)).toBeLessThan(6 * 29);
  });

  it.each([0, 1, 2, 5])(
    "tells nothing by seed n of that by seed n + 1, derived %d deep",
    (deep) => {
      const first = (seed: number): string | undefined =>
        shuffled(["a", "b"], deep === 0 ? seed : derivedSeed(seed, deep - 1))[0];
      const same = upTo(4_000).filter((seed) => first(seed) === first(seed + 1)).length;
      // 2 000 are expected, with a standard deviation of 32.
      expect(Math.abs(same - 2_000)).toBeLessThan(6 * 32);
    },
  );

  it.each([[[]], [["only"]]])("of %j is the same", (items) => {
    expect(shuffled(items, 7)).toEqual(items);
  });
});

describe("a derived seed", () => {
  it("is one of its own for each index and each seed", () => {
    const seeds = [0, 1, 2, maxSeed].flatMap((seed) =>
      upTo(100).map((index) => derivedSeed(seed, index)),
    );
    expect(new Set(seeds).size).toBe(seeds.length);
    for (const seed of seeds) {
      expect(Number.isInteger(seed) && seed >= 0 && seed <= maxSeed).toBe(true);
    }
    expect(derivedSeed(7, 42)).toBe(derivedSeed(7, 42));
  });
});

it("derives the same seed in whatever order it is asked", () => {
  const asked = [5, 0, 5, 2].map((index) => derivedSeed(7, index));
  derivedSeed(8, 3);
  expect([5, 0, 5, 2].map((index) => derivedSeed(7, index))).toEqual(asked);
  expect(new Set(asked).size).toBe(3);
});
