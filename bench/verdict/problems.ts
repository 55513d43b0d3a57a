import { configurationDifferences } from "../results/differences.ts";
import { nearest } from "../errors/errors.ts";
import type { Problem, ProblemCode } from "../results/comparison.ts";
import type { Results, Trial } from "../results/schema.ts";
import { fullName } from "./cell-metrics.ts";
import type { CellMetric } from "./cell-metrics.ts";
import { isInvalidated, whyInvalid } from "./trials.ts";

/** Why a run can't be trusted with a comparison, whatever it is compared with. */
export function runProblems(results: Results, side: "baseline" | "candidate"): Problem[] {
  const { run, cells, trials } = results;
  return [
    ...problemIf(run.status !== "complete", "interrupted", `the ${side} run did not finish`),
    ...problemIf(
      side === "baseline" && run.fault !== null,
      "fault",
      `the baseline was measured with an injected fault: ${run.fault}`,
    ),
    ...trials.flatMap(({ variant, scenario, repetition, outcome }) =>
      outcome.status === "failed" && outcome.by === "server"
        ? problem(
            "failed-trials",
            `${variant}.${scenario}: trial ${repetition} of the ${side} failed: ${outcome.reason}`,
          )
        : [],
    ),
    ...cells.flatMap(({ variant, scenario }) => {
      const own = trials.filter(
        (trial) => trial.variant === variant && trial.scenario === scenario,
      );
      if (own.some(isValid)) return [];
      const why = [...new Set(own.flatMap(whyInvalid))];
      return problem(
        own.length > 0 && own.every(isInvalidated) ? "machine" : "no-valid-trials",
        `${variant}.${scenario}: no valid trial in the ${side}${why.length === 0 ? "" : ` (${why.join(", ")})`}`,
      );
    }),
  ];
}

function isValid({ outcome }: Pick<Trial, "outcome">): boolean {
  return outcome.status === "valid";
}

/** Differences between what two runs were asked to do, which make their numbers answer different questions. */
export function configurationProblems(baseline: Results, candidate: Results): Problem[] {
  const [was, is] = [serverOf(baseline), serverOf(candidate)];
  return [
    ...problemIf(was !== is, "configuration", `the baseline measured ${was}, the candidate ${is}`),
    ...configurationDifferences(baseline, candidate)
      .filter(({ field }) => /^(variants|scenarios)\./.test(field))
      .filter(({ field }) => !field.endsWith(".trials"))
      // Only one of them knows it: a missing cell.
      .filter(({ before, after }) => before !== "present" && after !== "present")
      .filter(({ field }) => matters(field, baseline) || matters(field, candidate))
      .map(({ field, before, after }) =>
        problem(
          "configuration",
          `${field} was ${before ?? "not set"} and is ${after ?? "not set"}`,
        ),
      ),
  ];
}

function serverOf({ run }: Results): string {
  return run.target === null ? "the built-in servers" : "the user's own server";
}

/**
 * Whether a difference affects its scenario: the limit of a search is set for all, and matters only to those that
 * search.
 */
function matters(field: string, { trials }: Results): boolean {
  const [, scenario, setting] = field.split(".");
  return (
    setting !== "maxConnections" ||
    trials.some(
      (trial) => trial.scenario === scenario && trial.figures.some(({ key }) => key === "held"),
    )
  );
}

/** Cells of the baseline that the candidate lacks. */
export function missingCells(
  baseline: readonly CellName[],
  candidate: readonly CellName[],
): Problem[] {
  const names = new Set(candidate.map(cellName));
  return baseline
    .filter((cell) => !names.has(cellName(cell)))
    .map((cell) => {
      const others = candidate.filter(({ scenario }) => scenario === cell.scenario);
      const near = relatives(cell, others.length > 0 ? others : candidate);
      return problem("missing-cell", `${cellName(cell)} is missing from the candidate${near}`);
    });
}

/** Gating metrics that the candidate lacks in cells that both sides have, one problem a phase. */
export function missingMetrics(missing: readonly CellMetric[], { trials }: Results): Problem[] {
  const names = new Set(trials.filter(isValid).map(cellName));
  const places = new Map<string, string[]>();
  for (const metric of missing.filter((gone) => names.has(cellName(gone)))) {
    const place = fullName(metric).slice(0, -metric.metric.length - 1);
    places.set(place, [...(places.get(place) ?? []), metric.metric]);
  }
  return [...places].map(([place, metrics]) =>
    problem("missing-metric", `${place}: the candidate has no ${metrics.join(", ")}`),
  );
}

/** Values that aren't numbers, or can't be divided by. */
export function valueProblems(metrics: readonly CellMetric[], side: string): Problem[] {
  return metrics.flatMap((metric) => {
    const wrong = unusable(metric);
    if (wrong === undefined) return [];
    const text = `${fullName(metric)} is ${wrong.value} in trial ${wrong.repetition} of the ${side}`;
    return [problem("not-a-number", text)];
  });
}

/** The metrics that can be judged on both sides. */
export function usableOf(
  baseline: readonly CellMetric[],
  candidate: readonly CellMetric[],
): { before: CellMetric[]; now: CellMetric[] } {
  const wrong = new Set(
    [...baseline, ...candidate].filter((metric) => unusable(metric) !== undefined).map(fullName),
  );
  const isUsable = (metric: CellMetric): boolean => !wrong.has(fullName(metric));
  return { before: baseline.filter(isUsable), now: candidate.filter(isUsable) };
}

function unusable({ tier, values }: CellMetric): CellMetric["values"][number] | undefined {
  return values.find(({ value }) => !Number.isFinite(value) || (tier === 1 && value <= 0));
}

interface CellName {
  readonly variant: string;
  readonly scenario: string;
}

function cellName({ variant, scenario }: CellName): string {
  return `${variant}.${scenario}`;
}

/** What the candidate has instead: of the same transport, else with a name like it, else all there is. */
function relatives({ variant }: CellName, others: readonly CellName[]): string {
  const names = [...new Set(others.map((other) => other.variant))];
  const family = names.filter((name) => transportIn(name) === transportIn(variant));
  const near = names.filter((name) => nearest(variant, [name]) !== "");
  const meant = [family, near].find(({ length }) => length > 0) ?? names;
  return meant.length === 0 ? "" : `, which has ${meant.join(", ")}`;
}

function transportIn(variant: string): string {
  return variant.replace(/[:@+].*$/, "");
}

function problemIf(condition: boolean, code: ProblemCode, text: string): Problem[] {
  return condition ? [problem(code, text)] : [];
}

function problem(code: ProblemCode, text: string): Problem {
  return { code, text };
}
