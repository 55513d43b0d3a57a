import type { BoundTransport, ExtraPart } from "../../transports/transport.ts";

/** Bytes in both directions; `down` is server to client. */
export interface Bytes {
  down: number;
  up: number;
}

/** What has crossed the wire so far. All bytes of the TCP connections' payload, and what they were for. */
export interface WireTotals {
  readonly total: Bytes;
  readonly parts: Record<ExtraPart, Bytes>;
  /** How often each part was named. */
  readonly named: Readonly<Record<ExtraPart, number>>;
  readonly requests: number;
  readonly connections: number;
}

/** What crossed it between two readings. */
export interface WireDelta extends Omit<WireTotals, "parts" | "named"> {
  readonly parts: WireTotals["parts"] & { readonly deliveries: Bytes };
  /** Polls that messages were the answer to; 0 where messages are pushed. */
  readonly answers: number;
}

/** Who was there, what was asked, and what bytes were for. */
export class WireBooks {
  requests = 0;
  connections = 0;
  readonly #parts: Record<ExtraPart, Bytes> = {
    setUp: { down: 0, up: 0 },
    emptyPolls: { down: 0, up: 0 },
    heartbeats: { down: 0, up: 0 },
    upstream: { down: 0, up: 0 },
  };
  readonly #named: Record<ExtraPart, number> = {
    setUp: 0,
    emptyPolls: 0,
    heartbeats: 0,
    upstream: 0,
  };

  /** Names bytes that were spent on something else than deliveries. */
  spent(part: ExtraPart, down: number, up: number): void {
    this.more(part, down, up);
    this.#named[part] += 1;
  }

  /** The same for more bytes of what was named already. */
  more(part: ExtraPart, down: number, up: number): void {
    const bytes = this.#parts[part];
    bytes.down += down;
    bytes.up += up;
  }

  totals(total: Bytes): WireTotals {
    return {
      total,
      parts: structuredClone(this.#parts),
      named: { ...this.#named },
      requests: this.requests,
      connections: this.connections,
    };
  }
}

/** What crossed the wire between two readings; what no part was named for was spent on deliveries. */
export function between(
  from: WireTotals,
  to: WireTotals,
  delivery: BoundTransport["delivery"],
): WireDelta {
  const parts = {
    setUp: less(to.parts.setUp, from.parts.setUp),
    emptyPolls: less(to.parts.emptyPolls, from.parts.emptyPolls),
    heartbeats: less(to.parts.heartbeats, from.parts.heartbeats),
    upstream: less(to.parts.upstream, from.parts.upstream),
  };
  const total = less(to.total, from.total);
  return {
    total,
    parts: { ...parts, deliveries: Object.values(parts).reduce(less, total) },
    requests: to.requests - from.requests,
    // A poll that was held already when the window opened may be named as empty within it.
    answers: delivery === "push" ? 0 : Math.max(0, unnamedRequests(to) - unnamedRequests(from)),
    connections: to.connections - from.connections,
  };
}

/** Of a pull transport: polls that were neither the first nor empty. */
function unnamedRequests({ requests, named }: WireTotals): number {
  return requests - named.setUp - named.emptyPolls - named.upstream;
}

function less(a: Bytes, b: Bytes): Bytes {
  return { down: a.down - b.down, up: a.up - b.up };
}
