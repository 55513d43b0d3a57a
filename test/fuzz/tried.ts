import { annotationLines } from "../../bench/commands/annotations.ts";
import { baselineText, parseBaseline } from "../../bench/check/baseline.ts";
import { BenchError } from "../../bench/errors/errors.ts";
import { parseComparison, parseResults } from "../../bench/results/files.ts";
import type { Comparison } from "../../bench/results/comparison.ts";
import type { Results } from "../../bench/results/schema.ts";
import { comparisonOf } from "../../bench/verdict/compare.ts";
import type { Draw } from "../../reports/report.ts";
import { reports } from "../../reports/index.ts";
import { onlyRun } from "../../reports/run.ts";
import { sideBySide } from "../../reports/side-by-side.ts";
import { comparisonReports } from "../../reports/verdict/index.ts";

/*
 * What must hold of a file by anybody: it is refused in one line, or every report of it can be made, and has
 * nothing in it that a reader shouldn't see.
 */

const undrawn: Draw = async () => null;

/** What is wrong with the reports of a results file; empty where nothing is. */
export async function wrongWithResults(text: string, usual: Results): Promise<string[]> {
  const results = parsed(() => parseResults(text, "R"));
  if (typeof results === "string") return wrongWith("the refusal", results);
  const wrong: string[] = [];
  const runs = onlyRun(results);
  for (const report of reports) {
    const { name } = report;
    const rendered = await report.render(runs, { colour: false, draw: undrawn });
    if (typeof rendered === "string") wrong.push(...wrongWith(name, readable(rendered, name)));
  }
  const compared = comparisonOf(usual, results, {
    kind: "compare",
    command: "bench compare",
    settings: {},
    labels: { baseline: "a", candidate: "b" },
  });
  wrong.push(...wrongWith("side by side", sideBySide(usual, results)));
  return [...wrong, ...(await wrongReports(compared))];
}

export async function wrongWithComparison(text: string): Promise<string[]> {
  const comparison = parsed(() => parseComparison(text, "C"));
  return typeof comparison === "string"
    ? wrongWith("the refusal", comparison)
    : wrongReports(comparison);
}

export function wrongWithBaseline(text: string): string[] {
  const baseline = parsed(() => parseBaseline(text, "B"));
  return typeof baseline === "string"
    ? wrongWith("the refusal", baseline)
    : wrongWith("the baseline", JSON.stringify(JSON.parse(baselineText(baseline)).format));
}

async function wrongReports(comparison: Comparison): Promise<string[]> {
  const wrong: string[] = [];
  for (const report of comparisonReports) {
    const text = await report.render(comparison, { colour: false });
    wrong.push(...wrongWith(`${report.name} of a comparison`, text));
  }
  return [
    ...wrong,
    ...annotationLines(comparison).flatMap((line) => wrongWith("an annotation", line)),
  ];
}

/** The message where it is refused as it should be; any other error is one of ours. */
function parsed<T>(parse: () => T): T | string {
  try {
    return parse();
  } catch (error) {
    if (error instanceof BenchError) return error.message;
    throw error;
  }
}

/** Of a page, what is no program. */
function readable(text: string, name: string): string {
  return ["html", "atlas"].includes(name)
    ? text.replaceAll(/<(script|style)\b[^>]*>[^]*?<\/\1>/g, "")
    : text;
}

const forbidden: readonly (readonly [string, RegExp])[] = [
  ["NaN", /\bNaN\b/],
  ["undefined", /\bundefined\b/],
  ["Infinity", /\bInfinity\b/],
  ["an object", /\[object \w+\]/],
  [
    "an unseen character",
    /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u,
  ],
];

function wrongWith(where: string, text: string): string[] {
  return forbidden.flatMap(([what, pattern]) => {
    const found = pattern.exec(text);
    if (found === null) return [];
    const around = text.slice(Math.max(0, found.index - 60), found.index + 60);
    return [`${what} in ${where}: ${JSON.stringify(around)}`];
  });
}
