import { histogramOf } from "../bench/measure/histogram.ts";
import type { Phase } from "../bench/results/schema.ts";
import type { Together, TokensMeasured } from "../scenarios/scenario.ts";

export const nothingTogether: Together = {
  tokens: 0,
  apart: 0,
  groups: 0,
  largest: 0,
  longestNs: 0,
  held: { mean: 0, deviation: 0 },
  bytes: { mean: 0, deviation: 0 },
};

/** What scenarios see of the tokens of a phase; nothing came in it but what is given. */
export function measuredTokens(more: Partial<TokensMeasured> = {}): TokensMeasured {
  return {
    requests: 0,
    answers: 0,
    expected: 0,
    received: 0,
    lost: 0,
    wrong: 0,
    again: 0,
    firstToken: () => null,
    answer: () => null,
    meanAnswerNs: null,
    laterThan: () => null,
    longestStallNs: null,
    together: nothingTogether,
    cuts: null,
    ...more,
  };
}

/** What results keep of the tokens of a phase in which one answer of so many came whole. */
export function recordedTokens(
  count: number,
  more: Partial<NonNullable<Phase["tokens"]>> = {},
): NonNullable<Phase["tokens"]> {
  const none = histogramOf([]);
  return {
    requests: 1,
    answers: 1,
    expected: count,
    received: count,
    lost: 0,
    wrong: 0,
    again: 0,
    firstToken: none,
    answer: none,
    longestStallNs: null,
    together: nothingTogether,
    courses: [],
    ...more,
  };
}
