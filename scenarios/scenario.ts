import type { ClientFault, ServerFault } from "./fault.ts";
import type { Guards } from "../transports/guards.ts";
import type { Heartbeats } from "../transports/heartbeats.ts";
import type { WirePart } from "../transports/wire-parts.ts";

export type { Guards, Heartbeats };

/** A straight-line script over a small stage: what happens, in which order, for how long. */
export interface Scenario {
  readonly name: string;
  readonly summary: string;
  /** The workload where the user doesn't ask for another. */
  readonly workload: Pick<Workload, "clients" | "ratePerSecond" | "payloadBytes">;
  /** Trials of a cell in a default run, where another number than the default makes sense. */
  readonly trials?: number;
  /** How `durationMs` is to be scaled in this scenario; 1 when left out. */
  readonly durationShare?: number;
  /**
   * `counts`: only bytes and messages are counted. Late timers don't change these, several trials may run at once
   * while they `idle`, and a relay may stand in front of the user's own server to count its bytes. `time`: figures
   * depend on how soon something happens, and a trial needs the machine to itself.
   */
  readonly measures: "counts" | "time";
  /**
   * Whether one more client runs in a process of its own: if it gets messages much sooner than the others, their
   * latency is that of the process that they share.
   */
  readonly canary?: boolean;
  /** Whether clients may be asked to come back, and every delivery is accounted for; always so with `usesNetwork`. */
  readonly keepsLedger?: boolean;
  /** Whether the server's memory is read all along each measured phase. */
  readonly watchesMemory?: boolean;
  /** What it takes over from the workload besides the usual: a run in which no scenario does refuses to be given it. */
  readonly takes?: readonly (keyof Misfortune)[];
  /**
   * Whether something stands between clients and server that the script has misbehave: `stage.network`. True for what
   * works on TCP connections, `packets` for what works on packets.
   */
  readonly usesNetwork?: boolean | "packets";
  /** Whether the server is restarted: `stage.server.restart`. Only the harness's own can be, with `usesNetwork`. */
  readonly restartsServer?: boolean;
  /**
   * Limits that the harness's own server sets its clients: those of the options of a variant that can have them, where
   * the variant doesn't say otherwise.
   */
  readonly guards?: (workload: Workload) => Guards;
  /** Whether intruders try the server, in a process of their own: `stage.intruders`. */
  readonly hasIntruders?: boolean;
  /** Whether it is left out of runs for which no scenarios are named. */
  readonly onlyWhenNamed?: boolean;
  /** The workload in a few words. */
  describe(workload: Workload): string;
  play(stage: Stage): Promise<void>;
}

export interface Workload extends Misfortune {
  readonly clients: number;
  /** Messages per second; where clients send, of each client. */
  readonly ratePerSecond: number;
  /** The size of a message before its encoding; the mean of a corpus. */
  readonly payloadBytes: number;
  /** Where they aren't the harness's usual ones: see `--payload-kind` and `--encoding`. */
  readonly payloadKind?: string | undefined;
  readonly payloadSha256?: string | undefined;
  readonly encoding?: string | undefined;
  /** What is between clients and server: see `--network`. */
  readonly network?: string | undefined;
  readonly warmUpMs: number;
  /** Duration of the measured phase. */
  readonly durationMs: number;
  /** The connection search goes no further. */
  readonly maxConnections: number;
}

/** What goes wrong, and what clients do about it, where the user says so: scenarios have their own otherwise. */
export interface Misfortune {
  readonly reconnect?: Backoff | undefined;
  /** Milliseconds between two cuts of all connections. */
  readonly cutEveryMs?: number | undefined;
}

/** What a script works with. No verb carries traffic: each asks the processes to. */
export interface Stage {
  readonly workload: Workload;
  readonly transport: {
    readonly delivery: "push" | "pull";
    /** The time in which an idle client does everything once that it does periodically. */
    readonly idleCycleMs: number;
    /** Milliseconds between two polls of a client; null when it doesn't poll on a grid. */
    readonly pollIntervalMs: number | null;
    /** Whether `ConnectOptions.heartbeats` can be set: not those of the user's own server. */
    readonly setsHeartbeats: boolean;
    /** Why no definition gives the bytes of messages down or up; null where one does, or no reason is known. */
    readonly noTheory: Readonly<Record<"deliveries" | "upstream", string | null>>;
  };
  /** The longest that a trial may sit idle, in milliseconds: the user's profile sets it. */
  readonly maxIdleMs: number;
  readonly clients: ClientVerbs;
  readonly server: ServerVerbs;
  /** Throws in scenarios without `usesNetwork`. */
  readonly network: NetworkVerbs;
  /** Throws in scenarios without `hasIntruders`. */
  readonly intruders: IntruderVerbs;

