import type { CheckSettings } from "../settings/check-settings.ts";
import { usageError } from "../errors/errors.ts";
import { namesOf } from "./cell-metrics.ts";
import type { CellMetric } from "./cell-metrics.ts";
import type { Tolerance } from "./metric.ts";

/** The user's settings, applied to each metric. */
export interface Gates {
  /** Whether a verdict on the metric decides the outcome. */
  readonly gates: (metric: CellMetric) => boolean;
  readonly tolerance: (metric: CellMetric) => Tolerance;
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
    gates(metric) {
      if (!metric.comparable || unwanted.some((matches) => matches(metric))) return false;
      return wanted.length === 0 ? metric.gates : wanted.some((matches) => matches(metric));
    },
    tolerance(metric) {
      const tolerance = { ...metric.tolerance };
      for (const { matches, margin } of ownMargins) {
        if (matches(metric)) Object.assign(tolerance, marginFor(metric, margin));
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

/** The part of a tolerance that a margin sets: a share, or an amount in the metric's unit. */
function marginFor(metric: CellMetric, { amount, unit }: Margin): Partial<Tolerance> {
  if (unit === "%") return { relative: amount / 100 };
  const factor = unitFactors[unit];
  if (factor === undefined) return { absolute: amount };
  return { absolute: (amount * factor) / (metric.unit === "ms" ? 1e6 : 1) };
}

/** `*` stands for any text. Not a regular expression: with many stars, matching one could take forever. */
function matcher(pattern: string): (metric: CellMetric) => boolean {
  const [first = "", ...parts] = pattern.trim().split("*");
  const last = parts.pop();
  if (last === undefined) return (metric) => namesOf(metric).includes(first);
  return (metric) =>
    namesOf(metric).some((name) => {
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
