import type { CaseOutcome } from "./conform.ts";
import { conforms } from "./conform.ts";

const indent = " ".repeat(10);

/** How one case went: a line, and two more where it failed. */
export function outcomeText({ name, level, outcome }: CaseOutcome): string {
  if (outcome.kind === "passed") return line("ok", name);
  if (outcome.kind === "skipped") return line("skipped", `${name}: ${outcome.reason}`);
  if (outcome.kind === "closed")
    return line("skipped", `${name}: needs a server that ${outcome.by}`);
  return [
    line(level === "required" ? "FAILED" : "absent", name),
    `${indent}expected ${outcome.expected}`,
    `${indent}received ${outcome.received}`,
  ].join("\n");
}

function line(word: string, text: string): string {
  return word.padEnd(indent.length) + text;
}

/** A summary of all cases. */
export function conclusionText(outcomes: readonly CaseOutcome[]): string {
  const count = (level: CaseOutcome["level"]): string => {
    const cases = outcomes.filter((outcome) => outcome.level === level);
    const passed = cases.filter(({ outcome }) => outcome.kind === "passed");
    return `${passed.length} of ${cases.length} ${level}`;
  };
  const closed = outcomes.flatMap(({ outcome }) => (outcome.kind === "closed" ? [outcome.by] : []));
  const left =
    closed.length === 0 ? [] : [line("skipped", leftText(closed.length, closed[0] ?? ""))];
  const verdict = conforms(outcomes) ? "conforms, so it can be measured" : "does not conform";
  return [...left, "", `${verdict}: ${count("required")} cases, ${count("optional")}`].join("\n");
}

function leftText(count: number, by: string): string {
  return `the other ${count}, which need a server that ${by}`;
}
