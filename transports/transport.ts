import type { Server } from "node:http";
import type { Duplex } from "node:stream";
import type * as z from "zod";
import type { Admitted } from "./admission.ts";
import type { Header } from "./refusal.ts";
import type { ExtraPart } from "./wire-parts.ts";

/**
 * A way for a server to deliver messages to many clients, and for a client to answer.
 *
 * A transport moves opaque payloads. It never measures, never retries on its own account and never
 * counts losses: all transports are judged by the same code, and none can flatter itself.
 */
export interface Transport<Options> {
  readonly name: string;
  /** By which a sentence calls it: `WebSocket`. */
  readonly title: string;
  /** What else people call it; case and hyphens don't matter. */
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Whether messages are sent to a waiting client (`push`) or fetched by requests (`pull`). */
  readonly delivery: "push" | "pull";
  /** What lies below it is machine and harness, not transport: reports show it as the floor. */
  readonly reference?: true;
  /** What may follow the name in a variant; every option has a default. */
  readonly options: z.ZodType<Options> & { readonly shape: object };
  /** The option that `name@value` sets. */
  readonly shorthand: keyof Options & string;
  /** How to be a client; the first, called `default`, is the leanest correct one. */
  readonly clients: { readonly default: Connect<Options> } & Readonly<
    Record<string, Connect<Options>>
  >;
  /** Loads what a client needs and the others of the list don't, before anything is measured. */
  readonly prepare?: (client: string) => Promise<void>;
  /** Milliseconds after which an idle client has done everything once that it does periodically. */
  idleCycleMs(options: Options): number;
  /** For pull transports: how a request that the server can answer at once looks, and how often one comes. */
  readonly polling?: PollingFacts<Options>;
  /**
   * What messages must cost on the wire, by which measurements are checked; null with options by which nobody
   * can tell beforehand.
   */
  theory?(options: Options): Theory | null;
  /**
   * Where messages or polls are exchanges of HTTP/1.1: what one is for, by the request's head, so that a relay
   * in front of somebody else's server can tell. Null for one whose answer is a stream of deliveries.
   */
  readonly passing?: Passing;
  /** Mounts the server end on a listener that the harness owns. */
  serve(listener: Listener, handlers: ServerHandlers, options: Options): TransportServer;
}

/**
 * TCP payload bytes as the documents have it that define a wire format, payloads of ASCII without line
 * ends included. An independent statement: it must not call the code whose bytes it predicts.
 */
export interface Theory {
  /** Where the formulas come from: documents and their sections. */
  readonly source: string;
  /** What brings messages to one client in one go, with the request that asks for them. */
  down(delivery: ExpectedDelivery): WireBytes;
  /** What takes one message up, with its answer. */
  up(sending: ExpectedSending): WireBytes;
  /**
   * Of a client's set-up only what depends on the channel's number and on the authority: the rest is the
   * libraries' affair.
   */
  greeting(greeting: ExpectedGreeting): WireBytes;
}

/** Bytes in both directions; `down` is server to client. */
export interface WireBytes {
  readonly down: number;
  readonly up: number;
}

export interface ExpectedDelivery {
  /** Of each message. */
  readonly payloadBytes: number;
  /** How many come together; always 1 where they are pushed. */
  readonly messages: number;
  /** The number of the last of them on its channel. */
  readonly number: number;
  readonly channel: string;
  /** By which the server is asked, as in the header `Host`. */
  readonly authority: string;
}

export interface ExpectedGreeting {
  /** The number of the newest message on the channel. */
  readonly number: number;
  /** By which the server is asked, as in the header `Host`. */
  readonly authority: string;
}

export interface ExpectedSending {
  readonly payloadBytes: number;
  readonly channel: string;
  /** By which the server is asked, as in the header `Host`. */
  readonly authority: string;
}

/**
 * Resolves when a publish would reach this client; rejects with the socket's error, or with a `Refusal` that
 * says what the server answered instead.
 */
export type Connect<Options> = (
  target: Target,
  handlers: ClientHandlers,
  options: Options,
) => Promise<Connection>;

export interface PollingFacts<Options> {
  /** The path of a poll that finds every message after `cursor`, and is never held. */
  readonly path: (channel: string, cursor: number) => string;
  /** Milliseconds between two polls of one client, or null when a client asks again at once. */
  readonly intervalMs: (options: Options) => number | null;
}

export type Passing = (request: RequestHead) => AnswerReader | null;

/** Reads one answer as it passes. */
export interface AnswerReader {
  /** A piece of the body, without the framing of chunks. */
  body(piece: Buffer): void;
  /** At its end: what the request and the answer were for. */
  purpose(head: AnswerHead): ExtraPart | AnsweredPoll;
}

export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly header: Header;
}

export interface AnswerHead {
  readonly status: number;
  readonly header: Header;
}

/**
 * The accepted side. The harness opens it, counts its bytes and closes it. How many bytes there were it reads
 * by itself; what they were for, only the transport knows. Where messages are pushed, what no one names was
 * spent on deliveries.
 */
