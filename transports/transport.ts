import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import type * as z from "zod";
import type { Admitted } from "./admission.ts";
import type { AnswerFailure } from "./answer-failure.ts";
import type { AnsweredPoll, Direction, Classify, HeartbeatCounter } from "./classify.ts";
import type { BrowserName } from "./browser-names.ts";
import type { PageClientSettings } from "./browser/page-protocol.ts";
import type { BusName } from "./bus-names.ts";
import type { Guards } from "./guards.ts";
import type { Heartbeats } from "./heartbeats.ts";
import type { Layer, Layers } from "./layers.ts";
import type { LibraryBus, LibraryBusNeeds, MeetingPlace, TakeHead } from "./library-bus.ts";
import type { Header } from "./protocol-error.ts";
import type { Theory } from "./theory.ts";
import type { WireBytes } from "./wire-bytes.ts";
import type { WireForm } from "./wire-form.ts";
import type { ExtraPart } from "./wire-parts.ts";

/**
 * A way for a server to deliver messages to many clients, and for a client to answer.
 *
 * A transport moves opaque payloads. It never measures, never retries on its own account and never
 * counts losses: all transports are judged by the same code, and none can flatter itself.
 */
export interface Transport<Options> {
  readonly name: string;
  /** Its name in sentences: `WebSocket`; `name` when left out. */
  readonly title?: string;
  /** Other names that people use for it; case and hyphens don't matter. */
  readonly aliases?: readonly string[];
  readonly summary?: string;
  /** Whether messages are sent to a waiting client (`push`) or fetched by requests (`pull`). */
  readonly delivery: Delivery | ((options: Options) => Delivery);
  /** Whether it is the floor that reports show: costs below it are those of machine and harness. */
  readonly reference?: true;
  /** Whether it is left out of runs and checks that name no transports. */
  readonly onlyWhenNamed?: true;
  /**
   * Whether a payload may be any bytes; `listener.binary` and `target.binary` say when it is. Otherwise payloads
   * are text, and binary encodings travel as base64.
   */
  readonly binary?: true;
  /** Options that may follow the name in a variant; every one has a default. None when left out. */
  readonly options?: z.ZodType<Options> & { readonly shape: object };
  /** The option that `name@value` sets. */
  readonly shorthand?: keyof Options & string;
  /**
   * The option that says how often an idle client or its server does something, so that the other knows it is there;
   * scripts set it with `TransportServer.heartbeats`. Left out where that can't be set while the server runs.
   */
  readonly heartbeat?: keyof Options & string;
  /** The layers that it can stand on, besides those that all can. */
  readonly layers?: readonly Layer[];
  /** Those of them that one of its clients can't. */
  readonly layersWithout?: Readonly<Record<string, readonly Layer[]>>;
  /** How to be a client; the first, called `default`, is the leanest correct one. */
  readonly clients: { readonly default: Connect<Options> } & Readonly<
    Record<string, Connect<Options>>
  >;
  /** Those of its clients that come back by themselves where they are asked to (`Target.ownReturn`). */
  readonly comesBack?: readonly string[];
  /** Those of its clients that live in a browser, and in which: they are opened by `Target.openInPage`. */
  readonly inBrowser?: Readonly<Record<string, BrowserName>>;
  /** Those of its clients that send nothing up: scripts that have clients send are refused with them. */
  readonly onlyReceives?: readonly string[];
  /** Whether a client can ask for each answer by a request of its own, as `Target.asks` has it. */
  readonly answers?: (options: Options) => boolean;
  /** Why one of its clients can't have these options; null where it can. */
  readonly refusal?: (client: string, options: Options) => string | null;
  /**
   * Whether the server is somebody else's as it is: asked at the path of its URL, with a body and fields of the user's
   * (`Target.asks`), and saying by itself when anything is due. Only for scenarios with `asksEndpoint`.
   */
  readonly asIs?: true;
  /** The scenarios of a run that names no others, where these aren't the usual ones. */
  readonly scenarios?: readonly string[];
  /** Packages that it needs, of those that aren't installed along with this one. */
  readonly packages?: (options: Options) => readonly string[];
  /**
   * Where its library has a way of its own by which servers share messages on such a bus: what that takes, or why it
   * can't be had. Null where it has none: then a bus hands each message to `TransportServer.publish`.
   */
  libraryBus?(bus: BusName, options: Options): LibraryBusNeeds | null;
  /** Loads what a client needs and the others of the list don't, before anything is measured. */
  readonly prepare?: (client: string, options: Options, layers: Layers) => Promise<void>;
  /** The same for `serve`. */
  readonly prepareToServe?: (options: Options) => Promise<void>;
  /**
   * Milliseconds after which an idle client has done everything once that it does periodically; left out where it does
   * nothing.
   */
  idleCycleMs?(options: Options): number;
  /** For pull transports: a request that the server can answer at once, and how often clients make one. */
  readonly polling?: PollingFacts<Options>;
  /**
   * The bytes that messages must cost on the wire with a client, for checking measurements; with options for which they
   * can't be known beforehand the reason, which reports give, or null.
   */
  theory?(options: Options, layers: Layers, client: string): Theory | string | null;
  /**
   * For transports whose messages or polls are exchanges of HTTP/1.1: says what an exchange is for, by the request's
   * head, to a relay in front of the user's own server. Null for an answer that is a stream of deliveries. Left out
   * where messages are pushed and published by POST: each POST then sends one up.
   */
  readonly classify?: Classify;
  /** How its clients are heard over HTTP/1.1, for intruders that try the limits of its server; left out where it is no HTTP. */
  readonly wireForm?: (options: Options) => WireForm | null;
  /** For streams that carry heartbeats between messages: how a relay distinguishes them. */
  readonly heartbeatsIn?: (direction: Direction) => HeartbeatCounter;
  /**
   * Mounts the server end on a listener that the harness owns. Left out where the server is always somebody else's:
   * then there is only `--target` to be measured.
   */
  serve?(
    listener: Listener,
    handlers: ServerHandlers,
    options: Options,
    layers: Layers,
  ): TransportServer;
  /**
   * For servers that are published to by another way than a client's connection, such as an HTTP API or a broker. It
   * goes in the place of `Connection.send`: what a client is to send up is published on its channel. Called again only
   * when the promise before has resolved, which it does when the server has taken the message.
   */
  publish?: Publish<Options>;
}

