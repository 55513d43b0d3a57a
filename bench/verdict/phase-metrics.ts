import { sum } from "../statistics/basics.ts";
import type { Phase, Wire } from "../results/schema.ts";
import { bothWays, isNumbered, partsPer } from "../results/wire-parts.ts";
import type { WirePart } from "../results/wire-parts.ts";
import { counted } from "./metric.ts";
import type { Metric } from "./metric.ts";

/**
 * The part of a phase that metrics are read from. With the user's own server, `wire` is known only where a relay
 * counts.
 */
export type ReadPhase = Pick<
  Phase,
  "name" | "measured" | "clients" | "disconnected" | "payloadBytes" | "deliveries" | "wire"
> & {
  readonly isAttempt?: Phase["isAttempt"];
  readonly bus?: Phase["bus"];
  readonly setUp: Pick<Phase["setUp"], "count">;
  readonly canary: Pick<NonNullable<Phase["canary"]>, "arrived"> | null;
};

/** A phase whose bytes were counted. */
export type CountedPhase = ReadPhase & { readonly wire: Wire };

/** A phase and its cell, from which a metric is read. */
export interface PhaseContext<P extends ReadPhase = CountedPhase> {
  readonly phase: P;
  readonly delivery: "push" | "pull";
  /** Null where clients don't poll on a grid. */
  readonly pollIntervalMs: number | null;
  readonly payloadBytes: number;
  /** Whether the bytes of a head, or of a message, are the same whenever it is sent. */
  readonly isRepeatable: boolean;
}

export interface PhaseMetric<P extends ReadPhase = CountedPhase> extends Metric {
  /** Null where the phase doesn't have the metric. */
  readonly read: (place: PhaseContext<P>) => number | null;
  /** Whether it doesn't depend on timing, so that it can be compared; always, when left out. */
  readonly isSteady?: (place: PhaseContext<P>) => boolean;
}

const errors = {
  ...counted,
  unit: "count",
  judgedBy: "worst",
  tolerance: { absolute: 0, relative: 0 },
} as const;
/** One more byte a message is a change; a rounding error of a division is none. */
const bytes = { ...counted, unit: "bytes", tolerance: { absolute: 0.5, relative: 0 } } as const;

/**
 * How much bytes may change where heads or messages are compressed: the same one takes more or fewer by what came
 * before it on its connection, by the digits of the date, and by how many shared a frame.
 */
export const compressedTolerance = { absolute: 32, relative: 0.1 } as const;

/** Metrics of each measured phase. */
export const deliveryMetrics: readonly PhaseMetric<ReadPhase>[] = [
  ...(["lost", "duplicated", "reordered", "corrupted"] as const).map(errorMetric),
  {
    ...errors,
    name: "disconnected",
    read: ({ phase }) => phase.disconnected,
  },
  {
    ...errors,
    name: "loss",
    unit: "percent",
    gates: false,
    read: ({ phase: { deliveries } }) =>
      deliveries.lost === null ? null : share(100 * deliveries.lost, deliveries.expected),
    // Only for budgets: in comparisons, `lost` says the same.
    isSteady: () => false,
  },
];

