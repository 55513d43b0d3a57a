import type { EndpointMeasured } from "./endpoint-verbs.ts";
import type { WirePart } from "../transports/wire-parts.ts";
import type { TokensMeasured } from "./prompting.ts";

/** The measurements of a phase. Sizes are in bytes; `down` is server to client. */
export interface MeasuredPhase {
  readonly name: string;
  readonly durationMs: number;
  readonly clients: number;
  /** The mean size of its messages, where they aren't all of the workload's. */
  readonly payloadBytes: number | null;
  /** Messages that were to be sent; those that were, where sending was broken off. */
  readonly intended: number;
  readonly expected: number;
  readonly delivered: number;
  /** Why sending ended before its time; null where it didn't: see `SendingOptions.latestMs`. */
  readonly brokenOff: BrokenOff | null;
  /** Null where the last messages were not waited for. */
  readonly lost: number | null;
  readonly duplicated: number;
  readonly reordered: number;
  readonly corrupted: number;
  /** Deliveries within the phase, whenever they were sent: what the clients' CPU time was spent on. */
  readonly arrived: number;
  /**
   * Those that the bytes and the server's CPU time were spent on, the canary's with them: where messages are
   * fetched, the ones in the answers that were counted.
   */
  readonly served: number;
  /** Nanoseconds; null when the sample is too small for the percentile (q from 0 to 1). */
  delivery(q: number): number | null;
  lastClient(q: number): number | null;
  /** The same for the canary; null also where the scenario has none. */
  canary(q: number): number | null;
  setUp(q: number): number | null;
  /** Null where nobody was connected in it. */
  readonly meanSetUpNs: number | null;
  /** Null in scenarios with neither `usesNetwork` nor `keepsLedger`, but for clients in rooms whose broker failed. */
  readonly ledger: Ledger | null;
  readonly absences: Absences | null;
  /** Null where clients keep nothing of what they send. */
  readonly outboxes: Outboxes | null;
  /** The last restart of the server; null where there was none. */
  readonly restart: RestartMeasured | null;
  /** Null where none stopped. */
  readonly stoppedReaders: StoppedReaders | null;
  /** Of each kind that tried; null where none did. */
  readonly intruders: readonly IntrudersMeasured[] | null;
  /** Null in scenarios without `watchesMemory`, and where the server isn't the harness's own. */
  readonly serverMemory: WatchedMemory | null;
  /** Null where clients aren't in rooms. */
  readonly rooms: RoomsMeasured | null;
  /** Null where clients didn't prompt. */
  readonly tokens: TokensMeasured | null;
  /** By how much later than it was due each message was sent. */
  lateness(q: number): number | null;
  readonly minDeliveryNs: number | null;
  /** Null where no endpoint was asked as it is. */
  readonly endpoint: EndpointMeasured | null;
  readonly maxDeliveryNs: number | null;
  readonly meanDeliveryNs: number | null;
  /** Null where nobody counted: the user's own server in a scenario that measures time. */
  readonly wire: WireMeasured | null;
  /**
   * Bytes both ways that the format's definition gives, for the parts of the same name; null where the
   * transport states none.
   */
  readonly theory: {
    readonly source: string;
    readonly deliveries: number | null;
    readonly upstream: number | null;
  } | null;
  /** With the headers of TCP and IP; null where only the connections' payload is counted. */
  readonly link: LinkMeasured | null;
  /** What a packet network did meanwhile; null without one. */
  readonly network: Readonly<Record<"down" | "up", NetworkMeasured>> | null;
  /** CPU milliseconds, less what waiting for due times took; null where the process isn't known. */
  readonly serverCpuMs: number | null;
  readonly loadCpuMs: number;
  /** Null without a broker of the harness's own. */
  readonly brokerCpuMs: number | null;
  /** Null where nothing stands in front of servers. */
  readonly balancerCpuMs: number | null;
  /** Of the bytes of deliveries behind a balancer, what each server wrote, 0 to 1; null without, or without any. */
  readonly serverShares: readonly number[] | null;
  /** Of each process. */
  readonly busy: readonly BusyProcess[];
  /** Of what the network carries down at most, 0 to 1; null where it has no such limit. */
  readonly linkShare: number | null;
}

/** Why what is published ended before its time: messages were too late, or the process kept too much. */
export type BrokenOff = "late" | "memory";

/** How near a process was to all that it can do. */
export interface BusyProcess {
  /** `server`, `load`, `publisher`, `broker`, … */
  readonly process: string;
  /**
   * The share of its busiest second in which its event loop had work, 0 to 1; where that isn't known, of the phase in
   * which it had a processor or waited for one.
   */
  readonly share: number;
  /** Of the same time, in which it had a processor, 0 to 1: less than `share` where it had to wait for one. */
  readonly cpuShare: number;
  /** Of its processor time, what the kernel took for it, 0 to 1; null where that isn't known. */
  readonly kernelShare: number | null;
}

/** What became of every delivery that was expected; the first eight add up to that. */
export interface Ledger {
  /** Over the connection that was there when the message was sent. */
  readonly received: number;
  /** Sent before its client was back, and received after that. */
  readonly replayed: number;
  /** Lost between servers: the one that published it couldn't hand it to the bus. */
  readonly unsent: number;
  /** Lost between servers: the client's server didn't take it from the bus. */
  readonly untaken: number;
  /** Lost, and due before its client noticed that the connection had ended. */
  readonly inFlight: number;
  /** Lost, and due while its client was away. */
  readonly missed: number;
  /** Lost, since the server's log didn't hold it any more when its client asked, or it was left out for it. */
  readonly overrun: number;
  /** Lost otherwise. */
  readonly unaccounted: number;
  /** Received once more. */
  readonly doubled: number;
  /** Received after a message that was sent later. */
  readonly reordered: number;
}

