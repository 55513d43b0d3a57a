import type { Heartbeats } from "../transports/heartbeats.ts";
import type { ClientFault, ServerFault } from "./fault.ts";
import type { Prompting } from "./prompting.ts";

/* What a script can ask for: each request is carried out by the processes of a trial. */

/** The requests that a script can make to clients. */
export interface ClientVerbs {
  /** Connects clients until there are `clients`; the trial fails when that can't be done. */
  connect(clients: number, options?: ConnectOptions): Promise<void>;
  /** The same, but returns how far it got where not all could connect. */
  tryConnect(clients: number, options?: ConnectOptions): Promise<Connected>;
  /** Ends the newest until `clients` are left: none when left out. */
  disconnect(clients?: number): Promise<void>;
  /**
   * Has each of them send up, on an open-loop schedule; the server sends it back to the same client. In rooms one client
   * speaks for each: at this rate over all rooms, each message goes to everybody in one of them.
   */
  send(sending: SendingOptions): Promise<void>;
  /**
   * Has each of them ask for answers made of tokens, on a schedule that is fixed beforehand: the tokens are the phase's
   * deliveries. Those that are connected with `prompts`.
   */
  prompt(prompting: Prompting): Promise<void>;
  /** Of all load processes together, after a collection of garbage. */
  memory(): Promise<MemoryUse>;
  /**
   * Has clients leave their rooms and join others, evenly over so many milliseconds, by pairs that exchange theirs: so
   * rooms keep their sizes. Who speaks for a room stays.
   */
  changeRooms(changing: ChangingRooms): Promise<void>;
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
  /**
   * Publishes to all clients, on an open-loop schedule; where they are in rooms, each message goes to one room, and
   * small rooms have more of them, together, than large ones.
   */
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
   * How it answers what makes a client from here on, beside what the transport says; tells whether it can pad. The
   * harness's own only, and only in scenarios with `usesProxy`, as with the next two.
   */
  answer(how: Answering): Promise<Answered>;
  /**
   * Ends all its connections behind what is under way, as a server does that ends in order, and takes new ones; returns
   * when that was, in nanoseconds on the clock of all processes.
   */
  leave(): Promise<number>;
  /**
   * Waits until it is told that a client has gone to whom it hasn't answered in full, for `forMs` at most. Returns when
   * the first such was told after `sinceNs`; null where none was.
   */
  loses(how: { readonly sinceNs: number; readonly forMs: number }): Promise<number | null>;
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

/** How a server answers what makes a client. */
export interface Answering {
  /** Fields of the head, which replace those of the transport that have their names; none when left out. */
  readonly fields?: Readonly<Record<string, string>>;
  /** So many bytes that mean nothing begin each stream: none when left out. */
  readonly paddingBytes?: number;
  /** Milliseconds between the head of a stream and all that follows it; 0 when left out. */
  readonly eventsAfterMs?: number;
}

export interface Answered {
  /** Whether the transport has bytes that mean nothing. */
  readonly pads: boolean;
}

/** How the server is restarted; in milliseconds. */
export interface Restarting {
  /** Which of several, counted from 0: the first, which publishes, when left out. */
  readonly server?: number;
  /**
   * For how long its clients are asked to go before it is ended: one connection after the other is closed, held polls
   * with their answer. Not at all when left out.
   */
  readonly graceMs?: number;
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

/** The requests that a script can make to what carries messages between servers. */
export interface BusVerbs {
  /**
   * Kills the broker, and has it serve again at the same address `forMs` later; resolves then. A log that it keeps
   * outlives it.
   */
  fail(how: {
    readonly forMs: number;
    /** Milliseconds from now; at once when left out. */
    readonly afterMs?: number;
  }): Promise<void>;
}

/** The requests that a script can make to what stands in front of servers; these are counted from 0. */
export interface BalancerVerbs {
  /**
   * Has it give a server no connections and requests from here on, as its administrator does before maintenance; those
   * that are there stay. Resolves when it does so.
   */
  drain(how: Draining): Promise<void>;
  /** Has it give them to all servers again. */
  restore(): Promise<void>;
  /** Has it forget which client was with which server. */
  forget(): Promise<void>;
}

export interface Draining {
  readonly server: number;
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

/**
 * The requests that a script can make to clients of its own, each watched closely, through the proxy and past it: what
 * becomes of their connections is told, and fails no trial.
 */
export interface ProbeVerbs {
  /** Connects one; resolves when it is subscribed, refused, or `waitMs` are over: it goes on all the same. */
  open(opening: Opening): Promise<Opened>;
  /** What it has heard since it was opened: at once, or when it is told of its end, or has so many messages. */
  heard(id: number, waiting?: HearingWait): Promise<Heard>;
  /** Ends it as a page does that is closed; resolves with when that was, in nanoseconds on the clock of all processes. */
  close(id: number): Promise<number>;
  /**
   * Asks once for what makes a client, as a browser does that takes any compression, and reads for so long what comes;
   * null where nobody knows how by HTTP/1.1.
   */
  ask(how: Asking): Promise<Asked | null>;
}

/** `proxy`: as clients of a trial reach the server; `direct`: past all that stands in front of it. */
export type Way = "proxy" | "direct";

export interface Opening {
  readonly through: Way;
  readonly waitMs: number;
  /** As `ConnectOptions.heartbeats`: of the connections that are opened with it. */
  readonly heartbeats?: Heartbeats;
  /** Whether it comes back when it loses its connection, and asks for what it has missed. */
  readonly comesBack?: true;
}

export interface Opened {
  /** By which it is asked for. */
  readonly id: number;
  /** When that began, in nanoseconds on the clock of all processes. */
  readonly dialledNs: number;
  /** From then until it was subscribed, in nanoseconds; null where it wasn't. */
  readonly readyNs: number | null;
  /** What it was told in place of being subscribed, such as `status 502`; null where it was, or nothing came. */
  readonly refusal: string | null;
}

export interface HearingWait {
  readonly forMs: number;
  /** Its end is waited for when left out; with it, that of one that doesn't come back. */
  readonly messages?: number;
}

/** Times are in nanoseconds on the clock of all processes. */
export interface Heard {
  readonly arrivals: readonly Arrival[];
  /** Of all its connections so far, as TCP carries them. */
  readonly bytesDown: number;
  readonly bytesUp: number;
  /** When it was first told that a connection is over that it was using, and why; null where it wasn't. */
  readonly ended: { readonly atNs: number; readonly reason: string } | null;
  /** How often it was; more than once only of one that comes back. */
  readonly ends: number;
}

export interface Arrival {
  /** The number of the message. */
  readonly sequence: number;
  /** When the server published it. */
  readonly sentNs: number;
  readonly atNs: number;
  /** Bytes that had come down by then, with what was read along with it. */
  readonly bytesDown: number;
}

export interface Asking {
  readonly through: Way;
  readonly forMs: number;
}

/** An answer as it came. */
export interface Asked {
  /** Null where none came. */
  readonly status: number | null;
  /** The status in words, as it came. */
  readonly reason: string;
  /** Names in lower case; fields of one name are joined by commas. */
  readonly fields: Readonly<Record<string, string>>;
  readonly headBytes: number;
  /** As the connection carried it. */
  readonly bodyBytes: number;
  /** From asking to the head, and to the first of the body, in nanoseconds; null where it didn't come. */
  readonly headNs: number | null;
  readonly bodyNs: number | null;
}

/** The requests that a script can make to the proxy that stands between clients and server. */
export interface ProxyVerbs {
  /**
   * Has it read its configuration again as its administrator does, in so many milliseconds, at once when left out;
   * resolves when it was told, with null, or why it can't.
   */
  reload(how?: { readonly afterMs?: number }): Promise<{ readonly impossible: string } | null>;
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
  /** What the kernel of its machine holds for everybody, so for both ends where clients are there, too. Told of servers. */
  readonly kernelBytes?: number | null;
}

export interface ConnectOptions {
  /** Whether all clients listen to one channel (the default), each to its own, or each to that of its room. */
  readonly channels?: "shared" | "own" | RoomPlan;
  /** Whether they prompt, and read nothing but answers; with channels of their own. */
  readonly prompts?: true;
  /**
   * How both sides find out that the other is silent, of the clients that are connected with this; as the variant has
   * it when left out: then no client does, unless its library does by itself.
   */
  readonly heartbeats?: Heartbeats;
  /** Connects them evenly over so many milliseconds; as fast as possible when left out. */
  readonly overMs?: number;
}

/** Rooms of several sizes: clients fill one after the other, in the order of their numbers. */
export interface RoomPlan {
  readonly rooms: readonly {
    /** In each room. */
    readonly clients: number;
    /** How many such rooms there are. */
    readonly count: number;
  }[];
}

export interface ChangingRooms {
  readonly forMs: number;
  /** Clients that change their room, per second. */
  readonly ratePerSecond: number;
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
  /**
   * For publishing what may be too much: it ends where a message is sent more than so many milliseconds after it was due,
   * or the process that publishes comes to keep a gibibyte more. Not in rooms.
   */
  readonly latestMs?: number;
}

export interface PollCeiling {
  readonly requestsPerSecond: number;
  /**
   * Of the processor time that the server could use, 0 to 1, in its busiest thread or in all: near 1, the
   * server is what limits. Null where not known.
   */
  readonly serverUtilisation: number | null;
}
