import type { CheckSettings } from "../settings/check-settings.ts";
import type { BudgetOutcome, Change, Comparison } from "../results/comparison.ts";
import type { Results } from "../results/schema.ts";
import { beyondClocks } from "../results/clock-bound.ts";
import { changeOf, isTooUnclear, notJudged, unclear } from "./change.ts";
import { changesBetween } from "./judge-changes.ts";
import type { GatingPair, TimedJudge } from "./judge-changes.ts";
import { compareEnvironments, nodeMajor } from "./environments.ts";
import { judgeInterleaved } from "./paired-metrics.ts";
import { fullName, cellMetricsOf } from "./cell-metrics.ts";
import { withOutcome } from "./outcome.ts";
import {
  configurationProblems,
  missingCells,
  missingMetrics,
  runProblems,
  usableOf,
  valueProblems,
} from "./problems.ts";
import type { Judgement } from "./evidence.ts";
import { judgeSeparate } from "./judge-separate-runs.ts";
import { countedTrials } from "./trials.ts";

export interface ComparisonOptions {
  readonly kind: Comparison["kind"];
  /** The command that repeats the comparison. */
  readonly command: string;
  readonly settings: CheckSettings;
  /** What the user calls the two sides. */
  readonly labels: { readonly baseline: string; readonly candidate: string };
  /** Judgements of the interleaved pairs, where they have been made already. */
  readonly judgements?: readonly Judgement[];
  readonly pairs?: Comparison["pairs"];
  readonly budgets?: readonly BudgetOutcome[];
}

/** Compares two runs: counted metrics exactly, timed ones as far as the runs' environments allow. */
export function comparisonOf(
  baseline: Results,
  candidate: Results,
  { kind, command, settings, labels, judgements, pairs, budgets = [] }: ComparisonOptions,
): Comparison {
  const environment = compareEnvironments(baseline, candidate);
  const known = { before: cellMetricsOf(baseline), now: cellMetricsOf(candidate) };
  const session = judgeInterleaved(baseline, candidate, settings);
  const usable = usableOf(known.before, known.now);
  const changes = changesBetween(usable.before, usable.now, {
    settings,
    sameNode: nodeMajor(baseline) === nodeMajor(candidate),
    judgeTimed: timedJudge(judgements ?? session?.judgements, environment.sameMachine),
  });
  const configuration = configurationProblems(baseline, candidate);
  const problems = [
    ...runProblems(baseline, "baseline"),
    ...runProblems(candidate, "candidate"),
    ...missingCells(baseline.cells, candidate.cells),
    ...configuration,
    // What was asked for differently has other phases.
    ...(configuration.length === 0 ? missingMetrics(changes.missing, candidate) : []),
    ...valueProblems(known.before, "baseline"),
    ...valueProblems(known.now, "candidate"),
  ];
  return withOutcome({
    kind,
    command,
    baseline: sourceOf(baseline, labels.baseline),
    candidate: sourceOf(candidate, labels.candidate),
    environment,
    problems,
    changes: changes.changes,
    budgets: [...budgets],
    pairs: pairs ?? session?.pairs ?? null,
  });
}

/** Judges by pairs where there are any, else by both runs if they share a machine; otherwise not at all. */
function timedJudge(known: readonly Judgement[] | undefined, sameMachine: boolean): TimedJudge {
  if (known !== undefined) {
    return unlessUnclear((pairs) => pairs.map((pair) => changeBy(known, pair)));
  }
  if (sameMachine) return unlessUnclear(judgeSeparate);
  const reason = "timing from different machines, which is not judged";
  return (pairs) =>
    pairs.map((pair) => notJudged(pair.baseline, pair.candidate, pair.tolerance, reason));
}

/** Judges what clocks tell well enough, on both sides. */
function unlessUnclear(judge: TimedJudge): TimedJudge {
  const isUnclear = ({ baseline, candidate }: GatingPair): boolean =>
    isTooUnclear(baseline) || isTooUnclear(candidate);
  return (pairs) => [
    ...judge(pairs.filter((pair) => !isUnclear(pair))),
    ...pairs
      .filter(isUnclear)
      .map(({ baseline, candidate, tolerance }) =>
        unclear(baseline, candidate, tolerance, `can't tell: ${beyondClocks}`),
      ),
  ];
}

function changeBy(judgements: readonly Judgement[], pair: GatingPair): Change {
  const { baseline, candidate, tolerance } = pair;
  const judgement = judgements.find(({ name }) => name === fullName(candidate));
  const facts = { ...changeOf(baseline, candidate), gating: true, margin: tolerance };
  if (judgement === undefined) {
    return unclear(baseline, candidate, tolerance, "no pair was judged");
  }
  const { ratio, pValue, detectable, verdict, reason } = judgement;
  return { ...facts, ratio, pValue, detectable, verdict, reason };
}

/** What a comparison says about one of its runs. */
export function sourceOf(results: Results, label: string): Comparison["baseline"] {
  const { commit } = results.environment.software;
  return {
    label,
    startedAt: results.run.startedAt,
    trials: countedTrials(results),
    commit: commit?.hash ?? null,
  };
}
