import type { Identity } from "../../bench/layers/tls.ts";
import type { Connecting, SendRequest } from "../../bench/processes/protocol.ts";
import type { Answer } from "../../scenarios/scenario.ts";

/** What a bare process connects with: the client libraries that the harness's own clients use. */
export type Library =
  | "websocket"
  | "websocket-deflate"
  | "sse"
  | "sse-http2"
  | "lines"
  | "polls-at-once"
  | "polls-every-20ms";

/** What there is a bare server of. */
export type ServedLibrary = Extract<Library, "websocket" | "sse-http2">;

/** What a bare load process can be asked: the part of `LoadVerbs` that makes it do the same work. */
export type BareVerbs = {
  start(args: BareSetting): Promise<void>;
  connect(args: Connecting): Promise<{ durationMs: number }>;
  /** Opens the window in which deliveries and CPU time are counted. */
  begin(args: object): void;
  /** Sends up from every client; each gets back what it sent. */
  send(args: SendRequest): Promise<void>;
  /** Closes the window. */
  end(args: object): Used;
  /** The median delivery latency of the window, in nanoseconds; null when there was no delivery. */
  latency(args: object): number | null;
  disconnect(args: object): Promise<void>;
  /** Resident memory in bytes after a full collection of garbage. */
  memory(args: object): Promise<number>;
};

export interface BareSetting {
  readonly library: Library;
  readonly port: number;
  /** The server's, in PEM; null without TLS. */
  readonly certificate: string | null;
  readonly payloadBytes: number;
  /** Times in payloads count from here. */
  readonly epochNs: number;
}

/** What a load process has done in a window, and what it took. */
export interface Used {
  /** Deliveries. */
  readonly arrived: number;
  /** User and system time, without the pacer's busy-wait. */
  readonly cpuMs: number;
  /** Deliveries out of order, doubled or lost. */
  readonly wrong: number;
}

/** The server of the bare pair: its clients get what is published, and nothing else. */
export type BareServerVerbs = {
  start(args: {
    readonly library: ServedLibrary;
    /** Null without TLS. */
    readonly identity: Identity | null;
    readonly payloadBytes: number;
    readonly epochNs: number;
  }): Promise<{ port: number }>;
  /** Opens the window in which CPU time is counted. */
  begin(args: object): void;
  publish(args: SendRequest): Promise<void>;
  /** Closes the window. */
  end(args: object): Pick<Used, "cpuMs">;
};

/** The relay of the bare pair: what comes from one side goes to the other. */
export type BareRelayVerbs = {
  /** Listens, and passes connections on to this server. */
  start(args: { readonly host: string; readonly port: number }): Promise<{ port: number }>;
  /** Opens the window in which CPU time is counted. */
  begin(args: object): void;
  /** Closes the window. */
  end(args: object): Pick<Used, "cpuMs">;
};

/** What a bare server of tokens can be asked. */
export type BareTokenVerbs = {
  /** Answers each request so, with lines that are ready to be written. */
  start(args: {
    readonly answer: Answer;
    readonly lines: readonly string[];
  }): Promise<{ port: number }>;
  begin(args: object): void;
  end(args: object): { readonly cpuMs: number };
};
