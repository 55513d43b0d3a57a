import type { TabVerbs } from "./tab-verbs.ts";
import type { Carriage } from "../../scenarios/scenario.ts";
import type { RelayedBooks } from "../network/relayed-direction.ts";
import type { DirectionName, Ending, InTurns } from "../network/stream-relay.ts";
import type { RelayProfile } from "../settings/relay-profile.ts";
import type { Peer } from "../bus/bus.ts";
import type { BusFates, BusQuestion } from "../bus/lost-on-bus.ts";
import type { BusCounts, BusProgress, MessageName } from "../bus/bus-meter.ts";
import type { Joining } from "../bus/join-bus.ts";
import type { ProgramName } from "../programs/index.ts";
import type { ProgramOptions } from "../programs/program.ts";
import type { WrittenFile } from "../programs/written-files.ts";
import type { Proxy } from "../proxies/proxy.ts";
import type { BrowserPlace } from "../browsers/tab.ts";
import type { BatchGroup } from "../layers/batch.ts";
import type { Identity, Trust } from "../layers/tls.ts";
import type { ClockCorrection } from "../measure/clock.ts";
import type { ServerAddress } from "../measure/dialler.ts";
import type { ConnectionEnds } from "../measure/connection-ends.ts";
import type { Descriptors } from "../machine/kernel.ts";
import type { Course } from "../measure/course.ts";
import type { Cycle } from "../measure/periodic-traffic.ts";
import type { Messages } from "../payloads/message.ts";
import type { MessageParameters } from "../payloads/messages.ts";
import type { Recorded } from "../measure/recorder.ts";
import type { Stall } from "../measure/stall-detector.ts";
import type { WireDelta } from "../measure/wire-ledger.ts";
import type { EndpointRequest } from "../settings/endpoint-request.ts";
import type { RecordedEndpoint } from "../results/recorded-endpoint.ts";
import type { Intruders } from "../results/recorded-intruders.ts";
import type { Histogram, Lane, MemoryCourse, Resources } from "../results/schema.ts";
import type { ClientFault, ServerFault } from "../settings/fault.ts";
import type { Losses, Sent } from "../measure/losses.ts";
import type { Guards } from "../../transports/guards.ts";
import type { Heartbeats } from "../../transports/heartbeats.ts";
import type { WireForm } from "../../transports/wire-form.ts";
import type { Ends } from "./watch-ends.ts";
import type {
  Answered,
  Answering,
  Asked,
  Asking,
  BrokenOff,
  ConnectOptions,
  EndpointAsking,
  Heard,
  HearingWait,
  Opened,
  Opening,
  Prompting,
  Repeats,
  Returning,
  Way,
} from "../../scenarios/scenario.ts";
import type { RoomQuestion, RoomReport } from "../rooms/room-books.ts";
import type { OutageFates } from "../rooms/outage.ts";
import type { RoomChange } from "../rooms/room-changes.ts";
import type { RoomSending } from "../rooms/room-order.ts";
import { roomOf } from "../rooms/room-plan.ts";
import type { OutboxTally } from "../measure/outbox.ts";
import type { TokenReport } from "../tokens/token-recorder.ts";
import type { ServerTarget } from "../settings/target.ts";
import type { RecordedVariant } from "../settings/variant.ts";
import type { TakenCounts } from "./taken-messages.ts";

/*
 * The requests that the director can make to the processes that measure. Arguments and answers are plain data, and
 * no verb assumes shared memory; verbs and fields that need one clock for all processes say so.
 */

/** A process's end of the protocol: one function a verb. */
export interface Verbs {
  [verb: string]: (args: never) => unknown;
}

/** Parameters that all processes of a trial share. */
export interface TrialParameters extends MessageParameters {
  readonly variant: RecordedVariant;
  /** Times in envelopes count from here. Needs one clock. */
  readonly epochNs: number;
}

export interface SendRequest {
  readonly ratePerSecond: number;
  readonly forMs: number;
  /** The number of the first message on each channel. */
  readonly firstSequence: number;
  /** Where messages go to rooms, which have numbers of their own. */
  readonly rooms?: RoomSending;
  /** See `SendingOptions`. */
  readonly latestMs?: number | undefined;
}

export interface PromptRequest {
  readonly prompting: Prompting;
  /** Until its last token is due. */
  readonly forMs: number;
}

/** `messages` are the tokens that were asked for; where it was broken off, those of the requests that were made. */
export interface PromptResult extends SendResult {
  readonly requests: number;
}