/** Publishes `payload` on `channel` of the server at `target`; rejects with what the server said instead of taking it. */
export type Publish<Options> = (
  target: Target,
  channel: string,
  payload: Buffer,
  options: Options,
) => Promise<void>;

/** How messages come to a client. */
export type Delivery = "push" | "pull";

/**
 * Resolves when a publish would reach this client; rejects with the socket's error, or with a `ProtocolError` that
 * says what the server answered instead.
 */
export type Connect<Options> = (
  target: Target,
  handlers: ClientHandlers,
  options: Options,
  layers: Layers,
) => Promise<Connection>;

export interface PollingFacts<Options> {
  /** The path of a poll that finds every message after `cursor`, and is never held. */
  readonly path: (channel: string, cursor: number) => string;
  /** Milliseconds between two polls of one client, or null when a client asks again at once. */
  readonly intervalMs: (options: Options) => number | null;
}

/**
 * The accepted side. The harness opens it, counts its bytes and closes it. How many bytes there were it reads
 * by itself; what they were for, only the transport knows. Where messages are pushed, what is attributed to
 * nothing else was spent on deliveries.
 */
export interface Listener {
  /**
   * HTTP/1.1 on the accepted streams: the `request` and `upgrade` events are the transport's. Where HTTP/2 is spoken,
   * requests and responses are those of the compatibility API of `node:http2`, an extended CONNECT for a WebSocket
   * (RFC 8441) is an upgrade of its stream, and `session` tells of each session.
   */
  readonly http: Server;
  /** Whether payloads are bytes, and not text, for formats that tell one from the other. */
  readonly binary: boolean;
  /** Whether clients speak HTTP/2. */
  readonly isHttp2: boolean;
  /**
   * The highest number of a message that the server before this one has given out, whose clients may come back; else 0.
   * Each channel begins after it, so that none of them is ahead of its channel, and what is gone is reported as a gap.
   */
  readonly numbersAfter: number;
  /** See `serveHttp`, which keeps to it. */
  readonly admitted: Admitted;
  /** Limits that it sets its clients: `serveHttp` keeps to them, too. */
  readonly guards: Guards;
  /** How many connections of an address are open, the latest included; it counts them where they are limited. */
  connectionsFrom(address: string): number;
  /** The accepted streams that are not closed. */
  readonly open: ReadonlySet<Duplex>;
  /**
   * For transports that are not HTTP: hands every accepted stream to `accepted`, and none to `http`. Its
   * errors are then the transport's, and so is its end: it may be half open.
   */
  takeSockets(accepted: (stream: Duplex) => void): void;
  /**
   * All that has crossed `stream` so far and isn't attributed yet was for `part`. What waits to be written
   * counts: it will cross. Streams of HTTP/2 stand for their connection; there, `content` is how much of it is known to
   * be of this part.
   */
  attributeRest(stream: Duplex, part: ExtraPart, content?: WireBytes): void;
  /** The same where messages are fetched: it was a poll, and an answer that holds some of them. */
  attributePoll(stream: Duplex, answer: AnsweredPoll): void;
  /**
   * That many of the bytes that `stream` carries were for `part`: where one stretch holds several things, as
   * frames do that arrive together. Streams of HTTP/2 stand for their connection; there, what has come up so far goes
   * with `bytesUp`, since its frames have heads.
   */
  attribute(stream: Duplex, part: ExtraPart, bytesDown: number, bytesUp: number): void;
  /**
   * That many of the bytes that `stream` carries down were deliveries, and are no part of any rest: where messages
   * share their connection with requests.
   */
  attributeDelivery(stream: Duplex, bytesDown: number): void;
  /** The server has given up the client of this stream, though the stream isn't closed yet. */
  gaveUp(stream: Duplex): void;
}

