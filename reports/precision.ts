import type { Precision, PrecisionStatus } from "../bench/results/recorded-config.ts";
import { countOf, digits, shortListing, timeSpan } from "../bench/text/format.ts";

/** More than these are only counted. */
const maxNamed = 7;

/** Whether the intervals became as narrow as was asked for, and where they didn't. */
export function precisionSentences(precision: Precision | null): string[] {
  if (precision === null || precision.ended === null) return [];
  const { targetPercent, metric, timeLimitMs, ended, cells } = precision;
  const wide = cells.filter(({ state }) => state === "wide");
  const hopeless = cells.filter(({ state }) => state === "hopeless");
  const aim = `precision of ±${digits(targetPercent)} % for ${metric ?? "the headline figures"}`;
  const share = `in ${cells.length - wide.length - hopeless.length} of ${cells.length} cells`;
  const how: Readonly<Record<typeof ended, string>> = {
    reached: `reached ${share}`,
    "can't be reached": `reached ${share}, and can't be in the others`,
    "time limit": `reached ${share} when the time limit of ${timeSpan(timeLimitMs)} was over`,
    interrupted: `reached ${share} when it was interrupted`,
  };
  return [
    `${aim}: ${how[ended]}.`,
    ...(wide.length > 0 ? [`too wide: ${named(wide)}.`] : []),
    ...(hopeless.length > 0 ? [`no number of trials would do: ${named(hopeless)}.`] : []),
  ];
}

function named(statuses: readonly PrecisionStatus[]): string {
  return shortListing(statuses.map(statusText), maxNamed);
}

function statusText({
  scenario,
  variant,
  key,
  trials,
  halfWidthPercent,
  why,
}: PrecisionStatus): string {
  const width = halfWidthPercent === null ? "n/a" : `±${digits(halfWidthPercent)} %`;
  const over = `${width} over ${countOf(trials, "valid trial")}`;
  return `${scenario} ${variant}, ${key} (${why ?? over})`;
}
