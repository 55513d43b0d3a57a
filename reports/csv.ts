import { stringify } from "csv-stringify/sync";
import { percentileNs } from "../bench/results/percentile.ts";
import type { Histogram, Phase, Resources, Trial } from "../bench/results/schema.ts";
import type { Report } from "./report.ts";
import type { Run } from "./run.ts";

type Value = string | number | null;

/**
 * A row for each trial and phase; a trial that failed before its first phase has one without. `run` is
 * empty for a single run.
 */
export const csv = {
  name: "csv",
  file: "results.csv",
  several: false,
  render(runs) {
    const names = ["run", ...Object.keys(trialColumns), ...Object.keys(phaseColumns)];
    // A spreadsheet must not take a name or an error text for a formula.
    return stringify([names, ...runs.flatMap(rowsOf)], { escape_formulas: true });
  },
} satisfies Report;

function rowsOf({ label, results }: Run): Value[][] {
  return results.trials.flatMap((trial) =>
    trial.phases.length === 0
      ? [rowOf(label, trial, undefined)]
      : trial.phases.map((phase) => rowOf(label, trial, phase)),
  );
}

function rowOf(run: string | null, trial: Trial, phase: Phase | undefined): Value[] {
  return [
    run,
    ...Object.values(trialColumns).map((read) => read(trial)),
    ...Object.values(phaseColumns).map((read) => (phase === undefined ? null : read(phase))),
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

const phaseColumns: Readonly<Record<string, (phase: Phase) => Value>> = {
  phase: (phase) => phase.name,
  measured: (phase) => String(phase.measured),
  durationMs: (phase) => phase.durationMs,
  clients: (phase) => phase.clients,
  intendedRate: (phase) => phase.rate?.intended ?? null,
  achievedRate: (phase) => phase.rate?.achieved ?? null,
  intended: (phase) => phase.deliveries.intended,
  expected: (phase) => phase.deliveries.expected,
  delivered: (phase) => phase.deliveries.delivered,
  lost: (phase) => phase.deliveries.lost,
  duplicated: (phase) => phase.deliveries.duplicated,
  reordered: (phase) => phase.deliveries.reordered,
  corrupted: (phase) => phase.deliveries.corrupted,
  arrived: (phase) => phase.deliveries.arrived,
  ...percentiles("delivery", (phase) => phase.latency.delivery),
  ...percentiles("transit", (phase) => phase.latency.transit),
  ...percentiles("lateness", (phase) => phase.latency.lateness),
  ...percentiles("lastClient", (phase) => phase.latency.lastClient),
  ...percentiles("setUp", (phase) => phase.setUp),
  bytesDown: (phase) => phase.wire.total.down,
  bytesUp: (phase) => phase.wire.total.up,
  ...bothWays("setUp"),
  ...bothWays("deliveries"),
  ...bothWays("emptyPolls"),
  ...bothWays("heartbeats"),
  ...bothWays("upstream"),
  requests: (phase) => phase.wire.requests,
  connections: (phase) => phase.wire.connections,
  ...onLink("ipBytes"),
  ...onLink("segments"),
  ...onLink("acknowledgements"),
  ...onLink("retransmitted"),
  ...used("server"),
  ...used("load"),
  kernelSocketBytes: (phase) => phase.kernelSocketBytes,
};

function percentiles(name: string, read: (phase: Phase) => Histogram): typeof phaseColumns {
  const at = (q: number) => (phase: Phase) => percentileNs(read(phase), q);
  return {
    [`${name}P50Ns`]: at(0.5),
    [`${name}P90Ns`]: at(0.9),
    [`${name}P99Ns`]: at(0.99),
    [`${name}P999Ns`]: at(0.999),
    [`${name}MaxNs`]: (phase) => read(phase).maxNs,
    [`${name}MeanNs`]: (phase) => read(phase).meanNs,
  };
}

function bothWays(part: keyof Phase["wire"]["parts"]): typeof phaseColumns {
  return {
    [`${part}BytesDown`]: (phase) => phase.wire.parts[part].down,
    [`${part}BytesUp`]: (phase) => phase.wire.parts[part].up,
  };
}

/** Empty where the run had no network namespaces. */
function onLink(key: keyof NonNullable<Phase["wire"]["link"]>): typeof phaseColumns {
  return {
    [`${key}Down`]: ({ wire }) => wire.link?.[key].down ?? null,
    [`${key}Up`]: ({ wire }) => wire.link?.[key].up ?? null,
  };
}

/** Sums over the processes of one kind. */
function used(kind: Resources["process"]): typeof phaseColumns {
  const total = (read: (one: Resources) => number | null) => (phase: Phase) =>
    phase.resources
      .filter((one) => one.process === kind)
      .map(read)
      .reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);
  return {
    [`${kind}CpuMs`]: total((one) => one.cpuMs),
    [`${kind}TurningMs`]: total((one) => one.turningMs),
    [`${kind}RssBytes`]: total((one) => one.rssBytes),
    [`${kind}GcMs`]: total((one) => one.gcMs),
  };
}
