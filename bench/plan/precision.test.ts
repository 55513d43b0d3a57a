import { describe, expect, it } from "vitest";
import { figureOf, trialOf, trialsOf } from "../../test/results-fixture.ts";
import { precisionOf, precisionStatusOf } from "./precision.ts";
import type { Precision, PrecisionStatus } from "../results/recorded-config.ts";
import type { Figure, TrialOutcome, Trial } from "../results/schema.ts";

const goal = { scenario: "latency", variant: "sse", key: "p50" };

function statusOf(trials: readonly Trial[], targetPercent = 5): Partial<PrecisionStatus> {
  const {
    state,
    halfWidthPercent,
    trials: valid,
    why,
  } = precisionStatusOf(goal, targetPercent, trials, 1);
  return { state, halfWidthPercent, trials: valid, why };
}

function valued(values: readonly Figure["value"][], overrides: Partial<Figure> = {}): Trial[] {
  return trialsOf("sse", "p50", values, overrides);
}

function ended(outcome: TrialOutcome): Trial {
  return trialOf("sse", { outcome, figures: [figureOf("p50", 1_000)] });
}

const failed: TrialOutcome = { status: "failed", by: "server", reason: "it died", stderr: "" };

describe("a cell", () => {
  it.each([
    ["narrow enough", [95, 95, 95, 105, 105, 105], "precise", 5],
    ["a bit too wide", [94, 94, 94, 106, 106, 106], "wide", 6],
    ["narrow in too few trials", [99, 99, 101, 101], "wide", 1],
    ["without any width", [7, 7, 7, 7, 7, 7], "precise", 0],
    ["without any width, of nothing", [0, 0, 0, 0, 0, 0], "precise", 0],
    ["of negative values", [-95, -95, -95, -105, -105, -105], "precise", 5],
  ] as const)("with an interval %s (%j) is %s", (_what, values, state, halfWidthPercent) => {
    const trials = values.length;
    const { halfWidthPercent: width, ...rest } = statusOf(valued(values));
    expect(rest).toEqual({ state, trials, why: null });
    expect(width).toBeCloseTo(halfWidthPercent, 10);
  });

  it.each([
    ["nothing was played", [], "wide", "no valid trial"],
    ["one trial says nothing of the others", valued([1]), "wide", "a single valid trial"],
    ["there is no share of 0", valued([0, 0, 0, 0, 1, 1]), "wide", "the median is 0"],
    [
      "the figure is a limit that wasn't its own",
      valued([9, 9, 9, 9, 9, 9], { bound: "at least" }),
      "hopeless",
      "only known to be at least that much",
    ],
    ["it is a text", valued(["EMFILE"]), "hopeless", "not a number in every trial"],
    ["it could not be had", valued([1, null]), "hopeless", "not a number in every trial"],
    [
      "it wasn't stated",
      [...valued([1]), trialOf("sse", { repetition: 2 })],
      "hopeless",
      "not a number in every trial",
    ],
    [
      "it fails and fails",
      [...valued([1, 1]), ended(failed), ended(failed)],
      "hopeless",
      "failed twice in succession",
    ],
  ] as const)("has no width when %s, and says so", (_when, trials, state, why) => {
    const valid = trials.filter(({ outcome }) => outcome.status === "valid").length;
    expect(statusOf(trials)).toEqual({ state, halfWidthPercent: null, trials: valid, why });
  });

  it("rests on its own valid trials alone", () => {
    const others = [
      ended({ status: "invalid" }),
      ended(failed),
      ended({ status: "interrupted" }),
      ...trialsOf("websocket", "p50", [5_000]),
      trialOf("sse", { scenario: "echo", figures: [figureOf("p50", 9_000)] }),
      trialOf("sse", { repetition: 6, figures: [figureOf("p90", 9_000), figureOf("p50", 100)] }),
    ];
    const trials = [...valued([100, 100, 100, 100, 100]), ...others];
    expect(statusOf(trials)).toEqual({
      state: "precise",
      halfWidthPercent: 0,
      trials: 6,
      why: null,
    });
  });
});

describe("the precision in the results", () => {
  const wanted = { targetPercent: 5, metric: null, timeLimitMs: 1_000 };
  const websocket = { ...goal, variant: "websocket" };

  function outcome(trials: readonly Trial[], status: "running" | "complete" | "interrupted") {
    return precisionOf(wanted, 1, [goal, websocket], trials, status);
  }

  const sse = valued([1, 1, 1, 1, 1, 1]);

  it.each([
    ["reached", trialsOf("websocket", "p50", [2, 2, 2, 2, 2, 2])],
    ["time limit", trialsOf("websocket", "p50", [2, 2])],
    ["can't be reached", trialsOf("websocket", "p50", [2], { bound: "at least" })],
  ] as const)("ended because: %s", (end, others) => {
    const { ended, cells } = outcome([...sse, ...others], "complete");
    expect(ended).toBe(end);
    expect(cells.map(({ variant, trials }) => `${variant} ${trials}`)).toEqual([
      "sse 6",
      `websocket ${others.length}`,
    ]);
  });

  it("was interrupted, whatever had been reached", () => {
    expect(outcome(sse, "interrupted").ended).toBe("interrupted");
  });

  it("is open while the run goes on", () => {
    const open: Precision = {
      targetPercent: 5,
      metric: null,
      timeLimitMs: 1_000,
      ended: null,
      cells: [],
    };
    expect(outcome(sse, "running")).toEqual(open);
  });
});
