import type { BudgetOutcome, Change, Comparison, Verdict } from "../../bench/results/comparison.ts";
import { gridText, onLines, cellLines } from "../grid.ts";
import { defaultWidth, wrapped } from "../../bench/text/wrapped.ts";
import { defineComparisonReport } from "./comparison-report.ts";
import { groupsOf, reasonsOf } from "./groups.ts";
import type { Tier } from "./groups.ts";
import { budgetValueText, changeCells, changeHeads } from "../../bench/text/quantity.ts";
import {
  detectableSentence,
  memorySentence,
  machineSentence,
  outcomeSentence,
  pairsSentence,
  passedSentence,
  ratioSentence,
  trialsSentences,
} from "./sentences.ts";

type Outcome = Comparison["outcome"];
type Paint = (text: string, outcome: Verdict | Outcome | BudgetOutcome["outcome"]) => string;

export const terminal = defineComparisonReport({
  render(
    comparison: Comparison,
    { colour, width = defaultWidth }: { readonly colour: boolean; readonly width?: number },
  ) {
    const paint: Paint = (text, outcome) => (colour ? painted(text, outcome) : text);
    const { counted, timed, broken, kept } = groupsOf(comparison);
    return [
      ...headLines(comparison, paint, width),
      ...comparison.problems.flatMap(({ code, text }) => wrapped(`${code}: ${text}`, "- ", width)),
      "",
      ...tierLines(
        "COUNTED  the same on every machine",
        "counted",
        counted,
        [memorySentence(comparison)],
        paint,
        width,
      ),
      ...tierLines(
        "TIMED  judged on one machine only",
        "timed",
        timed,
        [pairsSentence(comparison), ratioSentence(comparison), detectableSentence(comparison)],
        paint,
        width,
      ),
      ...budgetLines(broken, kept, paint, width),
      ...environmentLines(comparison, width),
      ...wrapped(comparison.command, "Repeat: ", width),
    ].join("\n");
  },
});

function headLines(comparison: Comparison, paint: Paint, width: number): string[] {
  const { outcome, kind } = comparison;
  const word = outcome.toUpperCase();
  const [first = "", ...more] = wrapped(
    `bench ${kind}: ${outcomeSentence(comparison)}`,
    `${word}  `,
    width,
  );
  return [
    paint(word, outcome) + first.slice(word.length),
    ...more,
    ...sourceLines("baseline", comparison.baseline, width),
    ...sourceLines("candidate", comparison.candidate, width),
    ...trialsSentences(comparison).flatMap((sentence) => wrapped(sentence, "", width)),
  ];
}

function sourceLines(
  name: "baseline" | "candidate",
  { label, startedAt, commit }: Comparison["baseline"],
  width: number,
): string[] {
  const parts = [
    label,
    ...(commit === null ? [] : [`commit ${commit.slice(0, 12)}`]),
    ...(startedAt === null ? [] : [`started ${startedAt}`]),
  ];
  return wrapped(parts.join(", "), `${name}:`.padEnd(11), width);
}

function tierLines(
  title: string,
  kind: "counted" | "timed",
  tier: Tier,
  remarks: readonly (string | null)[],
  paint: Paint,
  width: number,
): string[] {
  const { changed, passed, shown } = tier;
  if (changed.length + passed.length + shown.length === 0) return [];
  const passing = passedSentence(kind, tier);
  return [
    title,
    ...changesLines(changed, paint, width),
    ...(passing === null ? [] : wrapped(passing, "", width)),
    ...(shown.length === 0 ? [] : ["Shown, and not judged:", ...changesLines(shown, paint, width)]),
    ...remarks.flatMap((remark) => (remark === null ? [] : wrapped(remark, "", width))),
    "",
  ];
}

/** A table, and below it why. */
function changesLines(changes: readonly Change[], paint: Paint, width: number): string[] {
  if (changes.length === 0) return [];
  const rows = changes.map((change) => [
    `${change.metric}\n${cellLines(change)}`,
    ...changeCells(change),
    paint(change.verdict, change.verdict),
  ]);
  return [
    gridText([["", ...changeHeads, "verdict"], ...rows], 0, width),
    ...reasonsOf(changes).flatMap((reason) => wrapped(reason, "- ", width)),
  ];
}

function budgetLines(
  broken: readonly BudgetOutcome[],
  kept: readonly BudgetOutcome[],
  paint: Paint,
  width: number,
): string[] {
  if (broken.length + kept.length === 0) return [];
  const places = [
    ...broken.map((budget) => ({ budget, others: 0 })),
    ...[...new Set(kept.map(({ budget }) => budget))].map((text) =>
      tightest(kept.filter(({ budget }) => budget === text)),
    ),
  ];
  const rows = places.map(({ budget, others }) => [
    onLines(budget.budget, 40),
    cellLines(budget) + (others === 0 ? "" : `\nand ${others} more`),
    budgetValueText(budget),
    paint(budget.outcome, budget.outcome),
  ]);
  return [
    "BUDGETS",
    gridText([["", "in", "measured", "outcome"], ...rows], 0, width),
    ...broken.flatMap(({ budget, reason }) => wrapped(`${budget}: ${reason}`, "- ", width)),
    "",
  ];
}

/** Where a budget is kept everywhere, the place with the least left of it speaks for all. */
function tightest(kept: readonly BudgetOutcome[]): { budget: BudgetOutcome; others: number } {
  const left = ({ limit, value }: BudgetOutcome): number =>
    value === null ? Number.POSITIVE_INFINITY : Math.abs(limit - value.level);
  const budget = kept.reduce((least, budget) => (left(budget) < left(least) ? budget : least));
  return { budget, others: kept.length - 1 };
}

function environmentLines(comparison: Comparison, width: number): string[] {
  const { differences } = comparison.environment;
  const rows = differences.map(({ name, baseline, candidate }) => [
    onLines(name, 32),
    onLines(baseline, 29),
    onLines(candidate, 29),
  ]);
  const table =
    rows.length === 0 ? [] : [gridText([["", "baseline", "candidate"], ...rows], 0, width)];
  const sentence = machineSentence(comparison);
  return sentence === "" ? [] : [...wrapped(sentence, "", width), ...table, ""];
}

const red = 31;
const yellow = 33;
const green = 32;

/** Words say it all; colour only leads the eye. */
function painted(text: string, outcome: Verdict | Outcome | BudgetOutcome["outcome"]): string {
  if (outcome === "shown" || outcome === "kept") return text;
  const bad = outcome === "regressed" || outcome === "failed" || outcome === "exceeded";
  const doubtful = outcome === "inconclusive" || outcome === "unclear";
  const code = bad ? red : doubtful ? yellow : green;
  return `\u001B[${code}m${text}\u001B[39m`;
}
