import { capital, countOf } from "../../bench/text/format.ts";
import type { BudgetOutcome, Change, Comparison } from "../../bench/results/comparison.ts";
import { brief, escaped, fenced } from "../markdown/escaped.ts";
import { folded, fitted } from "../markdown/sections.ts";
import type { Section } from "../markdown/sections.ts";
import { gridText } from "../markdown/table.ts";
import { defineComparisonReport } from "./comparison-report.ts";
import { groupsOf, reasonsOf } from "./groups.ts";
import type { Groups, Tier } from "./groups.ts";
import { cellOf } from "../../bench/results/comparison.ts";
import { budgetValueText, changeCells, changeHeads, onOneLine } from "../../bench/text/quantity.ts";
import {
  detectableSentence,
  machineSentence,
  memorySentence,
  outcomeSentence,
  pairsSentence,
  passedSentence,
  ratioSentence,
  trialsSentences,
} from "./sentences.ts";

/** GitHub takes 65 536 characters for a comment, in which something else may stand, too. */
const mostCharacters = 64_900;
/** Rows that change on purpose can be hundreds: the first are enough to see it by. */
const mostRows = 60;
const mostReasons = 12;

/** For a pull request's comment: what changed first, the rest folded, never too long. */
export const markdown = defineComparisonReport({
  render(comparison: Comparison) {
    const groups = groupsOf(comparison);
    const sections = [
      headSection(comparison),
      ...changedSections(groups),
      ...budgetSections(groups),
      ...remarkSections(comparison),
      ...restSections(groups),
      ...environmentSections(comparison),
      commandSection(comparison),
    ];
    return fitted(sections, mostCharacters, "`comparison.json` has all of it.");
  },
});

/** A sign that is seen in a list of comments; the word beside it says the same. */
const signs: Readonly<Record<Comparison["outcome"], string>> = {
  pass: "✅",
  improved: "✅",
  inconclusive: "❔",
  regressed: "❌",
  failed: "❌",
};

function headSection(comparison: Comparison): Section {
  const { kind, outcome, baseline, candidate, problems } = comparison;
  const text = [
    `### ${signs[outcome]} bench ${kind}`,
    "",
    `**${capital(outcome)}:** ${escaped(brief(outcomeSentence(comparison), 2_000))}.`,
    "",
    `Baseline ${sourceText(baseline)}, candidate ${sourceText(candidate)}.`,
    ...trialsSentences(comparison).flatMap((text) => ["", escaped(brief(text, 2_000))]),
    ...(problems.length === 0 ? [] : [""]),
    ...problems
      .slice(0, mostRows)
      .map(({ code, text }) => `- ${code}: ${escaped(brief(text, 400))}`),
    ...(problems.length > mostRows ? [`- and ${problems.length - mostRows} more`] : []),
  ];
  return { name: "outcome", text: text.join("\n"), rank: 0 };
}

function sourceText({ label, commit }: Comparison["baseline"]): string {
  const at = commit === null ? "" : ` at ${escaped(commit.slice(0, 12))}`;
  return `**${escaped(brief(label, 200))}**${at}`;
}

function changedSections({ counted, timed }: Groups): Section[] {
  return [
    ...changesSection("Counted", counted.changed, 0),
    ...changesSection("Timed", timed.changed, 0),
  ];
}

/** What isn't on top is folded, and each table with it. */
function restSections({ counted, timed }: Groups): Section[] {
  return [
    ...foldedSection("counted", passedSentence("counted", counted), counted.passed),
    ...foldedSection("timed", passedSentence("timed", timed), timed.passed),
    ...foldedSection("shown, not judged", shownSentence(counted, timed), [
      ...counted.shown,
      ...timed.shown,
    ]),
  ];
}

function shownSentence({ shown }: Tier, timed: Tier): string {
  return `${shown.length + timed.shown.length} shown, and not judged.`;
}

function changesSection(name: string, changes: readonly Change[], rank: 0 | 1): Section[] {
  if (changes.length === 0) return [];
  const more = changes.length - mostRows;
  const text = [
    changesTable(name, changes.slice(0, mostRows)),
    ...(more > 0 ? ["", `And ${more} more.`] : []),
    "",
    ...reasonLines(changes),
  ];
  return [{ name: `what changed of what is ${name.toLowerCase()}`, text: text.join("\n"), rank }];
}

