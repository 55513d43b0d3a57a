import type { BoundTransport } from "../../transports/define-transport.ts";
import { histogramOf, mergeHistograms } from "../measure/histogram.ts";
import { mergeTimelines } from "../measure/timeline.ts";
import { phaseTheory } from "./phase-theory.ts";
import { incidentalBytes, referenceAuthority } from "./incidental.ts";
import { absencesOf } from "./phase-absences.ts";
import { attributeByContext } from "./relayed-parts.ts";
import type {
  AbsenceReport,
  Collected,
  Dialled,
  LoadEnd,
  ServerEnd,
  StoppedReport,
} from "../processes/protocol.ts";
import type { TakenCounts } from "../processes/taken-messages.ts";
import { answersIn, messagesIn } from "../measure/wire-ledger.ts";
import type { WireDelta } from "../measure/wire-ledger.ts";
import type { RecordedEndpoint } from "../results/recorded-endpoint.ts";
import type { Intruders } from "../results/recorded-intruders.ts";
import type { Link, Phase, Resources, Wire } from "../results/schema.ts";
import type { PhaseSends } from "./phase-sends.ts";
import { sum } from "../statistics/basics.ts";

/** The reports of some load processes on a phase; both lists are in the order of the processes. */
export interface Reports {
  readonly ends: readonly LoadEnd[];
  readonly recordings: readonly Collected[];
}

/** Everything that processes report about a phase. */
export interface PhaseFacts {
  readonly name: string;
  readonly measured: boolean;
  readonly transport: BoundTransport;
  /** The size of payloads as the transport gets them; their mean where they aren't of one size. */
  readonly payloadBytes: number;
  readonly areOfOneSize: boolean;
  readonly escapes: number;
  /** See `payloadBytes` of a phase; null where the workload's size is that of each message. */
  readonly meanBytes: number | null;
  readonly servers: number;
  /** `host:port` of the server, or of one of several: all are as long. */
  readonly authority: string;
  /** The number of clients, without the canary. */
  readonly clients: number;
  /** Clients disconnected since the previous measured phase, including the canary. */
  readonly disconnected: number;
  /** Messages on the shared channel before the phase. */
  readonly publishedBefore: number;
  /** Messages that the channel of each client had carried before the trial, with the canary's. */
  readonly ages: readonly number[];
  readonly sends: PhaseSends;
  readonly dialled: readonly Dialled[];
  readonly server: ServerEnd;
  /** The reports of load processes on their clients' absences; empty where there is nothing to tell. */
  readonly absences: readonly AbsenceReport[];
  /** Messages that came up by the end of waiting; null where that isn't counted. */
  readonly takenUp: TakenCounts | null;
  readonly restarts: NonNullable<Phase["restarts"]>;
  /** The reports of load processes on their clients that stopped reading; empty where none did. */
  readonly stopped: readonly StoppedReport[];
  /** Resources of what stands between clients and server, and of intruders; empty where there are none. */
  readonly others: readonly Resources[];
  /** What became of intruders; empty where there are none. */
  readonly intruders: readonly Intruders[];
  /** What an endpoint was asked; null or left out for nothing. */
  readonly endpoint?: RecordedEndpoint | null;
  /** Whether the server is the user's own, so that a relay counted its bytes, if anyone did. */
  readonly fromOutside: boolean;
  /** Traffic of the trial's own network; null without one. */
  readonly link: Link | null;
  /** What a packet network did; null without one. */
  readonly network: Phase["network"] | null;
  /** What carried messages between servers; null where one serves alone. */
  readonly bus: Phase["bus"] | null;
  /** What stood in front of servers; null where clients dialled them. */
  readonly balancer: Phase["balancer"] | null;
  /** What a relay did by its profile; null without one. */
  readonly relay: Phase["relay"] | null;
  /** Bytes that waited in the kernel for load processes when sending ended; null where that wasn't looked up. */
  readonly receiveQueueBytes: number | null;
  /** Left out where clients aren't in rooms. */
  readonly rooms?: NonNullable<Phase["rooms"]>;
  /** Left out where clients didn't prompt. */
  readonly tokens?: NonNullable<Phase["tokens"]>;
  /** Of clients in rooms while the broker failed; null where it didn't. */
  readonly ledger?: NonNullable<Phase["ledger"]> | null;
  readonly fleet: Reports;
  /** The reports of the canary's process; empty without a canary. */
  readonly canary: Reports;
  readonly standStills: Phase["standStills"];
  readonly othersCpuMs: number | null;
  /** See those of a phase; left out on one machine. */
  readonly clocks?: Phase["clocks"];
  readonly clockBoundNs?: number | undefined;
  /** Whether each message goes to all clients. */
  readonly toAll: boolean;
  /** Whether messages that were on their way at the end were waited for. */
  readonly waited: boolean;
}

