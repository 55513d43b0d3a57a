import { confidenceOf } from "../bench/statistics/estimate.ts";
import type { Estimate } from "../bench/statistics/estimate.ts";
import { listing } from "../bench/text/format.ts";
import type { Row } from "./summary.ts";

/** Every figure of some rows, references and all. */
export function estimatesIn(rows: readonly Pick<Row, "cells">[]): Estimate[] {
  return rows.flatMap(({ cells }) => cells.flatMap(({ estimate }) => estimate ?? []));
}

/**
 * What the ends of intervals are, and how sure, over as many trials as figures rest on; empty where there
 * are no figures. `place` is where intervals stand.
 */
export function intervalLegend(estimates: readonly Estimate[], place = "Below a figure"): string {
  const single = estimates.filter(({ trials }) => trials === 1);
  if (single.length === estimates.length) {
    return single.length === 0 ? "" : `One trial each: ${singleMeaning}`;
  }
  const repeated = estimates.map(({ trials }) => trials).filter((trials) => trials > 1);
  const held = new Set(repeated.toSorted((a, b) => a - b).map(confidenceText));
  const interval =
    `${place}, the interval of its median, by a bootstrap over its valid trials; it holds the ` +
    `true median with a confidence of ${listing([...held])}; ±0 is none in the digits shown.`;
  return single.length === 0
    ? interval
    : `${interval} A figure without one is of a single trial: ${singleMeaning}`;
}

const singleMeaning =
  "how much trials differ is not known, so that timings can't be ranked by it; what is counted can.";

/** From some number on, more trials make for a narrower interval and not for a surer one. */
function confidenceText(trials: number): string {
  const confidence = confidenceOf(trials);
  const over = confidence < confidenceOf(trials + 1) ? `${trials} trials` : "6 trials or more";
  return `${Math.round(100 * confidence)} % over ${over}`;
}