  /**
   * Lets time pass: longer than `forMs` where the cycle of the user's own server has to be observed first. Nothing
   * that follows in the script may depend on when it ends.
   */
  idle(forMs: number): Promise<void>;
  /** Runs and measures a named stretch of the script. Messages still on their way at its end are waited for. */
  phase(name: string, body: () => Promise<void>): Promise<MeasuredPhase>;
  /** Runs a stretch that only brings everything into a steady state. */
  warmUp(body: () => Promise<void>): Promise<void>;
  /** States a conclusion of this trial. */
  figure(figure: Figure): void;
}

/** The requests that a script can make to clients. */
export interface ClientVerbs {
  /** Connects clients until there are `clients`; the trial fails when that can't be done. */
  connect(clients: number, options?: ConnectOptions): Promise<void>;
  /** The same, but returns how far it got where not all could connect. */
  tryConnect(clients: number, options?: ConnectOptions): Promise<Connected>;
  /** Ends the newest until `clients` are left: none when left out. */
  disconnect(clients?: number): Promise<void>;
  /** Has each of them send up, on an open-loop schedule; the server sends it back to the same client. */
  send(sending: SendingOptions): Promise<void>;
  /** Of all load processes together, after a collection of garbage. */
  memory(): Promise<MemoryUse>;
  /**
   * Has clients come back from here on when they lose their connection; null for staying away, as at first. The policy
   * `native` is for those that are connected after it. Throws in scenarios with neither
   * `usesNetwork` nor `keepsLedger`.
   */
  comeBack(how: Returning | null): Promise<void>;
  /** Has some clients read nothing for a while; resolves when they read again. */
  stopReading(how: StoppingToRead): Promise<void>;
  /** Has each load process make a fault from here on, in the place of the one before; null for none. */
  fault(fault: ClientFault | null): Promise<void>;
}

/** Which clients stop reading, and for how long. What they are sent waits in the kernel, and then at the server. */
export interface StoppingToRead {
  /** Of all clients, from 0 to 1. */
  readonly share: number;
  /** Milliseconds from now; at once when left out. */
  readonly afterMs?: number;
  readonly forMs: number;
}

/** How clients come back that have lost their connection: the same for all transports. */
export interface Returning extends Backoff {
  /** Whether a client asks for what it has missed. */
  readonly resume: boolean;
  /** Whether it keeps what it sends until that has come back on its own channel, and sends it again when it returns. */
  readonly keepsSent?: boolean;
}

/** How long a client waits before each attempt to come back. */
export interface Backoff {
  /** With `none` it makes no attempt; with `native` its library does what it does by itself. */
  readonly policy:
    | "none"
    | "native"
    | "fixed"
    | "exponential"
    | "full-jitter"
    | "decorrelated-jitter";
  readonly baseMs: number;
  /** The longest wait. */
  readonly capMs: number;
}

/** The requests that a script can make to the server. */
export interface ServerVerbs {
  /** Publishes to all clients, on an open-loop schedule. */
  publish(sending: SendingOptions): Promise<void>;
  /** After a collection of garbage where the server is the harness's own. */
  memory(): Promise<MemoryUse>;
  /** Answers polls that find one message as fast as it can; null for a push transport. */
  pollCeiling(options: { connections: number; forMs: number }): Promise<PollCeiling | null>;
  /**
   * Has it make a fault from here on, in the place of the one before; null for none. The user's own server
   * makes none: there only `late` can be asked for, since the harness sends.
   */
  fault(fault: ServerFault | null): Promise<void>;
  /**
   * What it does from here on with messages that it has taken before, which it knows by their channels and numbers:
   * `take` at first. The user's own server does what it does.
   */
  repeats(how: Repeats): Promise<void>;
  /**
   * Ends the server, as if its process had been killed, and has a fresh one serve in its place; resolves when clients
   * can reach that. Its log is empty. What is due meanwhile is published at once after that, and keeps its due time.
   * Throws in scenarios without `restartsServer`.
   */
  restart(restarting: Restarting): Promise<void>;
}

