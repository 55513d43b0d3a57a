import { describe, expect, it } from "vitest";
import { figureOf, phaseOf, resultsOf, trialOf, trialsOf } from "../../test/results-fixture.ts";
import type { Figure } from "../results/schema.ts";
import { cellMetricsOf } from "../verdict/cell-metrics.ts";
import { budgetOutcomes } from "./budget-outcome.ts";
import { parseBudget } from "./budgets.ts";

function outcomeOf(
  text: string,
  values: readonly number[],
  { key, ...overrides }: Partial<Figure> & Pick<Figure, "key">,
): string | undefined {
  const metrics = cellMetricsOf(resultsOf(trialsOf("sse", key, values, overrides)));
  return budgetOutcomes(parseBudget(text), metrics, metrics)[0]?.outcome;
}

const six = [4, 4.5, 5, 5.5, 6, 6.5] as const;

describe("a budget on timing", () => {
  const p99 = { key: "delivery.p99", unit: "ns", phase: "steady" } as const;
  const nanoseconds = six.map((ms) => ms * 1e6);

  it.each([
    ["p99 <= 7ms", "kept"],
    ["p99 < 7ms", "kept"],
    ["p99 <= 5.2ms", "unclear"],
    ["p99 <= 3ms", "exceeded"],
    ["p99 >= 3ms", "kept"],
    ["p99 >= 5.2ms", "unclear"],
    ["p99 > 8ms", "exceeded"],
    ["p99 == 9ms", "exceeded"],
    ["p99 == 5ms", "unclear"],
  ])("is judged on the interval: %s is %s", (text, outcome) => {
    expect(outcomeOf(text, nanoseconds, p99)).toBe(outcome);
  });

  it("takes six trials", () => {
    expect(outcomeOf("p99 <= 7ms", nanoseconds.slice(1), p99)).toBe("unclear");
  });
});

describe("a budget on what no server may do", () => {
  it("is neither kept nor broken by what happened in a trial that the machine has invalidated", () => {
    const { deliveries } = phaseOf();
    const lossy = [phaseOf({ deliveries: { ...deliveries, lost: 4 } })];
    const trials = [
      trialOf("sse", { phases: [phaseOf()] }),
      trialOf("sse", { repetition: 2, outcome: { status: "invalid" }, phases: lossy }),
    ];
    const metrics = cellMetricsOf(resultsOf(trials));
    expect(budgetOutcomes(parseBudget("loss == 0"), metrics, metrics)).toMatchObject([
      {
        outcome: "unclear",
        reason: expect.stringMatching(/^0 % in all trials, but 10 % in trial 2/),
      },
    ]);
  });
});

describe("a budget on what is counted", () => {
  const overhead = { key: "overhead", unit: "bytes" } as const;

  it.each([
    ["overhead <= 6.5", "kept"],
    ["overhead < 6.5", "exceeded"],
    ["overhead >= 4.1", "exceeded"],
    ["overhead == 5", "exceeded"],
  ])("is judged on the worst trial: %s is %s", (text, outcome) => {
    expect(outcomeOf(text, six, overhead)).toBe(outcome);
  });

  it.each([
    ["held >= 1000", "kept"],
    ["held >= 2000", "unclear"],
    ["held == 1000", "unclear"],
    ["held <= 2000", "unclear"],
    ["held <= 500", "exceeded"],
  ])("knows that at least 1000 may be more: %s is %s", (text, outcome) => {
    const held = { key: "held", unit: "count", better: "higher", bound: "at least" } as const;
    expect(outcomeOf(text, [1_000, 1_000], held)).toBe(outcome);
    if (text === "held >= 2000") {
      expect(outcomeOf(text, [1_000, 1_000], { ...held, bound: "exact" })).toBe("exceeded");
    }
  });

  it.each([
    ["held >= 968", "kept"],
    ["held >= 990", "unclear"],
    ["held >= 999", "unclear"],
    ["held >= 1000", "exceeded"],
    ["held <= 999", "kept"],
    ["held <= 980", "unclear"],
    ["held == 990", "unclear"],
    ["held == 1000", "exceeded"],
  ])("knows what lies within a search's range, 968 to 999: %s is %s", (text, outcome) => {
    const held = {
      key: "held",
      unit: "count",
      better: "higher",
      bound: "range",
      most: 999,
    } as const;
    expect(outcomeOf(text, [968, 968], held)).toBe(outcome);
  });

  it("isn't kept where nothing was measured", () => {
    const planned = cellMetricsOf(resultsOf(trialsOf("sse", "overhead", [1])));
    const [outcome] = budgetOutcomes(parseBudget("overhead <= 5"), planned, []);
    expect(outcome).toMatchObject({ outcome: "unclear", value: null });
  });

  it("isn't kept by what is no number", () => {
    const figures = [figureOf("overhead", Number.NaN)];
    const metrics = cellMetricsOf(
      resultsOf(trialsOf("sse", "overhead", [1]).map((trial) => Object.assign(trial, { figures }))),
    );
    expect(budgetOutcomes(parseBudget("overhead >= 0"), metrics, metrics)[0]?.outcome).toBe(
      "unclear",
    );
  });
});
