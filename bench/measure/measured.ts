import type {
  Absences,
  Ledger,
  MeasuredPhase,
  Outboxes,
  RoomPercentiles,
  RoomsMeasured,
  StoppedReaders,
  WatchedMemory,
  WireMeasured,
} from "../../scenarios/scenario.ts";
import { perPart } from "../../transports/wire-parts.ts";
import { percentileNs } from "../results/percentile.ts";
import type { Histogram, MemoryCourse, Phase, Resources, Wire } from "../results/schema.ts";
import { workMs } from "../results/work-time.ts";
import { bothWays, subtractBytes, noBytes } from "../../transports/wire-bytes.ts";
import { busyProcess, linkShareOf } from "./busy-processes.ts";
import { endpointOf } from "./measured-endpoint.ts";
import { restartOf } from "./measured-restart.ts";
import { tokensOf } from "./measured-tokens.ts";
import { medianOf, sum } from "../statistics/basics.ts";

/** A phase as scenarios see it. */
export function measuredOf(phase: Phase): MeasuredPhase {
  const { deliveries, latency, canary, wire } = phase;
  const used = (process: Resources["process"]): Resources[] =>
    phase.resources.filter((used) => used.process === process);
  return {
    name: phase.name,
    durationMs: phase.durationMs,
    clients: phase.clients,
    payloadBytes: phase.payloadBytes ?? null,
    intended: deliveries.intended,
    expected: deliveries.expected,
    delivered: deliveries.delivered,
    brokenOff: phase.brokenOff ?? null,
    lost: deliveries.lost,
    duplicated: deliveries.duplicated,
    reordered: deliveries.reordered,
    corrupted: deliveries.corrupted,
    arrived: deliveries.arrived,
    served: wire?.messages ?? deliveries.arrived + (canary?.arrived ?? 0),
    delivery: (q) => percentileNs(latency.delivery, q),
    lastClient: (q) => percentileNs(latency.lastClient, q),
    canary: (q) => (canary === null ? null : percentileNs(canary.delivery, q)),
    setUp: (q) => percentileNs(phase.setUp, q),
    meanSetUpNs: phase.setUp.meanNs,
    ledger: phase.ledger === undefined ? null : ledgerOf(phase.ledger),
    absences: phase.absences === undefined ? null : absencesOf(phase.absences),
    outboxes: phase.outboxes === undefined ? null : outboxesOf(phase.outboxes),
    restart: restartOf(phase),
    stoppedReaders: phase.stoppedReaders === undefined ? null : stoppedOf(phase.stoppedReaders),
    intruders: phase.intruders ?? null,
    serverMemory: phase.memoryCourse === undefined ? null : watchedOf(phase.memoryCourse),
    rooms: phase.rooms === undefined ? null : roomsOf(phase.rooms),
    tokens: phase.tokens === undefined ? null : tokensOf(phase.tokens, latency.delivery),
    lateness: (q) => percentileNs(latency.lateness, q),
    minDeliveryNs: latency.delivery.minNs,
    endpoint: phase.endpoint === undefined ? null : endpointOf(phase.endpoint),
    maxDeliveryNs: latency.delivery.maxNs,
    meanDeliveryNs: latency.delivery.meanNs,
    wire: wire && wireMeasured(wire),
    theory: phase.theory && {
      source: phase.theory.source,
      deliveries: phase.theory.deliveries && bothWays(phase.theory.deliveries),
      upstream: phase.theory.upstream && bothWays(phase.theory.upstream),
    },
    link: wire?.link ?? null,
    network: phase.network === undefined ? null : networkOf(phase.network),
    serverCpuMs: used("server").length === 0 ? null : cpuMs(used("server")),
    // Where clients live in a browser, that is a part of what they take.
    loadCpuMs: cpuMs([...used("load"), ...used("browser")]),
    brokerCpuMs: used("broker").length === 0 ? null : cpuMs(used("broker")),
    balancerCpuMs: used("balancer").length === 0 ? null : cpuMs(used("balancer")),
    serverShares: sharesOf(phase.balancer?.deliveredBytes ?? []),
    busy: phase.resources.map(busyProcess),
    linkShare: linkShareOf(phase),
  };
}

function networkOf({ down, up }: NonNullable<Phase["network"]>): MeasuredPhase["network"] {
  return { down: down.done, up: up.done };
}

function sharesOf(bytes: readonly number[]): number[] | null {
  const all = sum(bytes);
  return all === 0 ? null : bytes.map((one) => one / all);
}

