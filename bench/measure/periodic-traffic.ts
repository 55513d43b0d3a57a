import { addBytes, scaleBytes, sumBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import { sum } from "../statistics/basics.ts";

/**
 * The traffic that an idle connection repeats, as far as it could be observed; on average over several
 * connections.
 */
export interface Cycle {
  /** How long it takes; null where nothing was seen to come again. */
  readonly cycleMs: number | null;
  /** How often one was seen on the connection that showed fewest. */
  readonly cycles: number;
  /** Bytes of one connection in one cycle; where no cycle was observed, all bytes of a connection. */
  readonly bytes: WireBytes;
}

/** Traffic that follows within this time belongs to the same burst, as a pong to its ping. */
const gapMs = 100;

/** Traffic without a gap for this long is repeated too fast for bursts to be distinguished. */
const minStreamMs = 1_000;

interface Burst {
  readonly startMs: number;
  endMs: number;
  bytes: WireBytes;
}

/** The heartbeats, or the empty polls, of one connection, as bursts of bytes. */
export class PeriodicTraffic {
  readonly #traffic: Burst[] = [];

  /** Forgets what was seen. */
  reset(): void {
    this.#traffic.length = 0;
  }

  /** Bytes that crossed the connection at `nowMs`. */
  record(nowMs: number, down: number, up: number): void {
    const last = this.#traffic.at(-1);
    if (last === undefined || nowMs - last.endMs > gapMs) {
      this.#traffic.push({ startMs: nowMs, endMs: nowMs, bytes: { down, up } });
      return;
    }
    last.endMs = nowMs;
    last.bytes = addBytes(last.bytes, { down, up });
  }

  /** When something last crossed the connection; null before that. */
  get lastMs(): number | null {
    return this.#traffic.at(-1)?.endMs ?? null;
  }

  /** From the start of the first burst to that of the last: so whole cycles, whenever one looks. */
  cycle(nowMs: number): Cycle {
    const whole = this.#traffic.filter(({ endMs }) => nowMs - endMs > gapMs);
    const [first, ...others] = whole;
    const last = others.at(-1);
    if (first !== undefined && last !== undefined) {
      const cycles = others.length;
      const bytes = scaleBytes(sumBytes(others.map(({ bytes }) => bytes)), 1 / cycles);
      return { cycleMs: (last.startMs - first.startMs) / cycles, cycles, bytes };
    }
    const bytes = sumBytes(this.#traffic.map((burst) => burst.bytes));
    const [only] = this.#traffic;
    const streamMs = only === undefined ? 0 : only.endMs - only.startMs;
    return streamMs < minStreamMs
      ? { cycleMs: null, cycles: 0, bytes }
      : { cycleMs: streamMs, cycles: 1, bytes };
  }
}

/** The average cycle of several connections; unknown until each of them has repeated itself. */
export function cycleOf(cycles: readonly Cycle[]): Cycle {
  const share = 1 / Math.max(1, cycles.length);
  const known = cycles.flatMap(({ cycleMs }) => cycleMs ?? []);
  const isKnown = known.length > 0 && known.length === cycles.length;
  return {
    cycleMs: isKnown ? share * sum(known) : null,
    cycles: isKnown ? Math.min(...cycles.map((one) => one.cycles)) : 0,
    bytes: scaleBytes(summed(cycles), share),
  };
}

function summed(all: readonly { readonly bytes: WireBytes }[]): WireBytes {
  return sumBytes(all.map(({ bytes }) => bytes));
}
