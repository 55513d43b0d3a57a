import { areAsIs } from "./as-is.ts";
import { partNames } from "../bench/results/wire-parts.ts";
import type { WirePart } from "../bench/results/wire-parts.ts";
import { capital } from "../bench/text/format.ts";
import { stringify } from "csv-stringify/sync";
import { mergedPercentiles } from "../bench/results/percentile.ts";
import type { RecordedEndpoint } from "../bench/results/recorded-endpoint.ts";
import type { Histogram, Phase, Resources, Trial, Wire } from "../bench/results/schema.ts";
import { defineReport } from "./report.ts";
import type { Run } from "./run.ts";

type Value = string | number | null;

/**
 * A row for each trial and phase; a trial that failed before its first phase has one without. `run` is
 * empty for a single run.
 */
export const csv = defineReport({
  render(runs: readonly Run[]) {
    const columns = areAsIs(runs) ? columnsAsIs : phaseColumns;
    const names = ["run", ...Object.keys(trialColumns), ...columns.flatMap(({ names }) => names)];
    const rows = runs.flatMap((run) => rowsOf(run, columns));
    // A spreadsheet must not take a name or an error text for a formula.
    return stringify([names, ...rows], { escape_formulas: true });
  },
});

function rowsOf({ label, results }: Run, columns: readonly Columns[]): Value[][] {
  return results.trials.flatMap((trial) =>
    trial.phases.length === 0
      ? [rowOf(label, trial, undefined, columns)]
      : trial.phases.map((phase) => rowOf(label, trial, phase, columns)),
  );
}

function rowOf(
  run: string | null,
  trial: Trial,
  phase: Phase | undefined,
  columns: readonly Columns[],
): Value[] {
  return [
    run,
    ...Object.values(trialColumns).map((read) => read(trial)),
    ...columns.flatMap(({ names, read }) =>
      phase === undefined ? names.map(() => null) : read(phase),
    ),
  ];
}

const trialColumns: Readonly<Record<string, (trial: Trial) => Value>> = {
  variant: (trial) => trial.variant,
  scenario: (trial) => trial.scenario,
  repetition: (trial) => trial.repetition,
  startedAt: (trial) => trial.startedAt,
  outcome: (trial) => trial.outcome.status,
  reason: ({ outcome }) => (outcome.status === "failed" ? outcome.reason : null),
  warnings: (trial) => [...new Set(trial.warnings.map(({ code }) => code))].join(" "),
};

/** Columns that are read together. */
interface Columns {
  readonly names: readonly string[];
  readonly read: (phase: Phase) => Value[];
}

// Their columns come in this order.
const deliveries = [
  "intended",
  "expected",
  "delivered",
  "lost",
  "duplicated",
  "reordered",
  "corrupted",
  "arrived",
] as const;
const latencies = ["delivery", "transit", "lateness", "lastClient"] as const;
const onLinks = ["ipBytes", "segments", "acknowledgements", "retransmitted"] as const;
const uses = ["cpuMs", "turningMs", "rssBytes", "gcMs"] as const;

const shares = { P50: 0.5, P90: 0.9, P99: 0.99, P999: 0.999 };

const phaseColumns: readonly Columns[] = [
  column("phase", (phase) => phase.name),
  column("measured", (phase) => String(phase.measured)),
  column("durationMs", (phase) => phase.durationMs),
  column("clients", (phase) => phase.clients),
  column("intendedRate", (phase) => phase.rate?.intended ?? null),
  column("achievedRate", (phase) => phase.rate?.achieved ?? null),
  ...deliveries.map((key) => column(key, (phase) => phase.deliveries[key])),
  ...latencies.map((key) => percentiles(key, (phase) => phase.latency[key])),
  percentiles("setUp", (phase) => phase.setUp),
  /** By how much latencies may be off; empty where one clock tells them. */
  column("clockBoundNs", (phase) => phase.clockBoundNs ?? null),
  column("bytesDown", ({ wire }) => wire?.total.down ?? null),
  column("bytesUp", ({ wire }) => wire?.total.up ?? null),
  ...partNames.flatMap(bothWays),
  column("requests", ({ wire }) => wire?.requests ?? null),
  column("connections", ({ wire }) => wire?.connections ?? null),
  ...onLinks.flatMap(onLink),
  ...used("server"),
  ...used("load"),
  column("kernelSocketBytes", (phase) => phase.kernelSocketBytes),
];

const asIsRequests: readonly [string, (asked: RecordedEndpoint) => Value][] = [
  ["requests", ({ requests }) => requests],
  ["unsent", ({ unsent }) => unsent],
  ["whole", ({ whole }) => whole],
  ["tokens", ({ tokens }) => tokens],
  ["bytesDown", ({ bytes }) => bytes.down],
  ["bytesUp", ({ bytes }) => bytes.up],
  ["connections", ({ connections }) => connections],
  ["reads", ({ reads }) => reads],
  ["mostInRead", ({ mostInRead }) => mostInRead],
  ["stalls", ({ stalls }) => stalls],
];
const asIsTimes = ["firstByte", "firstToken", "answer", "gaps", "pace"] as const;

/** Of endpoints that are asked as they are, where nothing is due. */
const columnsAsIs: readonly Columns[] = [
  ...phaseColumns.slice(0, 3),
  ...asIsRequests.map(([name, read]) =>
    column(name, ({ endpoint }) => (endpoint === undefined ? null : read(endpoint))),
  ),
  ...asIsTimes.map((key) => percentiles(key, ({ endpoint }) => endpoint?.[key] ?? null)),
  percentiles("wait", ({ endpoint }) => endpoint?.wait ?? null),
];

function column(name: string, read: (phase: Phase) => Value): Columns {
  return { names: [name], read: (phase) => [read(phase)] };
}

/** Read together, since it is the decoding of a histogram that takes time. */
function percentiles(name: string, histogramOf: (phase: Phase) => Histogram | null): Columns {
  return {
    names: [...Object.keys(shares), "Max", "Mean"].map((what) => `${name}${what}Ns`),
    read(phase) {
      const histogram = histogramOf(phase);
      const { valueNs } = mergedPercentiles(histogram === null ? [] : [histogram]);
      return [
        ...Object.values(shares).map(valueNs),
        histogram?.maxNs ?? null,
        histogram?.meanNs ?? null,
      ];
    },
  };
}

/** Empty where nobody counted. */
function bothWays(part: WirePart): Columns[] {
  return [
    column(`${part}BytesDown`, ({ wire }) => wire?.parts[part].down ?? null),
    column(`${part}BytesUp`, ({ wire }) => wire?.parts[part].up ?? null),
  ];
}

/** Empty where the run had no network namespaces. */
function onLink(key: keyof NonNullable<Wire["link"]>): Columns[] {
  return [
    column(`${key}Down`, ({ wire }) => wire?.link?.[key].down ?? null),
    column(`${key}Up`, ({ wire }) => wire?.link?.[key].up ?? null),
  ];
}

/** Sums over the processes of one kind; empty where none is known. */
function used(kind: Resources["process"]): Columns[] {
  return uses.map((key) =>
    column(`${kind}${capital(key)}`, ({ resources }) => {
      const values = resources.filter(({ process }) => process === kind).map((usage) => usage[key]);
      if (values.length === 0) return null;
      return values.reduce(
        (sum, value) => (sum === null || value === null ? null : sum + value),
        0,
      );
    }),
  );
}
