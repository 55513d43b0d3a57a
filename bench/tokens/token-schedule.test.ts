import { describe, expect, test } from "vitest";
import { answerSeed } from "./answer-seed.ts";
import { tokenOffsetsNs } from "./token-schedule.ts";

const answer = { tokens: 400, tokensPerSecond: 80 };

describe("the schedule of an answer", () => {
  test("has the same mean rate whatever is drawn", () => {
    for (const seed of [1, 2, 3]) {
      const offsets = tokenOffsetsNs(answer, answerSeed(7, seed, 0));
      expect(offsets[0]).toBe(0);
      expect(offsets.at(-1)).toBe((399 * 1e9) / 80);
    }
  });

  test("is the same wherever it is reckoned, and another for each client and request", () => {
    const offsets = tokenOffsetsNs(answer, answerSeed(7, 1, 2));
    expect(tokenOffsetsNs(answer, answerSeed(7, 1, 2))).toEqual(offsets);
    expect(tokenOffsetsNs(answer, answerSeed(7, 1, 3))).not.toEqual(offsets);
    expect(tokenOffsetsNs(answer, answerSeed(7, 2, 2))).not.toEqual(offsets);
  });

  test("has bursts and pauses, and never goes back", () => {
    const offsets = tokenOffsetsNs({ tokens: 5_000, tokensPerSecond: 80 }, 1);
    const gaps = Array.from(offsets.subarray(1), (offset, index) => offset - (offsets[index] ?? 0));
    const share = (which: (gap: number) => boolean): number =>
      gaps.filter(which).length / gaps.length;
    expect(share((gap) => gap < 0)).toBe(0);
    // 8 % of the steps bring 2.5 more tokens each: these are a sixth of all.
    expect(share((gap) => gap === 0)).toBeCloseTo(1 / 6, 1);
    expect(share((gap) => gap > 4 * (1e9 / 80))).toBeGreaterThan(0.003);
  });

  test("of a single token is that token", () => {
    expect([...tokenOffsetsNs({ tokens: 1, tokensPerSecond: 80 }, 1)]).toEqual([0]);
  });
});