/** Assembles a phase from the reports of its processes. */
export function phaseOf(facts: PhaseFacts): Phase {
  const { sends, server, fleet, canary } = facts;
  const { ends, recordings } = fleet;
  const { counts } = sends;
  const expected = sum(counts.expected);
  const delivered = sum(recordings.map((recording) => recording.delivered));
  const corrupted = sum(recordings.map((recording) => recording.corrupted));
  const latest = latestOf(recordings);
  const brokenOff = sends.sent.flatMap((sent) => sent.brokenOff ?? []).at(0);
  const wire = facts.fromOutside ? attributeByContext(server.wire, facts) : server.wire;
  return {
    name: facts.name,
    measured: facts.measured,
    durationMs: server.durationMs ?? server.resources[0].durationMs,
    clients: facts.clients,
    disconnected: facts.disconnected,
    ...(facts.meanBytes !== null && { payloadBytes: facts.meanBytes }),
    deliveries: {
      intended: counts.intended,
      expected,
      delivered,
      // What arrived corrupted isn't lost as well. Garbage that was never a message is corrupted, too.
      lost: facts.waited ? Math.max(0, expected - delivered - corrupted) : null,
      duplicated: sum(recordings.map((recording) => recording.duplicated)),
      reordered: sum(recordings.map((recording) => recording.reordered)),
      corrupted,
      arrived: sum(ends.map((end) => end.arrived)),
    },
    rate:
      counts.intended === 0
        ? null
        : {
            intended: sends.intendedRate,
            achieved: sum(sends.sent.map((sent) => sent.achievedRate)),
          },
    ...(brokenOff !== undefined && { brokenOff }),
    latency: {
      delivery: mergeHistograms(recordings.map((recording) => recording.delivery)),
      transit: mergeHistograms(recordings.map((recording) => recording.transit)),
      lateness: mergeHistograms(sends.sent.map((sent) => sent.lateness)),
      lastClient: histogramOf(facts.toAll ? latest.flatMap((ns) => ns ?? []) : []),
    },
    timeline: mergeTimelines(recordings.map((recording) => recording.timeline)),
    backlog: {
      ...backlogOf(sends, latest),
      receiveQueueBytes: facts.receiveQueueBytes,
    },
    canary: canaryOf(canary, counts.toCanary),
    setUp: mergeHistograms(facts.dialled.map((dialled) => dialled.setUp)),
    ...absencesOf(facts, expected, delivered),
    ...(facts.clockBoundNs !== undefined && { clockBoundNs: facts.clockBoundNs }),
    ...(facts.clocks && { clocks: facts.clocks }),
    ...(facts.network !== null && { network: facts.network }),
    ...(facts.bus !== null && { bus: facts.bus }),
    ...(facts.balancer !== null && { balancer: facts.balancer }),
    ...(facts.relay !== null && { relay: facts.relay }),
    ...(facts.restarts.length > 0 && { restarts: facts.restarts }),
    ...stoppedOf(facts.stopped),
    ...(facts.rooms && { rooms: facts.rooms }),
    ...(facts.tokens && { tokens: facts.tokens }),
    ...(facts.ledger && { ledger: facts.ledger }),
    ...(facts.intruders.length > 0 && { intruders: [...facts.intruders] }),
    ...(facts.endpoint != null && { endpoint: facts.endpoint }),
    ...(server.memoryCourse && { memoryCourse: server.memoryCourse }),
    wire: wire && wireOf(wire, facts),
    theory: theoryOf(facts),
    resources: [
      ...server.resources,
      ...facts.others,
      ...ends.map((end) => end.resources),
      ...canary.ends.map((end) => asCanary(end.resources)),
    ],
    standStills: [...facts.standStills],
    othersCpuMs: facts.othersCpuMs,
    kernelSocketBytes: server.kernelSocketBytes,
  };
}

/**
 * The messages that their last client got after the end of sending. Reckoned afterwards, since a process
 * that can't keep up can't be asked either.
 */
function backlogOf(
  { sent, counts: { rounds } }: PhaseSends,
  latest: readonly (number | null)[],
): Pick<Phase["backlog"], "messages" | "sendingMs"> {
  if (rounds === 0) return { messages: 0, sendingMs: 0 };
  const startNs = Math.min(...sent.map((sending) => sending.startNs));
  const untilNs = Math.max(...sent.map((sending) => sending.untilNs));
  const distanceNs = (untilNs - startNs) / rounds;
  const messages = latest.filter(
    (ns, index) => ns !== null && startNs + index * distanceNs + ns > untilNs,
  ).length;
  return { messages, sendingMs: (messages * distanceNs) / 1e6 };
}