export interface ServerHandlers {
  /** A client sent `payload` up on `channel`. */
  message(channel: string, payload: Buffer): void;
}

export interface TransportServer extends AsyncDisposable {
  /** Delivers `payload` to every client of `channel`; one that is away gets it when it resumes. */
  publish(channel: string, payload: Buffer): void;
  /**
   * Joins other servers as its library does; resolves when all that they publish from then on comes. From then on
   * `publish` isn't called, but that of the bus. Present where `Transport.libraryBus` says so.
   */
  join?(place: MeetingPlace, take: TakeHead): Promise<LibraryBus>;
  /** Has clients that connect from here on get heartbeats so, in the place of what its options say. */
  heartbeats?(heartbeats: Heartbeats): void;
  /**
   * Has streams that begin from here on do so with so many bytes that mean nothing to a client, for proxies that wait
   * for some; left out where there are no such bytes.
   */
  padding?(bytes: number): void;
  /** One stream for each client that it has; left out where clients have only one at a time. */
  clientStreams?(): Iterable<Duplex>;
  /**
   * Ends the answers on `channel` behind what has been published on it; left out where a client's stream outlives its
   * requests.
   */
  complete?(channel: string): void;
  /**
   * For servers that have a publisher wait for clients that don't read: null where `channel` has room for a message,
   * else resolves as soon as it has. What clients send up waits for nobody.
   */
  room?(channel: string): Promise<void> | null;
}

/** The server and channel that a client connects to. */
export interface Target {
  /** The server's, without a path, but for transports with `asIs`. */
  readonly url: URL;
  /** Clients get what is published on their channel, in order, and nothing else. */
  readonly channel: string;
  /** The number of the last message received before, to resume after it. */
  readonly after?: number;
  /**
   * Present where the client is to come back by itself when it has lost its connection, as its library does, and to
   * tell so here. Then `closed` means that it has given up.
   */
  readonly ownReturn?: OwnReturn;
  /** Present for clients that live in a browser: opens one in a page, which the harness owns as it does sockets. */
  readonly openInPage?: OpenInPage;
  /** As `Listener.binary`. */
  readonly binary?: boolean;
  /**
   * Whether the client subscribes to nothing: each message that it sends up, of a byte at least, is a request, whose
   * answer is a stream that its server ends. The next is sent when that has ended. It is connected when its connection is
   * there; with `after`, when the rest comes of the answer that was cut there. Only of transports that say so by
   * `answers`.
   */
  readonly asks?: boolean;
  /** With `asIs`: fields of the user's that each request carries. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Where in its period a periodic client starts, in [0, 1): spread over the clients, seeded. */
  readonly phase: number;
  /**
   * Present where HTTP/2 is spoken: clients that have the same object here share a connection, which the first of them
   * dials. Where requests can't be made by HTTP/2, it has no meaning.
   */
  readonly http2?: Http2Place;
  /**
   * Which fields requests carry besides the transport's own, for clients of HTTP/2. With HTTP/1.1, what is dialled sees
   * to that.
   */
  readonly headers?: Layers["headers"];
  /** The bearer token that requests carry, likewise for clients of HTTP/2. */
  readonly token?: Layers["token"];
  /**
   * A stream on its way to the server, which emits `connect` when it is there; what is written before waits.
   * The harness owns it, and resets what it runs on when the client is closed. Where `read` is given, that is called
   * with what arrives, in memory that all such streams share, in the place of the stream's event `data`.
   */
  dial(read?: ReadChunk): Duplex;
}

