import type { Bytes, WireTotals } from "../measure/listener.ts";
import type { Recorded } from "../measure/recorder.ts";
import type { Histogram, Resources } from "../results/schema.ts";
import type { RecordedVariant } from "../variant.ts";

/*
 * What the director can ask of the processes that measure. Arguments and answers are plain data, and no
 * verb assumes shared memory; what needs one clock for all says so.
 */

/** A process's end of the protocol: one function a verb. */
export interface Verbs {
  [verb: string]: (args: never) => unknown;
}

/** What both ends of a trial must agree on. */
export interface Setting {
  readonly variant: RecordedVariant;
  readonly payloadBytes: number;
  readonly seed: number;
  /** Times in envelopes count from here. Needs one clock. */
  readonly epochNs: number;
}

export interface Sending {
  readonly ratePerSecond: number;
  readonly forMs: number;
  /** The number of the first message on each channel. */
  readonly firstSequence: number;
}

export interface Sent {
  readonly messages: number;
  /** When the first was due, and when one more would have been. Needs one clock. */
  readonly startNs: number;
  readonly untilNs: number;
  readonly lateness: Histogram;
  /** Messages per second. */
  readonly achievedRate: number;
}

/** A reading of the process's own monotonic clock. */
export interface Clock {
  readonly nowNs: number;
}

export interface Descriptors {
  /** True when the process can't open another file. */
  readonly exhausted: boolean;
  readonly limit: number | null;
}

export interface Memory {
  /** Resident memory after a full collection of garbage; null where unknown. */
  readonly rssBytes: number | null;
}

export type ServerVerbs = {
  start(args: Setting & { readonly addresses: readonly string[] }): Promise<{ port: number }>;
  /** Opens the window in which wire and resources are counted. */
  begin(args: { readonly measured: boolean }): void;
  /** Publishes on the channel that all clients share. */
  publish(args: Sending): Promise<Sent>;
  /** Closes the window. */
  end(args: object): ServerEnd;
  clock(args: object): Clock;
  descriptors(args: object): Descriptors;
  memory(args: object): Memory;
};

export interface ServerEnd {
  readonly wire: WireDelta;
  readonly resources: Resources;
  readonly kernelSocketBytes: number | null;
}

export interface WireDelta extends Omit<WireTotals, "parts" | "named"> {
  readonly parts: WireTotals["parts"] & { readonly deliveries: Bytes };
  /** Polls that messages were the answer to; 0 where messages are pushed. */
  readonly answers: number;
}

export interface Dialled {
  readonly connected: number;
  /** How often dialling failed, by cause. */
  readonly failures: Readonly<Record<string, number>>;
  readonly durationMs: number;
  readonly setUp: Histogram;
}

export type LoadVerbs = {
  start(
    args: Setting & { readonly addresses: readonly string[]; readonly port: number },
  ): Promise<void>;
  /**
   * Opens the window, and the books of the messages numbered from `firstSequence`. `startNs` is when the
   * phase begins, on the clock that all share.
   */
  begin(args: { readonly firstSequence: number; readonly startNs: number }): void;
  /** Adds clients; stops dialling at the first failure. */
  connect(args: Connecting): Promise<Dialled>;
  /** Ends the newest clients until `clients` are left. */
  disconnect(args: { readonly clients: number }): Promise<void>;
  /** Sends up from every client; each gets back what it sent. */
  send(args: Sending): Promise<Sent>;
  /** Closes the window. */
  end(args: object): LoadEnd;
  /** Waits until the open books hold this many deliveries, and closes them. */
  collect(args: { readonly deliveries: number; readonly timeoutMs: number }): Promise<Collected>;
  clock(args: object): Clock;
  descriptors(args: object): Descriptors;
  memory(args: object): Memory;
  /** Asks for `path` as fast as answers come, over this many connections. */
  saturate(args: {
    readonly path: string;
    readonly connections: number;
    readonly forMs: number;
  }): Promise<Saturated>;
};

export interface LoadEnd {
  readonly arrived: number;
  readonly resources: Resources;
}

export interface Connecting {
  readonly clients: number;
  /** How many clients other processes hold: each client's number is its own. */
  readonly firstClient: number;
  /** Whether all listen to one channel, or each to its own. */
  readonly channels: "shared" | "own";
  /** The number of the next message. */
  readonly nextSequence: number;
  /** Dials under way at once. */
  readonly concurrency: number;
}

export interface Collected extends Recorded {
  readonly disconnected: number;
}

export interface Saturated {
  readonly requestsPerSecond: number;
  readonly failed: number;
}

/** The channel that all clients share, and that of a client of its own. */
export const sharedChannel = "all";
export function ownChannel(client: number): string {
  return `client-${client}`;
}
