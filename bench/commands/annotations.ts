import type { Comparison, Problem } from "../results/comparison.ts";
import { addressOf } from "../results/comparison.ts";
import { visibleIn } from "../text/visible.ts";

/** A line that GitHub shows beside a workflow's outcome. */
interface Annotation {
  readonly level: "error" | "warning";
  readonly title: string;
  readonly text: string;
}

/** GitHub shows no more of each kind for a step. */
const maxAnnotations = 10;

/** The level of an annotation by outcome; other outcomes need no annotation. */
const levels: Readonly<Partial<Record<string, Annotation["level"]>>> = {
  regressed: "error",
  exceeded: "error",
  inconclusive: "warning",
  unclear: "warning",
};

/** Annotations of a comparison as commands for GitHub's runner, one a line. */
export function annotationLines(given: Comparison): string[] {
  const { problems, changes, budgets } = visibleIn(given);
  const all = [
    ...problems.map(ofProblem),
    ...changes.flatMap((change) => annotate(addressOf(change), change.verdict, change.reason)),
    ...budgets.flatMap(({ budget, outcome, reason }) => annotate(budget, outcome, reason)),
  ];
  return [
    ...shortened(all.filter(({ level }) => level === "error")),
    ...shortened(all.filter(({ level }) => level === "warning")),
  ].map(lineOf);
}

function ofProblem({ code, text }: Problem): Annotation {
  return { level: code === "machine" ? "warning" : "error", title: code, text };
}

function annotate(name: string, outcome: string, text: string): Annotation[] {
  const level = levels[outcome];
  return level === undefined ? [] : [{ level, title: `${name}: ${outcome}`, text }];
}

/** The last place says how many have none. */
function shortened(annotations: readonly Annotation[]): Annotation[] {
  const more = annotations.length - maxAnnotations + 1;
  const [first] = annotations;
  if (more <= 1 || first === undefined) return [...annotations];
  const rest = {
    level: first.level,
    title: `and ${more} more`,
    text: "The step's summary has them all.",
  };
  return [...annotations.slice(0, maxAnnotations - 1), rest];
}

function lineOf({ level, title, text }: Annotation): string {
  return `::${level} title=${property(title)}::${data(text)}`;
}

/** Escapes text as the runner expects it: https://github.com/actions/toolkit, packages/core/src/command.ts. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