export interface SendResult {
  readonly messages: number;
  /** When the first was due, and when one more would have been. Needs one clock. */
  readonly startNs: number;
  readonly untilNs: number;
  readonly lateness: Histogram;
  /** Messages per second. */
  readonly achievedRate: number;
  /** Present where not all of the schedule was sent. */
  readonly brokenOff?: BrokenOff;
}

/** A reading of the process's own monotonic clock. */
export interface Clock {
  readonly nowNs: number;
}

export interface Memory {
  /** Resident memory after a full collection of garbage; null where unknown. */
  readonly rssBytes: number | null;
  /** Memory that its JavaScript holds then, in the heap and in buffers; null where unknown. */
  readonly heapBytes: number | null;
}

/** The verbs of the process that publishes, with the harness's own server and with the user's. */
export type PublishingVerbs = {
  /** Opens the window in which wire and resources are counted. */
  begin(args: {
    readonly measured: boolean;
    /** How often the server's memory is read; left out for not at all. */
    readonly memoryStepMs?: number;
  }): void | Promise<void>;
  /** Publishes on the channel that all clients share. */
  publish(args: SendRequest): Promise<SendResult>;
  /** Closes the window. */
  end(args: object): ServerEnd | Promise<ServerEnd>;
  /** The longest since `begin`, whether the window is closed or not. */
  longestStall(args: object): Stall;
  /** Makes a fault that replaces the previous one, including the environment's; null ends it. */
  fault(args: { readonly fault: ServerFault | null }): void;
  /** Has clients that connect from here on get heartbeats so; those of the user's own server can't be set. */
  heartbeats(args: Heartbeats): void;
  /**
   * Waits until it has ended each connection that is open now, or has been told of its end: for `forMs` at most. Null
   * where nobody can look into the server. Needs one clock.
   */
  watchEnds(args: { readonly forMs: number }): Promise<Ends | null> | null;
  /** The number of the last message on the channel that all clients share. */
  newest(args: object): number | Promise<number>;
  /** Has the harness's own server do this from here on with messages that it has taken before, and count them. */
  repeats(args: { readonly how: Repeats }): void;
  /** The messages that have come up since it was asked last; null where they aren't counted. */
  takenUp(args: object): TakenCounts | null;
  /** Whether it is known what idle connections do periodically, and for how long nothing has crossed them. */
  rhythm(args: object): Rhythm;
  clock(args: object): Clock;
  /** Has its clock be another machine's from here on. */
  correctClock(args: ClockCorrection): void;
  /** File descriptors of the process that serves. */
  descriptors(args: object): Descriptors;
  memory(args: object): Memory | Promise<Memory>;
};

export interface Rhythm {
  readonly isKnown: boolean;
  readonly quietMs: number;
}

/** The harness's own server publishes what it serves. */
export type ServerVerbs = PublishingVerbs & {
  start(
    args: TrialParameters & {
      readonly addresses: readonly string[];
      /** Null without TLS. */
      readonly identity: Identity | null;
      /** See `Listener`; present where the server may be restarted. */
      readonly numbersAfter?: number;
    },
  ): Promise<{ port: number; carried: PayloadSize }>;
  /** Like `publish`, but may be broken off by `retire`, and go on in the process that takes this one's place. */
  publishStretch(args: StretchRequest): Promise<Stretch>;
  /** Takes what comes up for prompts from here on, and answers them; counts anew how late its tokens are. */
  answerPrompts(args: object): void;
  /** By how much later than they were due it has sent tokens since then. */
  tokensSent(args: object): Histogram;
  /** Answers where other servers reach it, by the bus that needs no broker. */
  openBus(args: object): Promise<Peer>;
  /**
   * Publishes to all servers from here on, and takes what the others publish. Where one of them has been ended, again
   * with the one that takes its place. Answers the number of the last message on the channel that all clients share
   * that those it hadn't known didn't get.
   */
  joinBus(args: Joining): Promise<number>;
  /** What it has published and taken by the bus since `begin`; null where it serves alone. */
  onBus(args: object): BusProgress | null;
  /** What messages are that it has published since `begin`, by their numbers on the bus; null for others. */
  published(args: {
    readonly publisher: number;
    readonly numbers: readonly number[];
  }): (MessageName | null)[];
  /**
   * Exchanges that aren't over, of those that began since this was asked first: held polls, streams, and connections
   * that speak another protocol.
   */
  openExchanges(args: object): number;
  /** Has its clients go over this time; resolves when it is over. Some may be left. */
  letGo(args: { readonly forMs: number }): Promise<void>;
  /** How it answers requests from here on, and from when on it knows whom it loses. */
  answer(args: { readonly how: Answering }): Answered;
  /** Waits until it is told that one has gone whom it hasn't answered in full. Needs one clock. */
  loses(args: { readonly sinceNs: number; readonly forMs: number }): Promise<number | null>;
  /** Ends all connections behind what is under way, and takes new ones. Needs one clock. */
  leave(args: object): number;
  /** Ends all connections as the end of the process would, breaks publishing off, and closes the window. */
  retire(args: object): Promise<Retired>;
};