/** The first of many: the table has each row's verdict anyway. */
function reasonLines(changes: readonly Change[]): string[] {
  const lines = reasonsOf(changes).map((reason) => `- ${escaped(brief(reason, 400))}`);
  const more = lines.length - mostReasons;
  return more > 0 ? [...lines.slice(0, mostReasons), `- and ${more} more reasons`] : lines;
}

function foldedSection(
  name: string,
  sentence: string | null,
  changes: readonly Change[],
): Section[] {
  if (sentence === null || changes.length === 0) return [];
  const table = changesTable("", changes.slice(0, 3 * mostRows));
  const more = changes.length - 3 * mostRows;
  const parts = [table, ...(more > 0 ? [`And ${more} more.`] : [])];
  return [{ name, text: folded(sentence, parts), rank: 2 }];
}

function changesTable(name: string, changes: readonly Change[]): string {
  const head = [name, "metric", ...changeHeads, "verdict"];
  const rows = changes.map((change) => [
    escaped(brief(cellOf(change), 100)),
    escaped(brief(change.metric, 60)),
    ...changeCells(change).map(unbroken),
    change.verdict === "regressed" ? `**${change.verdict}**` : change.verdict,
  ]);
  return gridText([head, ...rows], 2);
}

function budgetSections({ broken, kept }: Groups): Section[] {
  const reasons = broken
    .slice(0, mostReasons)
    .map(({ budget, reason }) => `- ${escaped(brief(`${budget}: ${reason}`, 400))}`);
  const keeping = `${countOf(kept.length, "budget")} kept.`;
  const all: Section[] = [
    { name: "budgets", text: [budgetsTable(broken), "", ...reasons].join("\n"), rank: 0 },
    { name: "budgets that are kept", text: folded(keeping, [budgetsTable(kept)]), rank: 2 },
  ];
  return all.filter(({ rank }) => (rank === 0 ? broken : kept).length > 0);
}

function budgetsTable(budgets: readonly BudgetOutcome[]): string {
  const rows = budgets
    .slice(0, mostRows)
    .map((budget) => [
      escaped(brief(budget.budget, 100)),
      escaped(brief(cellOf(budget), 100)),
      unbroken(budgetValueText(budget)),
      budget.outcome === "kept" ? "kept" : `**${budget.outcome}**`,
    ]);
  const more = budgets.length - mostRows;
  const rest = more > 0 ? [[`and ${more} more`, "", "", ""]] : [];
  return gridText([["budget", "in", "measured", "outcome"], ...rows, ...rest], 2);
}

function remarkSections(comparison: Comparison): Section[] {
  const remarks = [
    detectableSentence(comparison),
    memorySentence(comparison),
    pairsSentence(comparison),
    ratioSentence(comparison),
  ];
  const text = remarks
    .flatMap((remark) => (remark === null ? [] : [escaped(brief(remark, 2_000))]))
    .join("\n");
  return text === "" ? [] : [{ name: "what would have been found", text, rank: 0 }];
}

function environmentSections(comparison: Comparison): Section[] {
  const { differences } = comparison.environment;
  const sentence = machineSentence(comparison);
  if (sentence === "") return [];
  const rows = differences
    .slice(0, mostRows)
    .map(({ name, baseline, candidate }) =>
      [name, baseline, candidate].map((text) => escaped(brief(text, 100))),
    );
  const table = gridText([["", "baseline", "candidate"], ...rows], 3);
  const text = rows.length === 0 ? sentence : folded(sentence, [table]);
  return [{ name: "environment", text, rank: 1 }];
}

function commandSection({ command }: Comparison): Section {
  const text = folded("The command that does it again", [fenced(brief(command, 2_000), "sh")]);
  return { name: "command", text, rank: 1 };
}

/** In a narrow cell a number must not be broken from its unit. */
function unbroken(text: string): string {
  return onOneLine(text).replaceAll(/(?<=\d) (?=\d|[a-zµ%])/gi, "\u00A0");
}
