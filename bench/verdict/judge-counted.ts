import { marginText, quantityFormat } from "../text/quantity.ts";
import type { Change } from "../results/comparison.ts";
import type { CellMetric } from "./cell-metrics.ts";
import type { Tolerance } from "./metric.ts";
import { changeOf, decisive } from "./change.ts";

/** Said of an error in a trial that the machine invalidated. */
export const inInvalidTrial = "which is invalid, so the server may not be the cause";

/** The largest difference that rounding and divisions may cause. */
const roundingError = 1e-9;

/** Judges a counted metric: nothing has to be estimated, so any change beyond the tolerance is one. */
export function judgeCounted(
  baseline: CellMetric,
  candidate: CellMetric,
  margin: Tolerance,
): Change {
  const [before, now] = [decisive(baseline), decisive(candidate)];
  const change = candidate.better === "lower" ? now - before : before - now;
  const tolerated = toleratedOf(margin, before);
  const written = quantityFormat(candidate.unit, [before, now]);
  const writtenRange = ({ most }: CellMetric, value: number): string =>
    most === null || most === Number.POSITIVE_INFINITY
      ? written(value)
      : `${written(value)} to ${written(most)}`;
  const [was, is] = [writtenRange(baseline, before), writtenRange(candidate, now)];
  const seen = was === is ? `${is} as before` : `${was} became ${is}`;
  const verdict =
    change > tolerated + roundingError
      ? "regressed"
      : change < -tolerated - roundingError
        ? "improved"
        : "pass";
  const facts = {
    ...changeOf(baseline, candidate),
    gating: true,
    margin,
    detectable: before === 0 ? null : tolerated / Math.abs(before),
  };
  const doubt = candidate.doubtful.find(({ value }) => value > before + tolerated + roundingError);
  if (verdict !== "regressed" && doubt !== undefined) {
    return {
      ...facts,
      verdict: "inconclusive",
      reason: `${seen}, but ${written(doubt.value)} in trial ${doubt.repetition}, ${inInvalidTrial}`,
    };
  }
  return {
    ...facts,
    verdict,
    reason:
      verdict === "pass" && now !== before
        ? `${seen}; the tolerance is ${marginText({ unit: candidate.unit, margin }, before)}`
        : seen,
  };
}

export function toleratedOf({ absolute, relative }: Tolerance, before: number): number {
  return Math.max(absolute, relative * Math.abs(before));
}
