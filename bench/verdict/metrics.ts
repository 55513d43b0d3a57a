import type { Figure, Phase, Wire } from "../results/schema.ts";
import { bothWays, isNumbered, partsPer } from "../results/wire-parts.ts";
import type { WirePart } from "../results/wire-parts.ts";
import { sum } from "../statistics/basics.ts";

/** What is tolerated before a change is one: the larger of the two. */
export interface Tolerance {
  /** In the metric's unit. */
  readonly absolute: number;
  /** As a share of the baseline. */
  readonly relative: number;
}

/** What can be compared between runs, whichever way it is read. */
export interface Metric {
  /** By which config files and budgets refer to it. */
  readonly name: string;
  /** 0: counted, the same on every machine. 1: timed. */
  readonly tier: 0 | 1;
  readonly unit: Exclude<Figure["unit"], "text">;
  readonly better: "lower" | "higher";
  /** Whether its verdict counts unless the user says otherwise. */
  readonly gates: boolean;
  /**
   * Which of a cell's trials speaks for it. A loss counts however rare it is. What a server has lost for
   * good it lacks in every trial, so where a busy moment can only make it worse, the best one tells.
   */
  readonly judgedBy: "worst" | "median" | "best";
  readonly tolerance: Tolerance;
}

/** What a figure stands for, where it goes by a shorter name. */
export interface FigureMetric extends Metric {
  readonly key: string;
  /** Whether it belongs to the trial as a whole, and not to a phase. */
  readonly ofTrial?: boolean;
  /** Where it varies too much it is no matter for a verdict; nowhere when left out. */
  readonly isSteady?: (of: Pick<PhaseContext, "delivery">) => boolean;
}

/** What of a phase is read. Of the user's own server bytes are known only where a relay counts them. */
export type ReadPhase = Pick<
  Phase,
  "name" | "measured" | "clients" | "disconnected" | "deliveries" | "wire"
> & {
  readonly setUp: Pick<Phase["setUp"], "count">;
  readonly canary: Pick<NonNullable<Phase["canary"]>, "arrived"> | null;
};

/** One whose bytes were counted. */
export type CountedPhase = ReadPhase & { readonly wire: Wire };

/** All that a metric is read from. */
export interface PhaseContext<P extends ReadPhase = CountedPhase> {
  readonly phase: P;
  readonly delivery: "push" | "pull";
  /** Null where clients don't poll on a grid. */
  readonly pollIntervalMs: number | null;
  readonly payloadBytes: number;
}

export interface PhaseMetric<P extends ReadPhase = CountedPhase> extends Metric {
  /** Null where the phase has none. */
  readonly read: (place: PhaseContext<P>) => number | null;
  /** Where it depends on timing it is no matter for a verdict; everywhere when left out. */
  readonly isSteady?: (place: PhaseContext<P>) => boolean;
}

const harm = { tier: 0, unit: "count", better: "lower", gates: true, judgedBy: "worst" } as const;
const none = { absolute: 0, relative: 0 };
/** A byte more a message is a change; the dust of divisions is none. */
const halfByte = { absolute: 0.5, relative: 0 };
const counted = { tier: 0, better: "lower", gates: true, judgedBy: "median" } as const;

/** Read from each phase that is measured. */
export const deliveryMetrics: readonly PhaseMetric<ReadPhase>[] = [
  harmMetric("lost"),
  harmMetric("duplicated"),
  harmMetric("reordered"),
  harmMetric("corrupted"),
  {
    ...harm,
    name: "disconnected",
    tolerance: none,
    read: ({ phase }) => phase.disconnected,
  },
  {
    ...harm,
    name: "loss",
    unit: "percent",
    gates: false,
    tolerance: none,
    read: ({ phase: { deliveries } }) =>
      deliveries.lost === null ? null : share(100 * deliveries.lost, deliveries.expected),
    // For budgets: where runs are compared, `lost` says the same.
    isSteady: () => false,
  },
];

