import { counted } from "./metric.ts";
import type { Metric } from "./metric.ts";

/** What a figure stands for. */
export interface FigureMetric extends Metric {
  /** Of the figure, where it isn't the metric's name. */
  readonly key?: string;
  /** Whether it belongs to the trial as a whole, and not to a phase. */
  readonly ofTrial?: boolean;
  /** Where it varies too much it is no matter for a verdict; nowhere when left out. */
  readonly isSteady?: (cell: { readonly delivery: "push" | "pull" }) => boolean;
}

const timed = { tier: 1, unit: "ns", better: "lower", gates: true, judgedBy: "median" } as const;

/** Stated by scenarios as figures. */
export const figureMetrics: readonly FigureMetric[] = [
  {
    name: "held",
    ofTrial: true,
    tier: 0,
    unit: "count",
    better: "higher",
    gates: true,
    judgedBy: "best",
    // The search goes no further down.
    tolerance: { absolute: 0, relative: 0.05 },
  },
  {
    ...counted,
    name: "memory",
    ofTrial: true,
    unit: "bytes",
    judgedBy: "best",
    // What V8 keeps in reserve makes up to 5 kB of difference; `heap` sees less where it is known.
    tolerance: { absolute: 6_144, relative: 0.15 },
    // What polls leave behind until it is collected is as much again, or half of it: up to 10 kB a client.
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
    // Less than this is what one collection of garbage more or less costs.
    tolerance: { absolute: 1, relative: 0.15 },
  },
];