/** Pushed messages were waited for, so those that arrived are those that were sent. */
function wireOf({ answers, records: _notStored, ...wire }: WireDelta, facts: PhaseFacts): Wire {
  const { transport, fleet, canary, link, server, sends, payloadBytes, authority } = facts;
  const { ages, publishedBefore } = facts;
  const { published, sentUp, intended } = sends.counts;
  const fleetJoined = facts.dialled.flatMap(({ cursors }) => cursors);
  // The canary comes with the first of them.
  const joined =
    canary.ends.length === 0 ? fleetJoined : [...fleetJoined.slice(0, 1), ...fleetJoined];
  const arrived = sum([...fleet.ends, ...canary.ends].map((end) => end.arrived));
  return {
    ...wire,
    answers: answersIn(answers),
    // Each answered request names the server.
    digitBytes:
      wire.digitBytes + answersIn(answers) * (authority.length - referenceAuthority.length),
    // What answers hold is counted as the transport has it, which may be batches.
    messages:
      transport.delivery === "push" || server.batches !== null ? arrived : messagesIn(answers),
    cycle: sends.counts.intended === 0 ? server.cycle : null,
    incidental: incidentalBytes(transport, {
      payloadBytes,
      authority,
      ages,
      joined,
      publishedBefore,
      published,
      sentUp,
      countedUp: wire.sentUp,
      answers,
      emptyPolls: intended === 0 && joined.length === 0 ? wire.requests : 0,
    }),
    link,
  };
}

function theoryOf(facts: PhaseFacts): Phase["theory"] {
  const { server, sends } = facts;
  // Tokens are of any size, and prompts are no messages that come back.
  if (facts.tokens !== undefined) return null;
  // The user's own server may send any headers; and a sum over messages of many sizes is none over their mean.
  if (server.wire === null || facts.fromOutside || !facts.areOfOneSize) return null;
  // What reaches servers is what the balancer makes of it.
  if (facts.balancer !== null) return null;
  // What intruders send, and are answered, is no message's.
  if (facts.intruders.length > 0) return null;
  return phaseTheory(facts.transport, {
    payloadBytes: facts.payloadBytes,
    escapes: facts.escapes,
    authority: facts.authority,
    clientsAt: clientsAtServers(facts),
    publishedBefore: facts.publishedBefore,
    published: sends.counts.published,
    answers: server.wire.answers,
    records: server.wire.records,
    batches: server.batches,
    delivered: server.wire.parts.deliveries,
    sentUp: sends.counts.sentUp,
    countedUp: server.wire.sentUp,
  });
}

/** Servers have the addresses in turns. */
function clientsAtServers({ servers, fleet, canary }: PhaseFacts): number[] {
  const addresses = [...fleet.ends, ...canary.ends].flatMap(({ clientsAt }) =>
    clientsAt.map((clients, address) => ({ clients, server: address % servers })),
  );
  return Array.from({ length: servers }, (_, index) =>
    sum(addresses.filter(({ server }) => server === index).map(({ clients }) => clients)),
  );
}

function canaryOf(
  { ends: [end], recordings: [recording] }: Reports,
  expected: number,
): Phase["canary"] {
  if (end === undefined || recording === undefined) return null;
  return { expected, arrived: end.arrived, delivery: recording.delivery };
}

function stoppedOf(reports: readonly StoppedReport[]): Pick<Phase, "stoppedReaders"> {
  if (reports.length === 0) return {};
  return {
    stoppedReaders: {
      count: sum(reports.map(({ count }) => count)),
      disconnected: sum(reports.map(({ disconnected }) => disconnected)),
      caughtUp: mergeHistograms(reports.map(({ caughtUp }) => caughtUp)),
    },
  };
}

function asCanary(resources: Resources): Resources {
  return { ...resources, process: "canary" };
}

/** For each message, the latest delivery in any process; null where none is known. */
export function latestOf(
  recordings: readonly Pick<Collected, "lastClientNs">[],
): (number | null)[] {
  const messages = Math.max(0, ...recordings.map((recording) => recording.lastClientNs.length));
  return Array.from({ length: messages }, (_, index) => {
    const delays = recordings.flatMap((recording) => recording.lastClientNs[index] ?? []);
    return delays.length === 0 ? null : Math.max(...delays);
  });
}
