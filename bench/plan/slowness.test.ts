import { describe, expect, it } from "vitest";
import { learnt, ownSlowness } from "./slowness.ts";

describe("what is learnt about a machine", () => {
  it("is the guess while nothing was played, and halfway after the first trial", () => {
    expect([learnt(2, []), learnt(2, [4])]).toEqual([2, 3]);
  });

  it("is what most trials have shown", () => {
    expect(learnt(1, [4, 4])).toBe(4);
    expect(learnt(1, [4, 90, 5, 4.5])).toBe(4.5);
  });

  it("has bounds, whatever came", () => {
    expect(learnt(0, [])).toBe(0.2);
    expect(learnt(1_000, [1_000])).toBe(20);
  });
});

it("a machine has a slowness of its own, before anything is played", () => {
  expect(ownSlowness).toBeGreaterThanOrEqual(0.2);
  expect(ownSlowness).toBeLessThanOrEqual(20);
});
