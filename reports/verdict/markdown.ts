import { capital, countOf } from "../../bench/text/format.ts";
import type { BudgetOutcome, Change, Comparison } from "../../bench/results/comparison.ts";
import { brief, escaped, fenced } from "../markdown/escaped.ts";
import { folded, fitted } from "../markdown/sections.ts";
import type { Section } from "../markdown/sections.ts";
import { gridText } from "../markdown/table.ts";
import { defineComparisonReport } from "./comparison-report.ts";
import { groupsOf, reasonsOf } from "./groups.ts";
import type { Groups } from "./groups.ts";
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
const maxCharacters = 64_900;
/** Rows that change on purpose can be hundreds: the first are enough to see it by. */
const maxRows = 60;
const maxReasons = 12;

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
    return fitted(sections, maxCharacters, "`comparison.json` has all of it.");
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
      .slice(0, maxRows)
      .map(({ code, text }) => `- ${code}: ${escaped(brief(text, 400))}`),
    ...(problems.length > maxRows ? [`- and ${problems.length - maxRows} more`] : []),
  ];
  return { name: "outcome", text: text.join("\n"), rank: 0 };
}

function sourceText({ label, commit }: Comparison["baseline"]): string {
  const at = commit === null ? "" : ` at ${escaped(commit.slice(0, 12))}`;
  return `**${escaped(brief(label, 200))}**${at}`;
}

function changedSections({ counted, timed }: Groups): Section[] {
  return [...changesSection("Counted", counted.changed), ...changesSection("Timed", timed.changed)];
}

/** What isn't on top is folded, and each table with it. */
function restSections({ counted, timed }: Groups): Section[] {
  const shown = [...counted.shown, ...timed.shown];
  return [
    ...foldedSection("counted", passedSentence("counted", counted), counted.passed),
    ...foldedSection("timed", passedSentence("timed", timed), timed.passed),
    ...foldedSection("shown, not judged", `${shown.length} shown, and not judged.`, shown),
  ];
}

function changesSection(name: string, changes: readonly Change[]): Section[] {
  if (changes.length === 0) return [];
  const parts = [...changesTable(name, changes, maxRows), reasonLines(changes).join("\n")];
  const about = `${name.toLowerCase()} changes`;
  return [{ name: about, text: parts.join("\n\n"), rank: 0 }];
}

/** The first of many: the table has each row's verdict anyway. */
function reasonLines(changes: readonly Change[]): string[] {
  const lines = reasonsOf(changes).map((reason) => `- ${escaped(brief(reason, 400))}`);
  const more = lines.length - maxReasons;
  return more > 0 ? [...lines.slice(0, maxReasons), `- and ${more} more reasons`] : lines;
}

function foldedSection(
  name: string,
  sentence: string | null,
  changes: readonly Change[],
): Section[] {
  if (sentence === null || changes.length === 0) return [];
  return [{ name, text: folded(sentence, changesTable("", changes, 3 * maxRows)), rank: 2 }];
}

/** The first `most` of them, and how many more there are. */
function changesTable(name: string, changes: readonly Change[], most: number): string[] {
  const head = [name, "metric", ...changeHeads, "verdict"];
  const shown = changes.slice(0, most);
  const rows = shown.map((change) => [
    escaped(brief(cellOf(change), 100)),
    escaped(brief(change.metric, 60)),
    ...changeCells(change).map(unbroken),
    change.verdict === "regressed" ? `**${change.verdict}**` : change.verdict,
  ]);
  const more = changes.length - shown.length;
  return [gridText([head, ...rows], 2), ...(more > 0 ? [`And ${more} more.`] : [])];
}

function budgetSections({ broken, kept }: Groups): Section[] {
  const reasons = broken
    .slice(0, maxReasons)
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
    .slice(0, maxRows)
    .map((budget) => [
      escaped(brief(budget.budget, 100)),
      escaped(brief(cellOf(budget), 100)),
      unbroken(budgetValueText(budget)),
      budget.outcome === "kept" ? "kept" : `**${budget.outcome}**`,
    ]);
  const more = budgets.length - maxRows;
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
  return text === "" ? [] : [{ name: "detectable changes", text, rank: 0 }];
}

function environmentSections(comparison: Comparison): Section[] {
  const { differences } = comparison.environment;
  const sentence = machineSentence(comparison);
  if (sentence === "") return [];
  const rows = differences
    .slice(0, maxRows)
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