export interface StretchRequest extends SendRequest {
  /** What another process has sent of it already; null where none has. */
  readonly before: Pick<SendResult, "messages" | "startNs"> | null;
}

/** What was sent by one process. `messages` and its times are of all that has been sent so far. */
export interface Stretch extends SendResult {
  readonly isBroken: boolean;
}

/** The last that a server tells which another will take the place of. */
export interface Retired {
  readonly end: ServerEnd;
  /** The highest number of a message on any channel. */
  readonly newest: number;
  readonly longestStall: Stall;
}

/** The verbs of the publisher, which sends messages up to the user's own server, which then delivers them. */
export type PublisherVerbs = PublishingVerbs & {
  /** Starts the server, where it is to be started; answers before it does. */
  launch(args: { readonly target: ServerTarget }): Promise<Launched>;
  start(
    args: TrialParameters & {
      readonly target: ServerTarget;
      /** Null for no relay. */
      readonly relay: RelayPlace | null;
      /** Whether its client is the one of the fleet that publishes; the others only listen. */
      readonly publishes: boolean;
    },
  ): Promise<Reached>;
  /** Whether a client that only listens gets a message within this time. */
  hears(args: { readonly forMs: number }): Promise<boolean>;
};

/** Where a relay listens that counts bytes, and as whom. */
export interface RelayPlace {
  readonly addresses: readonly string[];
  /** Null without TLS. */
  readonly identity: Identity | null;
}

/** The size of payloads as the transport gets them. */
export type PayloadSize = Pick<Messages, "payloadBytes" | "areOfOneSize" | "escapes">;

/** Where clients reach the user's own server. */
export interface Reached {
  readonly carried: PayloadSize;
  readonly servers: readonly ServerAddress[];
  /** Null without TLS. */
  readonly trust: Trust | null;
}

export interface Launched {
  /** The process group of what was started; null where the server was running already. */
  readonly group: number | null;
}

export interface ServerEnd {
  /** Null where bytes aren't counted. */
  readonly wire: WireDelta | null;
  /**
   * The periodic traffic that was observed on idle connections; null where it is known beforehand, or bytes aren't
   * counted.
   */
  readonly cycle: Cycle | null;
  /** The batches of the channel that all clients share, by each server; null where messages aren't gathered. */
  readonly batches: readonly (readonly BatchGroup[])[] | null;
  /** Resources of the process that publishes, and of the one that serves where that is another and known. */
  readonly resources: readonly [Resources, ...Resources[]];
  /** The length of the window where one process after the other served in it: then no single one knows. */
  readonly durationMs?: number;
  /** Of a server that has taken another's place: processor time, without busy-waiting, in steps of a `Course`. */
  readonly cpuCourseMs?: readonly number[];
  readonly kernelSocketBytes: number | null;
  /** Left out where it serves alone. */
  readonly bus?: BusCounts;
  /** Of all servers together: how many bytes of deliveries each has written, null where that isn't counted. */
  readonly deliveredBytes?: readonly (number | null)[];
  /** Left out where its memory wasn't read all along. */
  readonly memoryCourse?: MemoryCourse;
}

export interface Dialled {
  readonly connected: number;
  /** How often dialling failed, by cause. */
  readonly failures: Readonly<Record<string, number>>;
  readonly durationMs: number;
  readonly setUp: Histogram;
  /** The number at which each client found its channel. */
  readonly cursors: readonly number[];
  /** Those of the dialled that aren't connected, though one after them is: counted from 0. */
  readonly skipped: readonly number[];
}

