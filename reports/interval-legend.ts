import { confidenceOf } from "../bench/results/statistics.ts";
import { listing } from "./format.ts";

/**
 * What the ends of intervals are, and how sure, over as many trials as the rows rest on. `place` is where
 * they stand.
 */
export function intervalLegend(
  rows: readonly { readonly valid: number }[],
  place = "Below a figure",
): string {
  const repeated = rows.map(({ valid }) => valid).filter((valid) => valid > 1);
  const held = new Set(repeated.toSorted((a, b) => a - b).map(confidenceText));
  if (held.size === 0) return "One trial each: how much trials differ is not known.";
  return (
    `${place}, the interval of its median, by a bootstrap over its valid trials; it holds the ` +
    `true median with a confidence of ${listing([...held])}; ±0 is none in the digits shown.`
  );
}

/** From some number on, more trials make for a narrower interval and not for a surer one. */
function confidenceText(trials: number): string {
  const confidence = confidenceOf(trials);
  const over = confidence < confidenceOf(trials + 1) ? `${trials} trials` : "6 trials or more";
  return `${Math.round(100 * confidence)} % over ${over}`;
}