/** Read from those whose bytes were counted. */
export const wireMetrics: readonly PhaseMetric[] = [
  {
    ...counted,
    name: "bytesPerMessage",
    unit: "bytes",
    tolerance: halfByte,
    read: (place) => share(framingBytes(place), place.phase.wire.messages),
    // How many messages a poll finds is a matter of timing.
    isSteady: ({ delivery }) => delivery === "push",
  },
  {
    ...counted,
    name: "bytesPerAnswer",
    unit: "bytes",
    tolerance: halfByte,
    // Heads, without what differs with how many messages a poll happens to find.
    read: (place) => {
      const { parts, bodyBytes, digitBytes } = place.phase.wire;
      return share(bothWays(parts.deliveries) - bodyBytes - digitBytes, answersIn(place));
    },
  },
  {
    ...counted,
    name: "framingBytes",
    unit: "bytes",
    tolerance: halfByte,
    read: (place) => {
      const { bodyBytes, messages } = place.phase.wire;
      const isPolled = answersIn(place) > 0;
      return isPolled ? share(bodyBytes - place.payloadBytes * messages, messages) : null;
    },
  },
  {
    ...counted,
    name: "messagesPerAnswer",
    unit: "count",
    gates: false,
    tolerance: { absolute: 0.1, relative: 0.25 },
    read: (place) => share(place.phase.wire.messages, answersIn(place)),
    // For budgets: it is a matter of timing.
    isSteady: () => false,
  },
  {
    ...counted,
    name: "requestsPerMessage",
    unit: "count",
    tolerance: { absolute: 0.25, relative: 0.25 },
    read: ({ phase, delivery }) =>
      delivery === "pull" ? share(phase.wire.requests, phase.wire.messages) : null,
    // On a grid the clock decides, and so it does where messages come faster than answers.
    isSteady: ({ phase, pollIntervalMs }) =>
      pollIntervalMs === null && phase.wire.answers >= 0.95 * phase.wire.messages,
  },
  {
    ...counted,
    name: "bytesPerEmptyPoll",
    unit: "bytes",
    tolerance: halfByte,
    read: ({ phase }) =>
      isIdle(phase) ? share(spentOn("emptyPolls", phase), phase.wire.requests) : null,
  },
  {
    ...counted,
    name: "heartbeatBytes",
    unit: "bytes",
    // One that falls just outside of the phase is no change; twice as many are.
    tolerance: { absolute: 1, relative: 0.25 },
    read: ({ phase, delivery }) =>
      isIdle(phase) && delivery === "push" ? heartbeatBytes(phase) : null,
    // How often it comes depends on the window where nothing was seen twice.
    isSteady: ({ phase: { wire } }) => wire.cycle === null || wire.cycle.cycleMs !== null,
  },
  {
    ...counted,
    name: "bytesUpPerMessage",
    unit: "bytes",
    tolerance: halfByte,
    read: ({ phase: { wire }, payloadBytes }) =>
      share(spentOn("upstream", { wire }) - payloadBytes * wire.sentUp, wire.sentUp),
  },
  {
    ...counted,
    name: "newConnections",
    unit: "count",
    // Of those that are kept alive one may time out; an endpoint that closes them loses all.
    tolerance: { absolute: 2, relative: 0.25 },
    read: ({ phase }) => (dialledIn(phase) === 0 ? phase.wire.connections : null),
  },
  {
    ...counted,
    name: "setUpBytes",
    unit: "bytes",
    tolerance: halfByte,
    read: ({ phase }) => share(spentPerConnection(phase), dialledIn(phase)),
  },
];

const timed = { tier: 1, unit: "ns", better: "lower", gates: true, judgedBy: "median" } as const;

/** Stated by scenarios as figures. */
export const figureMetrics: readonly FigureMetric[] = [
  {
    name: "held",
    key: "held",
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
    key: "memory",
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
    key: "heap",
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

/** Whether it counts what no server may do even once. */
export function isHarm({ tier, judgedBy }: Metric): boolean {
  return tier === 0 && judgedBy === "worst";
}

/** Deliveries that were not as they should be. */
function harmMetric(
  name: "lost" | "duplicated" | "reordered" | "corrupted",
): PhaseMetric<ReadPhase> {
  return {
    ...harm,
    name,
    tolerance: none,
    read: ({ phase: { deliveries } }) => (deliveries.intended === 0 ? null : deliveries[name]),
  };
}

/** Of polls that messages were the answer to. */
function answersIn({ phase, delivery }: PhaseContext): number {
  return delivery === "pull" && phase.deliveries.intended > 0 ? phase.wire.answers : 0;
}

/** Clients that were brought in, with the canary, which comes with the first of them. */
function dialledIn({ setUp, canary }: ReadPhase): number {
  return setUp.count === 0 || canary === null ? setUp.count : setUp.count + 1;
}

function isIdle(phase: ReadPhase): boolean {
  return phase.deliveries.intended === 0 && dialledIn(phase) === 0;
}

/** Of a client: in the phase, which has whole cycles, or in a minute where its cycle could only be seen. */
function heartbeatBytes({ wire: { cycle, parts }, clients }: CountedPhase): number | null {
  return cycle?.cycleMs == null
    ? share(bothWays(parts.heartbeats), clients)
    : bothWays(cycle.bytes) * (60_000 / cycle.cycleMs);
}

/** What deliveries took beside their payloads, both ways. */
function framingBytes({ phase, payloadBytes }: PhaseContext): number {
  return spentOn("deliveries", phase) - payloadBytes * phase.wire.messages;
}

/** Without what is due to the server's address and its age. */
function spentOn(part: WirePart, { wire }: Pick<CountedPhase, "wire">): number {
  return bothWays(wire.parts[part]) - (isNumbered(part) ? bothWays(wire.incidental[part]) : 0);
}

function spentPerConnection(phase: CountedPhase): number {
  return sum(partsPer("connection").map((part) => spentOn(part, phase)));
}

function share(amount: number, of: number): number | null {
  return of === 0 ? null : amount / of;
}