export type LoadVerbs = TabVerbs & {
  /** Loads what clients of the variant need. */
  prepare(args: Pick<TrialParameters, "variant">): Promise<void>;
  start(
    args: TrialParameters & {
      /** Clients are spread over them by their numbers. */
      readonly servers: readonly ServerAddress[];
      /** Null without TLS. */
      readonly trust: Trust | null;
      /** Whether clients may be asked to come back. */
      readonly mayComeBack?: boolean;
      /** See `Endpoint`. */
      readonly ownAddresses?: boolean;
      /** The browser in which its clients live; left out where they live in the process. */
      readonly browser?: BrowserPlace;
    },
  ): Promise<void>;
  /**
   * Opens the window, and starts recording the messages numbered from `firstSequence`. `startNs` is when the
   * phase begins, on the clock that all share.
   */
  begin(args: {
    readonly firstSequence: number;
    readonly startNs: number;
    /** How many messages each room had carried; left out where clients aren't in rooms. */
    readonly rooms?: readonly number[];
  }): void | Promise<void>;
  /** Adds clients; stops dialling at the first failure. */
  connect(args: Connecting): Promise<Dialled>;
  /** Ends the newest clients until `clients` are left. */
  disconnect(args: { readonly clients: number }): Promise<void>;
  /** Sends up from every client, which gets back what it sent; in rooms, from those that speak for theirs. */
  send(args: SendRequest): Promise<SendResult>;
  /** Has each client ask for answers; resolves when they are there, or nothing more comes. */
  prompt(args: PromptRequest): Promise<PromptResult>;
  /** Has those of the clients that are held here change their rooms, evenly over this time. */
  changeRooms(args: {
    readonly changes: readonly RoomChange[];
    readonly forMs: number;
  }): Promise<void>;
  /** Closes the window. */
  end(args: object): LoadEnd | Promise<LoadEnd>;
  /** The longest since `begin`, whether the window is closed or not. */
  longestStall(args: object): Stall;
  /** Has clients come back from here on that lose their connection; null for staying away. */
  comeBack(args: { readonly how: Returning | null }): void;
  /** Waits until each client has lost its connection, for `forMs` at most; then it stays away. Needs one clock. */
  watchEnds(args: { readonly forMs: number }): Promise<Ends>;
  /** Waits until all clients that come back are there, or none has come for so long. */
  returned(args: { readonly timeoutMs: number }): Promise<void>;
  /** Has this share of the clients, 0 to 1, read nothing for a while. Resolves when they read again. */
  stopReading(args: {
    readonly share: number;
    readonly afterMs: number;
    readonly forMs: number;
  }): Promise<void>;
  /** What became of those that have stopped since `begin`. */
  stoppedReaders(args: object): StoppedReport;
  /** What became of the messages that clients haven't received, and of those clients that were away since then. */
  absences(args: AbsenceQuestion): AbsenceReport;
  /** How many deliveries are missing for what servers haven't taken from the bus. */
  lostOnBus(args: BusQuestion): BusFates;
  /** What became of deliveries around an outage of the broker; null where clients aren't in rooms, or without one. */
  outageFates(args: BusQuestion & { readonly rooms: RoomQuestion }): OutageFates | null;
  /** Makes a fault that replaces the previous one, including the environment's; null ends it. */
  fault(args: { readonly fault: ClientFault | null }): void;
  /** Waits until this many deliveries are recorded, and ends the recording. */
  collect(args: {
    readonly deliveries: number;
    readonly timeoutMs: number;
    /** The number of the last message, where others before it may have been lost on the way. */
    readonly lastSequence?: number | undefined;
    /** Where clients are in rooms, which tell themselves how many deliveries are due. */
    readonly rooms?: RoomQuestion | undefined;
  }): Promise<Collected>;
  clock(args: object): Clock;
  /** Has its clock be another machine's from here on. */
  correctClock(args: ClockCorrection): void;
  descriptors(args: object): Descriptors;
  memory(args: object): Memory | Promise<Memory>;
  /**
   * Loads what `saturate` needs, which takes longer than all else that this process loads, and tells how many
   * of these connections it can have.
   */
  prepareSaturation(args: Saturating): Promise<number>;
  /** Asks for `path` as fast as answers come, over this many connections. */
  saturate(
    args: Saturating & { readonly path: string; readonly forMs: number },
  ): Promise<Saturated>;
};

