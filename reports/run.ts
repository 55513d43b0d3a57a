import type { Results } from "../bench/results/schema.ts";
import { inGroups } from "./groups.ts";
import type { Grouped } from "./groups.ts";
import { visible, visibleIn } from "../bench/text/visible.ts";

/** One of the runs that a report is about. */
export interface Run {
  /** Tells it from the others; null where it is the only one. */
  readonly label: string | null;
  readonly results: Results;
}

/** A report about a single run. */
export function onlyRun(results: Results): readonly [Run] {
  return [{ label: null, results }];
}

/** Who makes several reports of a run need not have it looked through for each. */
const shown = new WeakMap<Run, Run>();

/** The run with all of its texts visible; labels of figures, and the text of files, may have several lines. */
export function visibleRun(run: Run): Run {
  const { label, results } = run;
  const known = shown.get(run) ?? {
    label: label === null ? null : visible(label),
    results: visibleIn(results, "label", "text"),
  };
  shown.set(run, known).set(known, known);
  return known;
}

/** The variants of a run, in groups. */
export function variantsOf({ variants }: Results): (Results["variants"][number] & Grouped)[] {
  return inGroups(variants.map((variant) => Object.assign({ variant: variant.name }, variant)));
}
