import Table from "cli-table3";
import { signed, digits, digitsFormat, listing, whole } from "../../bench/text/format.ts";
import { boundsPerHour, warmUpShare } from "./judge.ts";
import type { Judged, JudgedRun } from "./judge.ts";
import type { SoakRecord, SoakedPhase } from "./record.ts";

const kib = 1_024;
const mib = 1_024 * kib;

/** What a soak has found, in tables and sentences. */
export function soakText(record: SoakRecord, runs: readonly JudgedRun[]): string {
  const faults = runs.flatMap(({ run, faults: found }) =>
    found.map((fault) => `- ${run.name}: ${fault}`),
  );
  return [
    headLine(record),
    memoryTable(record, runs),
    ledgerTable(runs),
    verdictLine(runs),
    ...faults,
  ].join("\n");
}

function headLine({ minutes, cutEverySeconds, clients, rate }: SoakRecord): string {
  const judged = (minutes * (1 - warmUpShare)).toFixed(0);
  return (
    `${clients} clients of each run, ${rate} msg/s, cut every ${cutEverySeconds} s for ${minutes} minutes; ` +
    `medians of the last ${judged}, and what they gain an hour with its 95 % interval:`
  );
}

function verdictLine(runs: readonly JudgedRun[]): string {
  const processes = runs.reduce((sum, run) => sum + run.processes.length, 0);
  const bad = runs.filter(({ faults }) => faults.length > 0).map(({ run }) => run.name);
  return bad.length === 0
    ? `Every process (${processes}) is flat, nothing is left, and all books add up.`
    : `Not as it should be: ${listing(bad)}.`;
}

function memoryTable(record: SoakRecord, runs: readonly JudgedRun[]): string {
  const bounds = boundsPerHour(record);
  const table = new Table({
    head: [
      "run",
      "process",
      "heap\nMiB",
      `KiB an hour\n(at most ${whole(bounds.heap / kib)})`,
      "own memory\nMiB",
      `KiB an hour\n(at most ${whole(bounds.anonymous / kib)})`,
      "descrip-\ntors",
      `an hour\n(at most ${digits(bounds.descriptors)})`,
      "",
    ],
    colAligns: ["left", "left", "right", "right", "right", "right", "right", "right", "left"],
    style: { head: [], border: [], compact: true },
  });
  for (const { run, processes } of runs) {
    for (const [place, { process, heap, anonymous, descriptors }] of processes.entries()) {
      const verdicts = [heap, anonymous, descriptors].map((judged) => judged?.verdict ?? "flat");
      table.push([
        place === 0 ? run.name : "",
        process,
        levelText(heap, mib),
        slopeText(heap, kib),
        levelText(anonymous, mib),
        slopeText(anonymous, kib),
        levelText(descriptors, 1),
        slopeText(descriptors, 1),
        verdicts.find((verdict) => verdict !== "flat") ?? "flat",
      ]);
    }
  }
  return table.toString();
}

function levelText(judged: Judged | null, unit: number): string {
  return judged === null ? "" : digits(judged.level / unit);
}

/** The estimate, and its interval of 95 %. */
function slopeText(judged: Judged | null, unit: number): string {
  if (judged === null) return "";
  if (judged.perHour === null) return "too few readings";
  const { estimate, low, high } = judged.perHour;
  const each = [estimate, low, high].map((value) => signed(value / unit, digitsFormat("")));
  return `${each[0]} (${each[1]} to ${each[2]})`;
}

const bookColumns: readonly (readonly [keyof SoakedPhase, string])[] = [
  ["returns", "returns"],
  ["expected", "deliveries"],
  ["received", "received"],
  ["replayed", "replayed"],
  ["inFlight", "lost in\nflight"],
  ["missed", "missed\nwhile away"],
  ["overrun", "overrun"],
  ["unaccounted", "lost\notherwise"],
  ["doubled", "doubled"],
];

function ledgerTable(runs: readonly JudgedRun[]): string {
  const table = new Table({
    head: ["run", "phase", ...bookColumns.map(([, label]) => label)],
    colAligns: ["left", "left", ...bookColumns.map(() => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const { run } of runs) {
    for (const [place, phase] of run.phases.entries()) {
      const counts = bookColumns.map(([field]) => whole(Number(phase[field])));
      table.push([place === 0 ? run.name : "", phase.name, ...counts]);
    }
  }
  return table.toString();
}
