import { digits, listing } from "../../bench/text/format.ts";
import { markdownTable } from "markdown-table";
import type { Detected } from "./detector.ts";
import { shareOf, shareWithInterval } from "./share.ts";

export interface PlantedOutcome {
  readonly detector: string;
  readonly proxy: string;
  readonly planted: {
    readonly hold: { readonly bytes: number; readonly forMs: number };
    readonly idleTimeoutMs: number;
  };
  readonly found: readonly (Detected | Error)[];
  readonly clean: readonly (Detected | Error)[];
  readonly seconds: number;
  readonly command: string;
}

/** How far a time may be off: what a busy machine adds, and what events are apart. */
const timeTolerance = 0.2;
const cutTolerance = 0.05;

/** What was found of all that was planted, in Markdown. */
export function plantedText(outcome: PlantedOutcome): {
  readonly text: string;
  readonly isProved: boolean;
} {
  const { hold, idleTimeoutMs } = outcome.planted;
  const found = outcome.found.map((one) => (one instanceof Error ? nothing : one));
  const clean = outcome.clean.map((one) => (one instanceof Error ? everything : one));
  const isNear = (value: number | null | undefined, wanted: number, tolerance: number): boolean =>
    typeof value === "number" && Math.abs(value - wanted) <= tolerance * wanted;
  const rows = [
    {
      what: `a buffer: held for ${hold.forMs} ms (within ${100 * timeTolerance} %)`,
      hits: shareOf(found, ({ held }) => isNear(held?.ms, hold.forMs, timeTolerance)),
      figures: rangeOf(found.flatMap(({ held }) => held?.ms ?? [])),
      unit: "ms",
    },
    {
      what: `a buffer: of ${hold.bytes} bytes (within an event)`,
      hits: shareOf(found, ({ held }) => isWithin(held?.bytes, hold.bytes)),
      figures: rangeOf(found.flatMap(({ held }) => held?.bytes?.atMost ?? [])),
      unit: "B at most",
    },
    {
      what: `a cut-off after ${idleTimeoutMs / 1_000} s (within ${100 * cutTolerance} %)`,
      hits: shareOf(found, ({ cutMs }) => isNear(cutMs, idleTimeoutMs, cutTolerance)),
      figures: rangeOf(found.flatMap(({ cutMs }) => cutMs ?? [])),
      unit: "ms",
    },
  ];
  const buffers = shareOf(clean, ({ held }) => held !== null);
  const cuts = shareOf(clean, ({ cutMs }) => cutMs !== null);
  const table = markdownTable([
    ["", "found", "share (95 %)", "figures"],
    ...rows.map(({ what, hits, figures, unit }) => [
      what,
      `${hits.hits} of ${hits.total}`,
      shareText(hits),
      figures === null ? "none" : `${figures} ${unit}`,
    ]),
    ["nothing: a buffer", `${buffers.hits} of ${buffers.total}`, shareText(buffers), ""],
    ["nothing: a cut-off", `${cuts.hits} of ${cuts.total}`, shareText(cuts), ""],
  ]);
  const failures = [...outcome.found, ...outcome.clean].filter((one) => one instanceof Error);
  const reasons = [...new Set(failures.map(({ message }) => message))];
  const failed = failures.length === 0 ? "" : ` ${failures.length} failed: ${listing(reasons)}.`;
  return {
    text: `${table}\n\nBy ${outcome.detector}, through ${outcome.proxy}, in ${digits(outcome.seconds)} s: \`${outcome.command}\`.${failed}`,
    isProved:
      rows.every(({ hits }) => hits.hits === hits.total) && buffers.hits === 0 && cuts.hits === 0,
  };
}

/** What counts for who couldn't be asked: always against the proof. */
const nothing: Detected = { held: null, cutMs: null };
const everything: Detected = { held: { ms: null, bytes: null }, cutMs: 0 };

function isWithin(
  bytes: { readonly atLeast: number; readonly atMost: number | null } | null | undefined,
  wanted: number,
): boolean {
  if (bytes === null || bytes === undefined || bytes.atMost === null) return false;
  return bytes.atLeast < wanted && bytes.atMost >= wanted;
}

function rangeOf(values: readonly number[]): string | null {
  if (values.length === 0) return null;
  return `${digits(Math.min(...values))} to ${digits(Math.max(...values))}`;
}

function shareText(share: { readonly hits: number; readonly total: number }): string {
  return share.total === 0 ? "" : shareWithInterval(share);
}
