import { describe, expect, it } from "vitest";
import type { Precision, PrecisionStatus } from "../bench/results/recorded-config.ts";
import { precisionSentences } from "./precision.ts";

function statusOf(variant: string, overrides: Partial<PrecisionStatus> = {}): PrecisionStatus {
  return {
    scenario: "latency",
    variant,
    key: "p50",
    state: "precise",
    halfWidthPercent: 2.5,
    trials: 6,
    why: null,
    ...overrides,
  };
}

function told(overrides: Partial<Precision>): string[] {
  return precisionSentences({
    targetPercent: 5,
    metric: null,
    timeLimitMs: 600_000,
    ended: "reached",
    cells: [statusOf("sse"), statusOf("websocket")],
    ...overrides,
  });
}

const wide = statusOf("sse", { state: "wide", halfWidthPercent: 7.123, trials: 9 });
const narrow = statusOf("websocket");

describe("the precision is told", () => {
  it("when it was reached", () => {
    expect(told({})).toEqual([
      "precision of ±5.00 % for the headline figures: reached in 2 of 2 cells.",
    ]);
  });

  it("with the cells that were too wide when time was over", () => {
    expect(told({ ended: "time limit", cells: [wide, narrow], metric: "p50" })).toEqual([
      "precision of ±5.00 % for p50: reached in 1 of 2 cells when the time limit of 10 min 0 s was over.",
      "too wide: latency sse, p50 (±7.12 % over 9 valid trials).",
    ]);
  });

  it("with the reason where there is no width", () => {
    const none = statusOf("sse", {
      state: "wide",
      halfWidthPercent: null,
      trials: 0,
      why: "no valid trial",
    });
    expect(told({ ended: "interrupted", cells: [none] })).toEqual([
      "precision of ±5.00 % for the headline figures: reached in 0 of 1 cells when it was interrupted.",
      "too wide: latency sse, p50 (no valid trial).",
    ]);
  });

  it("with the cells in which no number of trials would do", () => {
    const hopeless = statusOf("sse", {
      state: "hopeless",
      halfWidthPercent: null,
      why: "only known to be at least that much",
    });
    expect(told({ ended: "can't be reached", cells: [narrow, hopeless] })).toEqual([
      "precision of ±5.00 % for the headline figures: reached in 1 of 2 cells, and can't be in the others.",
      "no number of trials would do: latency sse, p50 (only known to be at least that much).",
    ]);
  });

  it("with the first of many cells, and how many more there are", () => {
    const cells = Array.from({ length: 9 }, (_, index) => ({ ...wide, variant: `v${index}` }));
    const [, line = ""] = told({ ended: "time limit", cells });
    expect(line).toMatch(/^too wide: latency v0, .*, latency v5, p50 \([^)]*\) and 3 more\.$/);
  });

  it("neither where none was asked for, nor while the run goes on", () => {
    expect(precisionSentences(null)).toEqual([]);
    expect(told({ ended: null, cells: [] })).toEqual([]);
  });
});