/** How the server is restarted; in milliseconds. */
export interface Restarting {
  /** From the end of the old server until clients can reach the new one: longer if that takes longer to start. */
  readonly downMs: number;
  /** From now; at once when left out. */
  readonly afterMs?: number;
}

/**
 * What becomes of a message that comes up once more: it is taken like a new one, or dropped, or sent back once more and
 * then dropped. The last is for clients that don't resume, which otherwise don't hear that it was taken.
 */
export type Repeats = "take" | "drop" | "answer";

/** The requests that a script can make to what stands between clients and server; all but `become` work on TCP connections. */
export interface NetworkVerbs {
  /**
   * Carries what is sent so, each connection on a link of its own and on top of what `--network` has a relay do, until
   * it is told otherwise.
   */
  carry(change: Partial<Carriage>, how?: Carrying): Promise<void>;
  /** Cuts connections that are open then. */
  cut(cutting: Cutting): Promise<void>;
  /**
   * Forwards nothing from here on, in either direction or in one, and watches who notices: until all have, on both
   * sides, or for `forMs`. It stays so; whoever has noticed has ended the connection, and stays away.
   */
  fallSilent(silence: Silence): Promise<Noticed>;
  /** Refuses new connections; those that are open stay. */
  refuse(): Promise<void>;
  /** Behaves as it did at first: passes everything on, as `--network` has it, and takes new connections. */
  restore(how?: Pick<Carrying, "afterMs">): Promise<void>;
  /**
   * Has packets meet this from here on, written as for `--network`: `4g`, `delay=40ms,loss=1%`. Packets on their way
   * keep what they met. Only in scenarios with `usesNetwork: "packets"`, and the only request in these.
   */
  become(network: string): Promise<void>;
}

export interface Carrying {
  /** Both when left out. */
  readonly direction?: "down" | "up";
  /** Milliseconds from now; at once when left out. */
  readonly afterMs?: number;
}

/** The requests that a script can make to wrong clients, which are no clients of the trial. */
export interface IntruderVerbs {
  /**
   * Has some of each kind try the limits of the server for so long, from addresses of their own where the system has
   * such; resolves when it is known how each attempt ended.
   */
  intrude(how: { readonly forMs: number }): Promise<void>;
}

/** How connections are cut. */
export interface Cutting {
  /** By a reset on both sides, or by an end behind what is under way. */
  readonly how: "reset" | "end";
  /** Of those that are open, from 0 to 1; all when left out. */
  readonly share?: number;
  /** Milliseconds from now; at once when left out. */
  readonly afterMs?: number;
  /** For so many milliseconds from then on, new connections are refused, too; 0 when left out. */
  readonly refuseForMs?: number;
}

export interface Silence {
  readonly forMs: number;
  readonly direction?: "down" | "up";
}

/** Who has noticed that the other side was silent. */
export interface Noticed {
  readonly clients: Noticing;
  /** Null where nobody can look into the server. */
  readonly server: Noticing | null;
}

/** On one side: in nanoseconds from the beginning of the silence. */
export interface Noticing {
  /** Connections that were open then. */
  readonly of: number;
  readonly count: number;
  /** Null where fewer noticed than this share of them, from 0 to 1. */
  after(q: number): number | null;
}

/** How a network carries one direction of each connection. */
export interface Carriage {
  /** One way, in milliseconds. */
  readonly delayMs: number;
  /** Each piece takes up to this much more or less, in milliseconds; none overtakes the one before. */
  readonly jitterMs: number;
  /** Null for no limit. */
  readonly bytesPerSecond: number | null;
  /** Nothing is forwarded, and what is under way waits. */
  readonly isStalled: boolean;
  /** Pieces are at most this long; null for pieces as they were read. */
  readonly sliceBytes: number | null;
  /**
   * Bytes are held back until there are so many, or the first of them has waited for so long, as proxies do that buffer;
   * null where they go on at once.
   */
  readonly hold: { readonly bytes: number; readonly forMs: number } | null;
}