/** The verbs of the process between clients and server. */
export type NetworkVerbs = {
  /** Listens on the addresses, and tells what the relay adds to one way. */
  start(args: {
    readonly addresses: readonly string[];
    readonly servers: readonly ServerAddress[];
    readonly seed: number;
    /** What it plays all the time, whatever a script asks for; null where that is nothing. */
    readonly profile: RelayProfile | null;
    /** Whether it dials from the address that a client has dialled from, on loopback. */
    readonly keepsAddresses?: boolean;
  }): Promise<{ port: number; ownDelayNs: number }>;
  /** Carries both directions, or one, otherwise in `afterMs`. Returns when that was. Needs one clock. */
  carry(args: {
    readonly directions: readonly DirectionName[];
    readonly change: Partial<Carriage>;
    readonly afterMs: number;
  }): Promise<number>;
  /**
   * Cuts this share of the open connections, 0 to 1, in `afterMs`, and refuses new ones for `refuseForMs` then. Returns
   * how many were cut.
   */
  cut(args: {
    readonly how: Ending;
    readonly share: number;
    readonly afterMs: number;
    readonly refuseForMs: number;
  }): Promise<number>;
  /** Refuses new connections to one of the servers. */
  refuse(args: { readonly which: InTurns }): void;
  /** Takes them again, and passes them on to another server. */
  passTo(args: {
    readonly servers: readonly ServerAddress[];
    readonly which: InTurns;
  }): Promise<void>;
  /** Behaves as it did at first, in `afterMs`. */
  restore(args: { readonly afterMs: number }): Promise<void>;
  /** Opens the window in which resources are counted, and begins its profile anew with the draws of this seed. */
  begin(args: { readonly seed: number }): void;
  /** Closes the window. */
  end(args: object): Resources;
  /** What it has done since `begin`. */
  books(args: object): Readonly<Record<DirectionName, RelayedBooks>>;
  /** The longest since `begin`, whether the window is closed or not. */
  longestStall(args: object): Stall;
  clock(args: object): Clock;
  /** Has its clock be another machine's from here on. */
  correctClock(args: ClockCorrection): void;
};

/** The verbs of a process that runs a program of others. */
export type ProgramVerbs = {
  /** Starts it; resolves when it serves. `as` is what its resources are told under. */
  start(
    args: ProgramOptions & WhichProgram & { readonly as: Resources["process"] },
  ): Promise<StartedProgram>;
  /** Has it read its files again, as its administrator does. */
  reload(args: object): Promise<void>;
  /** Opens the window in which resources are counted. */
  begin(args: object): void;
  /** Closes the window; null where they can't be observed. */
  end(args: object): Resources | null;
  /** Kills it in `afterMs`, and starts it again at the same place `forMs` later; resolves when it serves. */
  fail(args: { readonly afterMs: number; readonly forMs: number }): Promise<void>;
  /** See `Administered`; counted from 0. */
  drain(args: { readonly servers: readonly number[] }): Promise<void>;
  /** See `Administered`. */
  forget(args: object): Promise<void>;
};

/** One of those that runs need by name, or a proxy as it is described. */
export type WhichProgram =
  | { readonly name: ProgramName }
  | { readonly proxy: Proxy; readonly configuration: string };

export interface StartedProgram {
  readonly host: string;
  readonly port: number;
  /** Its name and version. */
  readonly version: string;
  /** What it reads, as it was written. */
  readonly files: readonly WrittenFile[];
}

/** The verbs of the process of intruders. */
export type IntruderVerbs = {
  start(args: {
    readonly server: ServerAddress;
    /** Null without TLS. */
    readonly trust: Trust | null;
    readonly form: WireForm;
    readonly guards: Guards;
  }): Promise<void>;
  /** Has some of each kind try for so long. */
  intrude(args: { readonly forMs: number }): Promise<Intruders[]>;
  /** Opens the window in which resources are counted. */
  begin(args: object): void;
  /** Closes the window. */
  end(args: object): Resources;
};

/** The verbs of the process whose clients are watched closely. */
export type ProbeVerbs = {
  start(
    args: Omit<TrialParameters, "variant"> & {
      readonly ways: Readonly<Record<Way, ProbedWay>>;
    },
  ): Promise<void>;
  /** `everyMs`: see `connect` of a transport; left out as the variant has it. Needs one clock. */
  open(args: Omit<Opening, "heartbeats"> & { readonly everyMs?: number }): Promise<Opened>;
  heard(args: { readonly id: number } & Partial<HearingWait>): Promise<Heard>;
  close(args: { readonly id: number }): Promise<number>;
  ask(args: Asking): Promise<Asked | null>;
  /** Opens the window in which resources are counted. */
  begin(args: object): void;
  /** Closes the window. */
  end(args: object): Resources;
  clock(args: object): Clock;
  /** Has its clock be another machine's from here on. */
  correctClock(args: ClockCorrection): void;
};

