import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { normal } from "./random.ts";
import { savings } from "./factorial.ts";
import type { Pair } from "./factorial.ts";

const same = (first: number, second: number, trials = 3): Pair[] =>
  Array.from({ length: trials }, () => ({ first, second }));

describe("a 2 × 2 design", () => {
  it("splits what both save into what each does", () => {
    const saved = savings({ first: same(100, 70), second: same(80, 50) }, 1);
    expect(saved?.between.median).toBe(20);
    expect(saved?.within.median).toBe(30);
    expect(saved?.both.median).toBe(50);
    expect(saved?.interaction.median).toBe(0);
  });

  it("splits what they only save together evenly, and tells how much that is", () => {
    const saved = savings({ first: same(100, 100), second: same(100, 60) }, 1);
    expect(saved?.between.median).toBe(20);
    expect(saved?.within.median).toBe(20);
    expect(saved?.both.median).toBe(40);
    expect(saved?.interaction.median).toBe(-40);
  });

  it("has no interval of a single trial, and nothing without one at either level", () => {
    expect(savings({ first: same(4, 3, 1), second: same(2, 1, 1) }, 1)?.both.interval).toBeNull();
    expect(savings({ first: same(4, 3), second: [] }, 1)).toBeNull();
  });

  it("gives the same interval for the same trials and seed", () => {
    const first = [90, 100, 115].map((value) => ({ first: value, second: value - 30 }));
    const design = { first, second: same(80, 50) };
    expect(savings(design, 7)).toEqual(savings(design, 7));
    expect(savings(design, 7)?.within.interval).toMatchObject({ low: 30, high: 30 });
    expect(savings(design, 7)?.between.interval).toEqual({ low: 10, high: 35, confidence: 0.75 });
  });

  it("holds what is saved in nearly all of many experiments, whatever trials have in common", () => {
    const generator = xoroshiro128plus(20_261_127);
    const trialsOf = (first: number, second: number): Pair[] =>
      Array.from({ length: 8 }, () => {
        const common = 10 * normal(generator);
        const noisy = (value: number): number => value + common + normal(generator);
        return { first: noisy(first), second: noisy(second) };
      });
    const experiments = 60;
    const held = { between: 0, within: 0, both: 0 };
    for (let seed = 0; seed < experiments; seed += 1) {
      const saved = savings({ first: trialsOf(100, 80), second: trialsOf(70, 40) }, seed);
      const truth = { between: 35, within: 25, both: 60 };
      for (const part of ["between", "within", "both"] as const) {
        const { low = 0, high = 0 } = saved?.[part].interval ?? {};
        if (low <= truth[part] && truth[part] <= high) held[part] += 1;
      }
    }
    for (const count of Object.values(held)) expect(count / experiments).toBeGreaterThan(0.93);
  });
});