/** Metrics of each measured phase whose bytes were counted. */
export const wireMetrics: readonly PhaseMetric[] = [
  {
    ...bytes,
    name: "bytesPerMessage",
    read: (place) => share(framingBytes(place), place.phase.wire.messages),
    // How many messages a poll finds depends on timing.
    isSteady: ({ delivery }) => delivery === "push",
  },
  {
    ...bytes,
    name: "bytesPerAnswer",
    // Only heads: the rest depends on how many messages a poll happens to find.
    read: (place) => {
      const { parts, bodyBytes, digitBytes } = place.phase.wire;
      return share(bothWays(parts.deliveries) - bodyBytes - digitBytes, answersIn(place));
    },
  },
  {
    ...bytes,
    name: "framingBytes",
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
    // Only for budgets: it depends on timing.
    isSteady: () => false,
  },
  {
    ...counted,
    name: "requestsPerMessage",
    unit: "count",
    tolerance: { absolute: 0.25, relative: 0.25 },
    read: ({ phase, delivery }) =>
      delivery === "pull" ? share(phase.wire.requests, phase.wire.messages) : null,
    // It depends on timing where clients poll on a grid, and where messages come faster than answers.
    isSteady: ({ phase, pollIntervalMs }) =>
      pollIntervalMs === null && phase.wire.answers >= 0.95 * phase.wire.messages,
  },
  {
    ...bytes,
    name: "bytesPerEmptyPoll",
    read: ({ phase }) =>
      isIdle(phase) ? share(spentOn("emptyPolls", phase), phase.wire.requests) : null,
  },
  {
    ...counted,
    name: "heartbeatBytes",
    unit: "bytes",
    // A heartbeat that falls just outside of the phase is no change; twice as many are.
    tolerance: { absolute: 1, relative: 0.25 },
    read: ({ phase, delivery }) =>
      isIdle(phase) && delivery === "push" ? heartbeatBytes(phase) : null,
    // If no cycle was seen twice, the number of heartbeats depends on the window.
    isSteady: ({ phase: { wire } }) => wire.cycle === null || wire.cycle.cycleMs !== null,
  },
  {
    ...bytes,
    name: "bytesUpPerMessage",
    read: ({ phase: { wire }, payloadBytes }) =>
      share(spentOn("upstream", { wire }) - payloadBytes * wire.sentUp, wire.sentUp),
  },
  {
    ...counted,
    name: "newConnections",
    unit: "count",
    // One kept-alive connection may time out; an endpoint that doesn't keep connections alive makes clients open all again.
    tolerance: { absolute: 2, relative: 0.25 },
    read: ({ phase }) => (dialledIn(phase) === 0 ? phase.wire.connections : null),
  },
  {
    ...bytes,
    name: "setUpBytes",
    read: ({ phase }) => share(spentPerConnection(phase), dialledIn(phase)),
  },
];

/** The number of wrong deliveries of one kind. */
function errorMetric(
  name: "lost" | "duplicated" | "reordered" | "corrupted",
): PhaseMetric<ReadPhase> {
  return {
    ...errors,
    name,
    read({ phase: { deliveries, bus } }) {
      const count = deliveries.intended === 0 ? null : deliveries[name];
      return name === "lost" && count !== null ? count - lostByFailing(bus) : count;
    },
  };
}

/** What a broker lost that was made to fail: a matter of when it did, and no server's fault. A figure tells it. */
function lostByFailing(bus: ReadPhase["bus"]): number {
  if (bus?.failed !== true) return 0;
  const { unsent = 0, untaken = 0 } = bus.deliveries ?? {};
  return unsent + untaken;
}

/** Polls that were answered by messages. */
function answersIn({ phase, delivery }: PhaseContext): number {
  return delivery === "pull" && phase.deliveries.intended > 0 ? phase.wire.answers : 0;
}

/** Clients that were dialled in the phase, including the canary, which is dialled with the first of them. */
function dialledIn({ setUp, canary }: ReadPhase): number {
  return setUp.count === 0 || canary === null ? setUp.count : setUp.count + 1;
}

function isIdle(phase: ReadPhase): boolean {
  return phase.deliveries.intended === 0 && dialledIn(phase) === 0;
}

/**
 * Heartbeat bytes of a client: in the phase, which has whole cycles, or in a minute where its cycle was observed.
 */
function heartbeatBytes({ wire: { cycle, parts }, clients }: CountedPhase): number | null {
  return cycle?.cycleMs == null
    ? share(bothWays(parts.heartbeats), clients)
    : bothWays(cycle.bytes) * (60_000 / cycle.cycleMs);
}

/** Bytes of deliveries without their payloads, both ways. */
function framingBytes({ phase, payloadBytes }: PhaseContext): number {
  return spentOn("deliveries", phase) - payloadBytes * phase.wire.messages;
}

/** Bytes of a part without those due to the server's address and age. */
function spentOn(part: WirePart, { wire }: Pick<CountedPhase, "wire">): number {
  return bothWays(wire.parts[part]) - (isNumbered(part) ? bothWays(wire.incidental[part]) : 0);
}

function spentPerConnection(phase: CountedPhase): number {
  return sum(partsPer("connection").map((part) => spentOn(part, phase)));
}

function share(amount: number, total: number): number | null {
  return total === 0 ? null : amount / total;
}
