import { counted } from "./metric.ts";
import type { Metric } from "./metric.ts";

/** A metric that is read from a figure. */
export interface FigureMetric extends Metric {
  /** The figure's key, where it isn't the metric's name. */
  readonly key?: string;
  /** Whether it belongs to the trial as a whole, and not to a phase. */
  readonly ofTrial?: boolean;
  /** Whether nothing can be compared with a value that is "at least": the search ended at a limit that isn't the server's. */
  readonly needsLimit?: boolean;
  /** Whether it varies little enough to be compared; always, when left out. */
  readonly isSteady?: (cell: { readonly delivery: "push" | "pull" }) => boolean;
}

const timed = { tier: 1, unit: "ns", better: "lower", gates: true, judgedBy: "median" } as const;

/** Metrics that scenarios state as figures. */
export const figureMetrics: readonly FigureMetric[] = [
  {
    name: "held",
    ofTrial: true,
    tier: 0,
    unit: "count",
    better: "higher",
    gates: true,
    judgedBy: "best",
    // The search is no more precise than this.
    tolerance: { absolute: 0, relative: 0.05 },
  },
  {
    name: "throughput",
    ofTrial: true,
    tier: 1,
    unit: "per second",
    better: "higher",
    gates: true,
    judgedBy: "median",
    // Each of both sides is known to a tenth.
    tolerance: { absolute: 0, relative: 0.2 },
    needsLimit: true,
  },
  {
    ...counted,
    name: "memory",
    ofTrial: true,
    unit: "bytes",
    judgedBy: "best",
    // What V8 keeps in reserve makes up to 5 kB of difference; `heap` sees less where it is known.
    tolerance: { absolute: 6_144, relative: 0.15 },
    // Polls leave garbage behind: from half as much again to as much again, up to 10 kB a client.
    isSteady: ({ delivery }) => delivery === "push",
  },
  {
    ...counted,
    name: "heap",
    ofTrial: true,
    unit: "bytes",
    judgedBy: "best",
    // Thirty trials of each transport lay within 260 B: see docs/method.md.
    tolerance: { absolute: 1_024, relative: 0.1 },
  },
  { ...timed, name: "p50", key: "delivery.p50", tolerance: { absolute: 1e5, relative: 0.1 } },
  { ...timed, name: "p90", key: "delivery.p90", tolerance: { absolute: 1e5, relative: 0.15 } },
  {
    ...timed,
    name: "p99",
    key: "delivery.p99",
    gates: false,
    tolerance: { absolute: 1e5, relative: 0.3 },
  },
  {
    ...timed,
    name: "cpu",
    key: "cpu.server",
    unit: "ms",
    // One garbage collection more or less makes a smaller difference than this.
    tolerance: { absolute: 1, relative: 0.15 },
  },
];