/** Clients that lost their connection, and came back. */
export interface Absences {
  readonly count: number;
  /** Those that hadn't come back by the end of the phase. */
  readonly lasting: number;
  readonly dials: number;
  readonly failedDials: number;
  /** From noticing until being subscribed, or until the next message, in nanoseconds; null where too few did. */
  untilSubscribed(q: number): number | null;
  untilReceiving(q: number): number | null;
  /** The longest of those that did. */
  readonly longestUntilReceivingNs: number | null;
}

/** What clients in rooms received. */
export interface RoomsMeasured {
  /** Of the rooms of each size, in the order of the plan. */
  readonly sizes: readonly (RoomPercentiles & {
    readonly clients: number;
    readonly rooms: number;
    readonly messages: number;
    readonly expected: number;
  })[];
  /**
   * Of clients of the server that published the message, or got it from a client, without those that are alone; null
   * where there is one server.
   */
  readonly atPublisher: RoomPercentiles | null;
  /** Of those of the other servers. */
  readonly elsewhere: RoomPercentiles | null;
  /** Deliveries that were under way to a client when it left. They are neither expected nor lost. */
  readonly inFlight: number;
  /** Null where nobody changed rooms. */
  readonly joins: {
    readonly count: number;
    /** From dialling until being subscribed, or until the first message, in nanoseconds; null where too few did. */
    untilSubscribed(q: number): number | null;
    untilReceiving(q: number): number | null;
  } | null;
}

export interface RoomPercentiles {
  readonly delivered: number;
  delivery(q: number): number | null;
}

/** What clients kept of what they sent until it had come back. */
export interface Outboxes {
  /** The most messages that one client kept at once. */
  readonly mostKept: number;
  /** Messages that were sent once more. */
  readonly sentAgain: number;
  /** Those that the server had taken before; null where only the user's own server knows. */
  readonly repeated: number | null;
  /** Returns after which not all that was kept then came back. */
  readonly unacknowledged: number;
  /** From a client's return until all that it kept then had come back, in nanoseconds; null where too few did. */
  untilAcknowledged(q: number): number | null;
  readonly longestUntilAcknowledgedNs: number | null;
}

/** What clients and the fresh server did in a restart. */
export interface RestartMeasured {
  readonly downMs: number;
  /** Clients that lost their connection in the phase. */
  readonly lost: number;
  /** Of those, the ones that weren't back when waiting for the last message ended. */
  readonly neverBack: number;
  /**
   * From the end of the server until this share of them, 0 to 1, were subscribed again, in nanoseconds; null where fewer
   * were.
   */
  untilBack(share: number): number | null;
  /** The most dials in any 100 ms and in any second. */
  readonly mostDials: { readonly in100Ms: number; readonly inSecond: number };
  /** Processor time that the fresh server used until the last client was back, to 100 ms of its time. */
  readonly serverCpuMs: number;
}

/** Clients that stopped reading, and read again. */
export interface StoppedReaders {
  readonly count: number;
  /** Those that lost their connection. */
  readonly disconnected: number;
  /** Until the last of them got a message that was sent after it had begun to read again, in nanoseconds; null if none did. */
  readonly longestCatchUpNs: number | null;
  readonly caughtUp: number;
}

/** Intruders of one kind, and what became of them. */
export interface IntrudersMeasured {
  /** See `bench/intruders/kinds.ts`. */
  readonly kind: string;
  readonly attempts: number;
  /**
   * How many ended how: by a status such as `413`, a close code of WebSocket such as `1009`, `closed`, `reset`, or
   * `not refused`.
   */
  readonly endings: Readonly<Record<string, number>>;
  /** The longest until one was refused, in milliseconds; null where none was. */
  readonly longestMs: number | null;
  /** The most bytes that the kernel took of one until it was refused: the server has read no more. */
  readonly mostBytes: number;
}

/**
 * How much more memory the server had in a part of a phase, its bounds given as shares from 0 to 1, than at the start, in
 * bytes: the median, garbage included. Null where it wasn't looked at meanwhile.
 */
export interface WatchedMemory {
  /** Of what JavaScript holds, in the heap and in buffers. */
  heapGrowth(from: number, to: number): number | null;
}

/** Traffic on the clients' connections; `requests` are those that were answered. */
export interface WireMeasured {
  readonly bytes: { readonly down: number; readonly up: number };
  /** Bytes both ways, by what they were for; `deliveries` with the payloads. */
  readonly parts: Readonly<Record<WirePart, number>>;
  readonly requests: number;
  /** Messages that clients have sent up: what the part `upstream` was spent on. */
  readonly sentUp: number;
  readonly connections: number;
  /** The traffic that idle connections were observed to repeat; null where it is known beforehand. */
  readonly cycle: SeenCycle | null;
}

export interface SeenCycle {
  /** Null where nothing was seen twice. */
  readonly cycleMs: number | null;
  /** How often one was seen. */
  readonly cycles: number;
  /** Both ways, of one connection in one cycle; all that was seen of it where nothing was repeated. */
  readonly bytes: number;
}

/** Traffic on the link between both sides; `down` is server to client. */
export interface LinkMeasured {
  /** Whole IP packets. */
  readonly ipBytes: { readonly down: number; readonly up: number };
  readonly segments: { readonly down: number; readonly up: number };
  /** Segments that carry nothing else. */
  readonly acknowledgements: { readonly down: number; readonly up: number };
}

/** What a packet network did with one direction's packets, and the kernel that sent them about it. */
export interface NetworkMeasured {
  readonly packets: number;
  /** Lost, as it was to. */
  readonly lost: number;
  /** Segments of TCP that were sent again. */
  readonly retransmitted: number;
}
