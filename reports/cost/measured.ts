import { round } from "../../bench/text/format.ts";
import type { WireBytes } from "../../bench/results/wire-parts.ts";

// What was measured of each variant, as plain data that stands in the page, too.

/** A coefficient with where it was measured, or why there is none. */
export type Known<T> =
  | { readonly value: T; readonly measured: Measured }
  | { readonly value: null; readonly why: string };

/** In which workloads a coefficient was measured; null where it doesn't depend on that. */
export interface Measured {
  readonly clients: Range | null;
  /** To each client. */
  readonly messagesPerSecond: Range | null;
  readonly payloadBytes: Range | null;
  readonly pollIntervalMs: Range | null;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** What a variant's connections cost, for each of what they do. */
export interface ByteCoefficients {
  readonly delivery: "push" | "pull";
  /** Between two polls of a client; null where it doesn't poll on a grid. */
  readonly pollIntervalMs: number | null;
  /** For each connection. */
  readonly setUp: Known<WireBytes>;
  readonly messages: Known<MessageBytes>;
  readonly idle: Known<Idle>;
}

/** What one variant of one run costs. */
export interface Coefficients extends ByteCoefficients {
  /** `sse`, and with several runs `sse, before`. */
  readonly name: string;
  readonly variant: string;
  readonly run: string | null;
  readonly reference: boolean;
  /** What bytes are: TCP payload, or whole IP packets. */
  readonly level: "tcp" | "ip";
  /**
   * By which share the model is off from what was measured, at most: 0.01 is 1 %. Below TCP it is more, since
   * the more often messages come, the fewer acknowledgements there are for each. Null where nothing was.
   */
  readonly missesBy: number | null;
  /** CPU time of the server for each `per`. */
  readonly cpu: Known<{ readonly serverMs: number; readonly per: "request" | "delivery" }>;
  /** Of the server, for each connection held. */
  readonly memory: Known<{ readonly bytes: number }>;
  /** Mean of delivery latency. */
  readonly staleness: Known<{ readonly meanMs: number }>;
}

export interface MessageBytes {
  /** For each delivered message, beyond its payload. */
  readonly message: WireBytes;
  /** For each poll that finds something; nothing where messages are pushed. */
  readonly answer: WireBytes;
  /** How many messages a held poll found, by rate, lowest first; empty for all else. */
  readonly held: readonly { readonly messagesPerSecond: number; readonly perAnswer: number }[];
}

/** What a client costs to which nothing is sent. */
export interface Idle {
  readonly pollsPerSecond: number;
  /** For each poll that finds nothing. */
  readonly emptyPoll: WireBytes;
  /** Each second. */
  readonly heartbeats: WireBytes;
}

const inputNames: Readonly<Record<keyof Measured, { name: string; unit: string }>> = {
  clients: { name: "clients", unit: "" },
  messagesPerSecond: { name: "messages per second", unit: "" },
  payloadBytes: { name: "payload", unit: " B" },
  pollIntervalMs: { name: "poll interval", unit: " ms" },
};

export type CostInputs = Readonly<Record<keyof Measured, number | null>>;

/** Where `asked` leaves what was measured; null is as measured. */
export function beyond(measured: Measured, asked: CostInputs): string[] {
  const keys = ["clients", "messagesPerSecond", "payloadBytes", "pollIntervalMs"] as const;
  return keys.flatMap((key) => {
    const [range, value] = [measured[key], asked[key]];
    if (range === null || value === null || (value >= range.low && value <= range.high)) return [];
    const { name, unit } = inputNames[key];
    return [`${name}: ${rangeText(range)}${unit} measured`];
  });
}

/** `256`, `0–200`. */
export function rangeText({ low, high }: Range): string {
  return low === high ? round(low) : `${round(low)}–${round(high)}`;
}
