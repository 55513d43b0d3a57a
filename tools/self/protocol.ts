import type { Connecting, SendRequest } from "../../bench/processes/protocol.ts";

/** What a bare process connects with: the client libraries that the harness's own clients use. */
export type Library = "websocket" | "sse" | "lines" | "polls-at-once" | "polls-every-20ms";

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

/** The server of the bare pair: WebSockets that get what is published, and nothing else. */
export type BareServerVerbs = {
  start(args: {
    readonly payloadBytes: number;
    readonly epochNs: number;
  }): Promise<{ port: number }>;
  publish(args: SendRequest): Promise<void>;
};