/** In bytes; null where unknown. */
export interface MemoryUse {
  /** Resident memory, including what V8 keeps in reserve. */
  readonly residentBytes: number | null;
  /** What JavaScript holds, in the heap and in buffers: exact, and only known of the harness's own processes. */
  readonly heapBytes: number | null;
}

export interface ConnectOptions {
  /** Whether all clients listen to one channel (the default) or each to its own. */
  readonly channels?: "shared" | "own";
  /**
   * How both sides find out that the other is silent, of the clients that are connected with this; as the variant has
   * it when left out: then no client does, unless its library does by itself.
   */
  readonly heartbeats?: Heartbeats;
  /** Connects them evenly over so many milliseconds; as fast as possible when left out. */
  readonly overMs?: number;
}

export interface Connected {
  /** Clients that are subscribed now. */
  readonly clients: number;
  /** What stopped further clients; null when nothing did. */
  readonly stopped: Stopped | null;
}

export interface Stopped {
  readonly side: "server" | "client";
  /** The system's error name, such as EMFILE, or `closed`. */
  readonly cause: string;
  /** One sentence. */
  readonly explanation: string;
}

export interface SendingOptions {
  readonly forMs: number;
  /** The workload's when left out. */
  readonly ratePerSecond?: number;
}

export interface PollCeiling {
  readonly requestsPerSecond: number;
  /**
   * Of the processor time that the server could use, 0 to 1, in its busiest thread or in all: near 1, the
   * server is what limits. Null where not known.
   */
  readonly serverUtilisation: number | null;
}

/** The measurements of a phase. Sizes are in bytes; `down` is server to client. */
export interface MeasuredPhase {
  readonly name: string;
  readonly durationMs: number;
  readonly clients: number;
  /** The mean size of its messages, where they aren't all of the workload's. */
  readonly payloadBytes: number | null;
  readonly expected: number;
  readonly delivered: number;
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
  /** Null in scenarios with neither `usesNetwork` nor `keepsLedger`. */
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
}

/** What became of every delivery that was expected; the first six add up to that. */
export interface Ledger {
  /** Over the connection that was there when the message was sent. */
  readonly received: number;
  /** Sent before its client was back, and received after that. */
  readonly replayed: number;
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

export interface Figure {
  /**
   * Stays the same over versions: what checks refer to. One that ends in `.at` and a number is a point of
   * a series over that number, such as `memory.at250`.
   */
  readonly key: string;
  /** The head of its column; a line feed breaks it. */
  readonly label: string;
  /** The table it stands in; the scenario's main one when left out. */
  readonly table?: string;
  readonly unit: "ns" | "ms" | "bytes" | "count" | "per second" | "percent" | "text";
  readonly better: "lower" | "higher" | "neither";
  /** Null when it could not be had. */
  readonly value: number | string | null;
  /**
   * `at least` when something other than the thing itself ended the measurement, `range` when it is known
   * to lie between `value` and `most`.
   */
  readonly bound?: "exact" | "at least" | "range";
  /** Where `bound` is `range`. */
  readonly most?: number;
  /** The phase in which it was measured; left out where there were several. */
  readonly phase?: string;
  /** How to read the figure; the same in every trial. */
  readonly about?: string;
  /** What is special about this value: why there is none, or what it is bound by. */
  readonly note?: string;
  /** Whether it is the figure by which a sentence sums up the scenario's variants. */
  readonly headline?: boolean;
  /**
   * True of what is counted, such as bytes or messages, and comes out the same on every machine: then a
   * single trial says which variant has less. Of anything else it doesn't.
   */
  readonly counted?: boolean;
  /** Sentences about the figure; without them, sentences use its label. */
  readonly words?: Words;
  /**
   * How a sentence tells what a variant adds to the figure, or takes from it: `{value} set-up` for `+1560 B set-up`.
   * Figures without it aren't told of there.
   */
  readonly adds?: string;
}

/** Sentences without their first capital and full stop; `{value}` and `{variant}` stand for these. */
export interface Words {
  /** Said of any variant, whose name follows: `half of the messages arrive within {value}`. */
  readonly states: string;
  /** Said of the best variant: `messages arrive soonest with {variant}: half within {value}`. */
  readonly leads: string;
}

/** Gives a scenario's author types. */
export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}
