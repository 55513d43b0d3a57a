import type { CheckSettings } from "../settings/check-settings.ts";
import { usageError } from "../errors/errors.ts";
import { namesOf } from "./measures.ts";
import type { Measure } from "./measures.ts";
import type { Tolerance } from "./metric.ts";

/** What the user's settings come to for each measure. */
export interface Gates {
  /** Whether the verdict on it counts. */
  readonly gates: (measure: Measure) => boolean;
  readonly tolerance: (measure: Measure) => Tolerance;
}

const unitFactors: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  s: 1e9,
};

/** Reads `check.gates` and `check.margins`; throws a `BenchError` that names what can't be read. */
export function gatesOf({ gates = [], margins = {} }: CheckSettings): Gates {
  const wanted = gates.filter((pattern) => !pattern.startsWith("!")).map(matcher);
  const unwanted = gates
    .filter((pattern) => pattern.startsWith("!"))
    .map((pattern) => matcher(pattern.slice(1)));
  const ownMargins = Object.entries(margins).map(([pattern, text]) => ({
    matches: matcher(pattern),
    margin: parseMargin(pattern, text),
  }));
  return {
    gates(measure) {
      if (!measure.comparable || unwanted.some((matches) => matches(measure))) return false;
      return wanted.length === 0 ? measure.gates : wanted.some((matches) => matches(measure));
    },
    tolerance(measure) {
      const tolerance = { ...measure.tolerance };
      for (const { matches, margin } of ownMargins) {
        if (matches(measure)) Object.assign(tolerance, marginFor(measure, margin));
      }
      return tolerance;
    },
  };
}

interface Margin {
  readonly amount: number;
  readonly unit: string;
}

function parseMargin(pattern: string, text: string): Margin {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s?(%|B|ns|us|ms|s|)$/.exec(text.trim()) ?? [];
  const amount = Number(digits);
  if (unit !== undefined && Number.isFinite(amount)) return { amount, unit };
  throw usageError(
    `check.margins.${pattern}: "${text}" is not a margin such as 10%, 0.5B, 0.1ms or 3`,
  );
}

/** The part of a tolerance that a margin sets: a share, or an amount in the measure's unit. */
function marginFor(measure: Measure, { amount, unit }: Margin): Partial<Tolerance> {
  if (unit === "%") return { relative: amount / 100 };
  const factor = unitFactors[unit];
  if (factor === undefined) return { absolute: amount };
  return { absolute: (amount * factor) / (measure.unit === "ms" ? 1e6 : 1) };
}

/** `*` stands for any text. Without a regular expression, which could take for ever over many of them. */
function matcher(pattern: string): (measure: Measure) => boolean {
  const [first = "", ...parts] = pattern.trim().split("*");
  const last = parts.pop();
  if (last === undefined) return (measure) => namesOf(measure).includes(first);
  return (measure) =>
    namesOf(measure).some((name) => {
      const end = name.length - last.length;
      if (!name.startsWith(first) || !name.endsWith(last)) return false;
      // Whatever comes first is taken first: then most is left for the rest.
      let at = first.length;
      for (const part of parts) {
        const found = name.indexOf(part, at);
        if (found < 0) return false;
        at = found + part.length;
      }
      return at <= end;
    });
}
