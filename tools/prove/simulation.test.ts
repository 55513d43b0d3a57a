import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { defaultLimits } from "../../bench/verdict/stopping-rule.ts";
import { naiveRules } from "./naive-rules.ts";
import { fixedCheck, sequentialCheck } from "./simulated-check.ts";
import type { CheckOutcome } from "./simulated-check.ts";
import { shapes, trialsOf } from "./world.ts";
import type { World } from "./world.ts";

/** How many of a number of seeded checks end in this way. */
function countOf(checks: number, world: World, verdict: CheckOutcome["verdict"], seed = 1): number {
  const generator = xoroshiro128plus(seed);
  const outcomes = Array.from({ length: checks }, () =>
    sequentialCheck(world, defaultLimits, generator),
  );
  return outcomes.filter((outcome) => outcome.verdict === verdict).length;
}

describe("the rule, on simulated trials", () => {
  it.each(Object.values(shapes))("fails no unchanged server in 100 checks: $name", (shape) => {
    expect(countOf(100, { noise: 0.1, shape, change: 0 }, "regressed")).toBe(0);
  });

  it("finds a worsening of 20 % where trials scatter by 5 %", () => {
    const world = { noise: 0.05, shape: shapes.calm, change: 0.2 };
    expect(countOf(100, world, "regressed")).toBeGreaterThanOrEqual(98);
    const generator = xoroshiro128plus(2);
    const tenPairs = Array.from({ length: 100 }, () =>
      fixedCheck(world, 10, defaultLimits, generator),
    );
    expect(tenPairs.filter(({ verdict }) => verdict === "regressed").length).toBeGreaterThan(95);
  });

  it("passes hardly any worsening of 30 %, whatever the weather", () => {
    const world = { noise: 0.1, shape: shapes.rough, change: 0.3 };
    expect(countOf(100, world, "pass")).toBeLessThanOrEqual(3);
  });

  it("says where noise is too much for it", () => {
    const world = { noise: 0.3, shape: shapes.calm, change: 0 };
    expect(countOf(50, world, "inconclusive")).toBeGreaterThan(45);
  });

  it("is done early where nothing has changed and little scatters", () => {
    const world = { noise: 0.02, shape: shapes.drift, change: 0 };
    const { pairs, verdict } = sequentialCheck(world, defaultLimits, xoroshiro128plus(1));
    expect({ pairs, verdict }).toEqual({ pairs: 7, verdict: "pass" });
  });
});

describe("simulated trials", () => {
  it.each(Object.values(shapes).filter(({ stalls }) => stalls === 0))(
    "scatter and hang together as they say: $name",
    (shape) => {
      const trials = trialsOf({ noise: 0.1, shape, change: 0 }, xoroshiro128plus(4));
      const levels = Array.from({ length: 20_000 }, () => trials()[0] ?? Number.NaN);
      const squares = levels.reduce((total, level) => total + level ** 2, 0);
      const next = levels.reduce((total, level, at) => total + level * (levels[at + 1] ?? 0), 0);
      expect(Math.sqrt(squares / levels.length)).toBeGreaterThan(0.09);
      expect(Math.sqrt(squares / levels.length)).toBeLessThan(0.11);
      expect(next / squares).toBeGreaterThan(shape.persistence - 0.06);
      expect(next / squares).toBeLessThan(shape.persistence + 0.06);
    },
  );
});

describe("other rules", () => {
  it("cry wolf where this one doesn't", () => {
    const generator = xoroshiro128plus(3);
    const world = { noise: 0.2, shape: shapes.rough, change: 0 };
    const alarms = naiveRules.map(
      (rule) =>
        Array.from({ length: 100 }, () => rule.alarms(world, generator)).filter(Boolean).length,
    );
    const [pooled = 0, single = 0, blocks = 0, paired = 0] = alarms;
    expect(pooled).toBeGreaterThan(50);
    expect(single).toBeGreaterThan(10);
    expect(blocks).toBeGreaterThan(1);
    expect(paired).toBeLessThanOrEqual(3);
  });
});