/** Reads the first `length` bytes of `chunk`, in which others are by the time that it has returned. */
export type ReadChunk = (chunk: Buffer, length: number) => void;

/** Resolves when the client is subscribed. */
export type OpenInPage = (
  settings: PageClientSettings,
  handlers: ClientHandlers,
  ownReturn?: OwnReturn,
) => Promise<Connection>;

/** What a client tells that comes back by itself. */
export interface OwnReturn {
  /** It has lost its connection, and is going to get another. */
  lost(): void;
  /** An attempt has failed, and another will follow. */
  failed(): void;
  /** It is subscribed again. */
  back(): void;
}

/** The place of one HTTP/2 connection. */
export interface Http2Place {
  /** Whether more than one client may have it. */
  readonly isShared: boolean;
}

/**
 * Plain calls, one per message. Given before connecting, so that nothing is lost in between. Called as
 * methods of their object.
 */
export interface ClientHandlers {
  /**
   * Called with the complete payload: text where the client library has already decoded it. `agoNs` nanoseconds ago it
   * was received, where that wasn't just now: by a client in a browser, which stamps what it receives.
   */
  message(payload: Buffer | string, agoNs?: number): void;
  /** With `Target.asks`: the answer has ended that was asked for last, in order. One that is cut is told by `closed`. */
  answered?(): void;
  /** Of transports with `asIs`, as the next three: the head of an answer has come, of an interim one too. */
  headed?(status: number, header: Header): void;
  /** A piece of an answer has been read, of so many bytes without compression; whether it ends where an event does. */
  read?(bytes: number, isWhole: boolean): void;
  /** An event has come that holds nothing of the answer's text. */
  aside?(kind: AsideKind): void;
  /** There is no answer, or it has broken off; the next can be asked for. */
  failed?(failure: AnswerFailure): void;
  /**
   * The server doesn't deliver this many messages, which come next: its log no longer holds them, or it left them out.
   * Infinity where it isn't known how many: then all until the next one that comes.
   */
  gap(missed: number): void;
  /** The connection has ended, or become useless, without the client's doing. At most once. */
  closed(reason: string): void;
  /**
   * A further connection is dialled for requests, since the server has ended the one before. `retried`
   * where a request met that end: it is sent again, as HTTP allows for a GET that got no byte of an answer.
   * `isUpstream` where these requests only send messages up.
   */
  reconnected(retried: boolean, isUpstream?: boolean): void;
}

/** What an event is for that holds no text: the first of an answer, the last, its costs, a sign of life, anything else. */
export type AsideKind = "role" | "finish" | "usage" | "ping" | "other";

/** One connected client. Disposing of it ends it at once and leaves no timer, request or socket. */
export interface Connection extends AsyncDisposable {
  /** The number of the last message received. */
  readonly cursor: number;
  /** How wrong `agoNs` may be, in nanoseconds; left out where nothing was received but just now. */
  readonly stampBoundNs?: number;
  /** Sends `payload` up, in order. A failure is reported by `closed`. Not called of clients that only receive. */
  send(payload: Buffer): void;
}

/** The largest message either side accepts, in bytes. */
export const maxMessageBytes: number = 8 * 1024 * 1024;

/** How much may wait, in bytes, for a server that doesn't read or answer what a client sends up. */
export const maxWaitingBytes: number = 16 * maxMessageBytes;
