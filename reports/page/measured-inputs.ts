import { rangeText } from "../cost/measured.ts";
import type { Coefficients, Measured, Range } from "../cost/measured.ts";
import type { CostInputs } from "../cost/model.ts";
import { listing } from "../../bench/text/format.ts";
import { groupBy } from "../group-by.ts";

/** The workload that was measured, and for what isn't measured an example. */
export function measuredInputs(coefficients: readonly Coefficients[]): CostInputs {
  const highest = (key: keyof Measured): number | null =>
    rangesOf(coefficients, "staleness", key)[0]?.high ??
    rangesOf(coefficients, "messages", key)[0]?.high ??
    null;
  const intervals = gridIntervals(coefficients);
  return {
    clients: highest("clients") ?? 1_000,
    messagesPerSecond: highest("messagesPerSecond") ?? 1,
    payloadBytes: highest("payloadBytes") ?? 256,
    pollIntervalMs: intervals.length === 1 ? (intervals[0] ?? null) : null,
    reconnectsPerDay: 1,
    pricePerGB: 0.09,
    billed: "down",
  };
}

/** The different intervals at which variants polled when they were measured. */
function gridIntervals(coefficients: readonly Coefficients[]): number[] {
  return [...new Set(coefficients.flatMap(({ pollIntervalMs }) => pollIntervalMs ?? []))];
}

const kinds = [
  { kind: "messages", name: "bytes" },
  { kind: "staleness", name: "staleness" },
  { kind: "cpu", name: "CPU" },
  { kind: "memory", name: "memory" },
] as const;

/**
 * Where an input was measured, such as `measured: 0–200 for bytes, 20 for staleness and CPU`; null for what isn't.
 */
export function measuredText(
  coefficients: readonly Coefficients[],
  key: keyof Measured,
  unit: string,
): string | null {
  const measured = kinds.flatMap(({ kind, name }) => {
    const ranges = rangesOf(coefficients, kind, key);
    if (ranges.length === 0) return [];
    const low = Math.min(...ranges.map((range) => range.low));
    const high = Math.max(...ranges.map((range) => range.high));
    return [{ name, text: `${rangeText({ low, high })} ${unit}`.trim() }];
  });
  const texts = [...groupBy(measured, ({ text }) => text)].map(([text, same], _, { length }) =>
    length === 1 ? text : `${text} for ${listing(same.map(({ name }) => name))}`,
  );
  return texts.length === 0 ? null : `measured: ${texts.join(", ")}`;
}

function rangesOf(
  coefficients: readonly Coefficients[],
  kind: (typeof kinds)[number]["kind"],
  key: keyof Measured,
): Range[] {
  return coefficients.flatMap((variant) => {
    const known = variant[kind];
    return known.value === null ? [] : (known.measured[key] ?? []);
  });
}