/** Clients that ask an endpoint of the user's as it is. */
export type AskerVerbs = {
  start(args: {
    readonly variant: RecordedVariant;
    readonly server: ServerAddress;
    /** Null without TLS. */
    readonly trust: Trust | null;
    readonly path: string;
    readonly request: EndpointRequest;
  }): Promise<void>;
  /** `forMs` and `timeoutMs` are for how long that may take. */
  ask(args: {
    readonly how: EndpointAsking;
    readonly forMs: number;
    readonly timeoutMs: number;
  }): Promise<RecordedEndpoint>;
  /** Opens the window in which resources are counted. */
  begin(args: object): void;
  /** Closes the window. */
  end(args: object): Resources;
  /** The longest since `begin`, whether the window is closed or not. */
  longestStall(args: object): Stall;
  clock(args: object): Clock;
};

/** How a server is reached. */
export interface ProbedWay {
  readonly server: ServerAddress;
  /** Null without TLS. */
  readonly trust: Trust | null;
  /** As clients speak it there. */
  readonly variant: RecordedVariant;
}

export interface AbsenceQuestion {
  readonly sent: Sent;
  /** Whether clients sent these messages in turn, each on its own channel; otherwise all clients were sent each. */
  readonly inTurn: boolean;
  readonly sinceNs: number;
  /** When the server was ended, if it was restarted. Needs one clock. */
  readonly restartedNs: number | null;
  /** Left out where all servers had all. */
  readonly onBus?: BusQuestion;
}

/** What clients of one process lost, and for how long they were away: durations in nanoseconds. */
export interface AbsenceReport extends Losses {
  /** Null where they keep nothing of what they send. */
  readonly outboxes: OutboxReport | null;
  readonly count: number;
  /** Those that weren't back. */
  readonly lasting: number;
  readonly dials: number;
  readonly failedDials: number;
  readonly untilSubscribed: Histogram;
  readonly untilReceiving: Histogram;
  /** From the server's end until each client was subscribed for good; empty where it wasn't restarted. */
  readonly untilBack: Histogram;
  readonly course: Course;
  /** Of some of the clients, spread evenly over all. */
  readonly lanes: readonly Lane[];
}

/** See `OutboxTally`. */
export interface OutboxReport extends Omit<OutboxTally, "untilAcknowledged"> {
  readonly untilAcknowledged: Histogram;
}

export interface StoppedReport {
  readonly count: number;
  /** Those that lost their connection. */
  readonly disconnected: number;
  /** From reading again until the first message that was sent after that. */
  readonly caughtUp: Histogram;
}

export interface LoadEnd {
  readonly arrived: number;
  /** How many clients it has at each of the servers' addresses. */
  readonly clientsAt: readonly number[];
  readonly resources: Resources;
  /** How wrong the times may be at which messages were received; left out where this process's own clock tells them. */
  readonly stampBoundNs?: number;
}

export interface Connecting {
  readonly clients: number;
  /** The number of the first of them; the others' follow. Over all processes, each client's number is its own. */
  readonly firstClient: number;
  /** Whether all listen to one channel, each to its own, or each to that of its room. */
  readonly channels: Channels;
  /** See `ConnectOptions`. */
  readonly prompts?: true;
  /** How many servers the clients are spread over; one when left out. */
  readonly serverCount?: number;
  /** The number of the next message. */
  readonly nextSequence: number;
  /** Dials under way at once. */
  readonly concurrency: number;
  /** Dials are spread evenly over this time; as fast as possible when left out. */
  readonly overMs?: number;
  /** How clients that are connected from here on find out that the server is silent; not at all when left out. */
  readonly heartbeats?: Heartbeats;
}

/** The counts of connections are of the process's whole life. */
export interface Collected extends Recorded, ConnectionEnds {
  /** Left out where clients aren't in rooms. */
  readonly rooms?: RoomReport;
  /** Left out where they didn't prompt. */
  readonly tokens?: TokenReport;
}

export interface Saturating {
  readonly connections: number;
  /** The server's place among all of them; the first when left out. */
  readonly server?: number;
}

export interface Saturated {
  readonly requestsPerSecond: number;
  readonly failed: number;
}

export type Channels = NonNullable<ConnectOptions["channels"]>;

/** The channel that all clients share, and that of a client of its own. */
export const sharedChannel = "all";
export function ownChannel(client: number): string {
  return `client-${client}`;
}

/** The channel that a client is connected to first. */
export function channelOf(client: number, channels: Channels): string {
  if (channels === "shared") return sharedChannel;
  return channels === "own" ? ownChannel(client) : roomOf(channels, client).channel;
}