export interface Listener {
  /** HTTP/1.1 on the accepted streams: the `request` and `upgrade` events are the transport's. */
  readonly http: Server;
  /** See `serveHttp`, which keeps to it. */
  readonly admitted: Admitted;
  /** The accepted streams that are not closed. */
  readonly open: ReadonlySet<Duplex>;
  /**
   * For transports that are not HTTP: hands every accepted stream to `accepted`, and none to `http`. Its
   * errors are then the transport's, and so is its end: it may be half open.
   */
  takeSockets(accepted: (stream: Duplex) => void): void;
  /**
   * All that has crossed `stream` so far, but for what has been named already, was for `part`. What waits to
   * be written counts: it will cross.
   */
  spent(stream: Duplex, part: ExtraPart): void;
  /** The same where messages are fetched: it was a poll, and an answer that holds some. */
  answered(stream: Duplex, answer: AnsweredPoll): void;
  /**
   * So many of the bytes that `stream` carries were for `part`: where one stretch holds several things, as
   * frames do that come together.
   */
  carried(stream: Duplex, part: ExtraPart, bytesDown: number, bytesUp: number): void;
}

export interface ServerHandlers {
  /** A client sent `payload` up on `channel`. */
  message(channel: string, payload: Buffer): void;
}

/** A poll's answer that holds messages. */
export interface AnsweredPoll {
  /** At least one. */
  readonly messages: number;
  /** The number of the last of them on its channel. */
  readonly newest: number;
  /** Of the answer's body. */
  readonly bodyBytes: number;
  /** Of both heads, the digits of lengths and cursors: they differ with what an answer holds. */
  readonly digitBytes: number;
}

export interface TransportServer extends AsyncDisposable {
  /** Delivers `payload` to every client of `channel`; one that is away gets it when it resumes. */
  publish(channel: string, payload: Buffer): void;
}

/** Where, and as whom, a client connects. */
export interface Target {
  /** The server's, without a path. */
  readonly url: URL;
  /** Clients get what is published on their channel, in order, and nothing else. */
  readonly channel: string;
  /** The number of the last message received before, to resume after it. */
  readonly after?: number;
  /** Where in its period a periodic client starts, in [0, 1): spread over the clients, seeded. */
  readonly phase: number;
  /**
   * A stream on its way to the server, which emits `connect` when it is there; what is written before waits.
   * The harness owns it, and resets what it runs on when the client is closed.
   */
  dial(): Duplex;
}

/**
 * Plain calls, one per message. Given before connecting, so that nothing is lost in between. Called as
 * methods of their object.
 */
export interface ClientHandlers {
  /** Called with the complete payload: text where the client library has already decoded it. */
  message(payload: Buffer | string): void;
  /** The server's log no longer held this many messages that the client had asked for. */
  gap(missed: number): void;
  /** The connection has ended, or become useless, without the client's doing. At most once. */
  closed(reason: string): void;
  /**
   * A further connection is dialled for requests, since the server has ended the one before. `askedAgain`
   * where a request met that end: it is sent again, as HTTP allows for a GET that got no byte of an answer.
   */
  reconnected(askedAgain: boolean): void;
}

/** One connected client. Disposing of it ends it at once and leaves no timer, request or socket. */
export interface Connection extends AsyncDisposable {
  /** The number of the last message received. */
  readonly cursor: number;
  /** Sends `payload` up, in order. A failure is told by `closed`. */
  send(payload: Buffer): void;
}

/** The largest message either side accepts, in bytes. */
export const maxMessageBytes: number = 8 * 1024 * 1024;

/** As much may wait for a server that doesn't read or answer what a client sends up, in bytes. */
export const maxWaitingBytes: number = 16 * maxMessageBytes;

/** A transport for the list: its option types are sealed, everything else is as its author wrote it. */
export interface AnyTransport {
  readonly name: string;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly delivery: "push" | "pull";
  readonly reference: boolean;
  readonly optionKeys: readonly string[];
  readonly shorthand: string;
  readonly clients: readonly string[];
  /** Binds a client and options; throws a `ZodError` when the options don't fit. */
  configure(client: string, options: unknown): BoundTransport;
}

/** A transport with its client and options chosen: what the harness runs. */
export interface BoundTransport {
  readonly delivery: "push" | "pull";
  /** The options with every default filled in. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly idleCycleMs: number;
  readonly polling: {
    readonly path: (channel: string, cursor: number) => string;
    readonly intervalMs: number | null;
  } | null;
  readonly theory: Theory | null;
  /** Null where nothing but streams passes. */
  readonly passing: Passing | null;
  serve(listener: Listener, handlers: ServerHandlers): TransportServer;
  /** Loads what `connect` needs: the first client would wait for it, and not for the server. */
  prepare(): Promise<void>;
  connect(target: Target, handlers: ClientHandlers): Promise<Connection>;
}

/** Gives a transport's author types, and the harness one shape for all. */
export function defineTransport<Options extends object>(
  transport: Transport<Options>,
): AnyTransport {
  const { name, title, summary, delivery, shorthand, polling } = transport;
  return {
    name,
    title,
    aliases: transport.aliases ?? [],
    summary,
    delivery,
    reference: transport.reference === true,
    shorthand,
    optionKeys: Object.keys(transport.options.shape),
    clients: Object.keys(transport.clients),
    configure(client, given) {
      const options = transport.options.parse(given);
      const connect = transport.clients[client];
      if (connect === undefined) throw new Error(`${name} has no client called ${client}`);
      return {
        delivery,
        options: Object.fromEntries(Object.entries(options)),
        idleCycleMs: transport.idleCycleMs(options),
        polling:
          polling === undefined
            ? null
            : { path: polling.path, intervalMs: polling.intervalMs(options) },
        theory: transport.theory?.(options) ?? null,
        passing: transport.passing ?? null,
        serve: (listener, handlers) => transport.serve(listener, handlers, options),
        prepare: async () => transport.prepare?.(client),
        connect: (target, handlers) => connect(target, handlers, options),
      };
    },
  };
}