/** Where one server serves alone, nothing is lost between servers. */
function ledgerOf({ unsent = 0, untaken = 0, ...others }: NonNullable<Phase["ledger"]>): Ledger {
  return { ...others, unsent, untaken };
}

function absencesOf(absences: NonNullable<Phase["absences"]>): Absences {
  const { untilSubscribed, untilReceiving, count, lasting, dials, failedDials } = absences;
  return {
    count,
    lasting,
    dials,
    failedDials,
    untilSubscribed: (q) => percentileNs(untilSubscribed, q),
    untilReceiving: (q) => percentileNs(untilReceiving, q),
    longestUntilReceivingNs: untilReceiving.maxNs,
  };
}

function outboxesOf({ untilAcknowledged, ...counts }: NonNullable<Phase["outboxes"]>): Outboxes {
  return {
    ...counts,
    untilAcknowledged: (q) => percentileNs(untilAcknowledged, q),
    longestUntilAcknowledgedNs: untilAcknowledged.maxNs,
  };
}

function stoppedOf(stopped: NonNullable<Phase["stoppedReaders"]>): StoppedReaders {
  const { caughtUp, ...counts } = stopped;
  return { ...counts, caughtUp: caughtUp.count, longestCatchUpNs: caughtUp.maxNs };
}

function roomsOf(rooms: NonNullable<Phase["rooms"]>): RoomsMeasured {
  const { atPublisher, elsewhere, joins } = rooms;
  return {
    sizes: rooms.sizes.map(({ delivery, ...size }) => ({ ...size, ...percentilesOf(delivery) })),
    atPublisher: atPublisher === undefined ? null : percentilesOf(atPublisher),
    elsewhere: elsewhere === undefined ? null : percentilesOf(elsewhere),
    inFlight: rooms.inFlight,
    joins:
      joins === undefined
        ? null
        : {
            count: joins.count,
            untilSubscribed: (q) => percentileNs(joins.untilSubscribed, q),
            untilReceiving: (q) => percentileNs(joins.untilReceiving, q),
          },
  };
}

function percentilesOf(delivery: Histogram): RoomPercentiles {
  return { delivered: delivery.count, delivery: (q) => percentileNs(delivery, q) };
}

function watchedOf({ heapBytes }: MemoryCourse): WatchedMemory {
  return {
    heapGrowth: (from, to) => growth(heapBytes, from, to),
  };
}

function growth(values: readonly number[], from: number, to: number): number | null {
  const [first] = values;
  const { length } = values;
  const median = medianOf(values.slice(Math.floor(from * length), Math.ceil(to * length)));
  return first === undefined || median === null ? null : median - first;
}

function wireMeasured({ total, parts, requests, sentUp, connections, cycle }: Wire): WireMeasured {
  const { underWay } = parts;
  return {
    bytes: subtractBytes(total, underWay),
    parts: perPart((part) => bothWays(parts[part])),
    requests,
    sentUp,
    connections,
    cycle: cycle && { ...cycle, bytes: bothWays(cycle.bytes) },
  };
}

function cpuMs(used: readonly Resources[]): number {
  return sum(used.map((one) => Math.max(0, workMs(one))));
}

export const nothingCrossed: WireMeasured = {
  bytes: noBytes,
  parts: perPart(() => 0),
  requests: 0,
  sentUp: 0,
  connections: 0,
  cycle: null,
};

/** A phase in which nothing was sent and nothing crossed the wire. */
export function nothingMeasured(name: string, clients: number): MeasuredPhase {
  return {
    name,
    durationMs: 0,
    clients,
    payloadBytes: null,
    intended: 0,
    expected: 0,
    delivered: 0,
    brokenOff: null,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    corrupted: 0,
    arrived: 0,
    served: 0,
    delivery: () => null,
    lastClient: () => null,
    canary: () => null,
    setUp: () => null,
    meanSetUpNs: null,
    ledger: null,
    absences: null,
    outboxes: null,
    restart: null,
    stoppedReaders: null,
    intruders: null,
    serverMemory: null,
    rooms: null,
    tokens: null,
    lateness: () => null,
    minDeliveryNs: null,
    endpoint: null,
    maxDeliveryNs: null,
    meanDeliveryNs: null,
    wire: nothingCrossed,
    theory: null,
    link: null,
    network: null,
    serverCpuMs: 0,
    loadCpuMs: 0,
    brokerCpuMs: null,
    balancerCpuMs: null,
    serverShares: null,
    busy: [],
    linkShare: null,
  };
}
