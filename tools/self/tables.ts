import Table from "cli-table3";
import { slowdownOf } from "./comparison.ts";
import type { Comparison, Ratio, Slowdown } from "./comparison.ts";
import type { Aim } from "./contest.ts";

/** The harness's own load process beside bare ones: a row for each comparison. */
export function bareTable(results: readonly Comparison[]): string {
  const heads = ["harness", "bare", "ratio", "95 %", "pairs", "aim", "met"];
  return table(heads, results, ({ aim, ratio, first }) => [
    aim === null ? "" : aimText(aim),
    aim === null ? "" : met(aim, aim.of === "first" ? first : ratio.estimate),
  ]);
}

const slowdownText: Readonly<Record<Slowdown, string>> = {
  shown: "yes",
  excluded: "no",
  open: "inconclusive",
};

/** This state's load process beside another's. */
export function beforeTable(results: readonly Comparison[]): string {
  const heads = ["after", "before", "ratio", "95 %", "pairs", "slower by over 3 %"];
  return table(heads, results, (result) => [slowdownText[slowdownOf(result)]]);
}

/** What the comparison with another state has shown, in sentences. */
export function verdict(results: readonly Comparison[], before: string): string {
  const named = (slowdown: Slowdown): string => {
    const names = results
      .filter((result) => slowdownOf(result) === slowdown)
      .map(({ name }) => name);
    return names.length === results.length ? "all" : names.join("; ") || "none";
  };
  return [
    `Slower than ${before} by more than 3 %: shown for ${named("shown")}.`,
    `Excluded for ${named("excluded")}.`,
    `Inconclusive for ${named("open")}.`,
  ].join(" ");
}

function table(
  heads: readonly string[],
  results: readonly Comparison[],
  further: (result: Comparison) => string[],
): string {
  const made = new Table({
    head: ["comparison", "counted", ...heads],
    colAligns: ["left", "left", ...heads.map((_, at) => (at < 5 ? "right" : "left"))],
    style: { head: [], border: [], compact: true },
  });
  for (const result of results) {
    const { name, unit, first, second, ratio, pairs } = result;
    made.push([
      name,
      unit,
      grouped(first),
      grouped(second),
      ratio.estimate.toFixed(3),
      intervalText(ratio),
      pairs,
      ...further(result),
    ]);
  }
  return made.toString();
}

function intervalText({ interval }: Ratio): string {
  return interval === null
    ? "too few pairs"
    : `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;
}

function aimText({ atLeast, atMost }: Aim): string {
  return atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
}

function met({ atLeast = 0, atMost = Number.POSITIVE_INFINITY }: Aim, ratio: number): string {
  return ratio >= atLeast && ratio <= atMost ? "yes" : "no";
}

function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replaceAll(/\B(?=(?:\d{3})+$)/g, " ");
}
