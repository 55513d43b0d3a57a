import Table from "cli-table3";
import type { Timing } from "./latency.ts";
import type { Aim, Compared } from "./pairs.ts";

/** A row for each comparison. */
export function comparisonTable(results: readonly Compared[]): string {
  const table = new Table({
    head: ["comparison", "counted", "harness", "bare", "ratio", "min-max", "aim", "met"],
    colAligns: ["left", "left", "right", "right", "right", "right", "left", "left"],
    style: plain,
  });
  for (const { name, unit, harness, bare, ratio, aim } of results) {
    table.push([
      name,
      unit,
      grouped(harness),
      grouped(bare),
      ratio.median.toFixed(2),
      `${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}`,
      aim === null ? "" : aimText(aim),
      aim === null ? "" : met(aim, ratio.median),
    ]);
  }
  return table.toString();
}

/** A row for each rate. */
export function timingTable(timings: readonly Timing[]): string {
  const table = new Table({
    head: ["messages", "lateness p50", "lateness p99", "delivery p50", "bare pair's", "ratio"],
    colAligns: ["right", "right", "right", "right", "right", "right"],
    style: plain,
  });
  for (const timing of timings) {
    table.push([
      `${grouped(timing.ratePerSecond)}/s`,
      microseconds(timing.latenessP50Ns),
      microseconds(timing.latenessP99Ns),
      microseconds(timing.harnessNs),
      microseconds(timing.bareNs),
      (timing.harnessNs / timing.bareNs).toFixed(2),
    ]);
  }
  return table.toString();
}

/** What makes a comparison doubtful: then both sides didn't do the work that was asked for. */
export function doubts(results: readonly Compared[]): string[] {
  return results.flatMap(({ name, arrived = 1 }) =>
    arrived >= 0.98
      ? []
      : [
          `${name}: in one turn only ${(arrived * 100).toFixed(0)} % of what was due arrived in time`,
        ],
  );
}

const plain = { head: [], border: [], compact: true };

function aimText({ atLeast, atMost }: Aim): string {
  return atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
}

function met({ atLeast = 0, atMost = Number.POSITIVE_INFINITY }: Aim, ratio: number): string {
  return ratio >= atLeast && ratio <= atMost ? "yes" : "no";
}

function grouped(value: number): string {
  return Math.round(value)
    .toString()
    .replaceAll(/\B(?=(?:\d{3})+$)/g, " ");
}

function microseconds(ns: number | null): string {
  return ns === null ? "n/a" : `${(ns / 1_000).toFixed(0)} µs`;
}
