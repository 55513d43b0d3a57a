import { addBytes, scaleBytes, sumBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import { sum } from "../statistics/basics.ts";

/** What an idle connection does again and again, as far as it could be seen; on average over several. */
export interface Cycle {
  /** How long it takes; null where nothing was seen to come again. */
  readonly cycleMs: number | null;
  /** How often one was seen on the connection that showed fewest. */
  readonly cycles: number;
  /** Of one connection in one cycle; all that was seen of it where there was none. */
  readonly bytes: WireBytes;
}

/** What follows so closely belongs to the same beat: a ping has its pong. */
const gapMs = 100;

/** What goes on as long without a gap repeats itself faster than beats can be told apart. */
const leastStreamMs = 1_000;

interface Beat {
  readonly startMs: number;
  endMs: number;
  bytes: WireBytes;
}

/** The heartbeats, or the empty polls, of one connection. */
export class Beats {
  readonly #beats: Beat[] = [];

  /** Forgets what was seen. */
  reset(): void {
    this.#beats.length = 0;
  }

  /** What crossed the connection at `nowMs`. */
  note(nowMs: number, down: number, up: number): void {
    const last = this.#beats.at(-1);
    if (last === undefined || nowMs - last.endMs > gapMs) {
      this.#beats.push({ startMs: nowMs, endMs: nowMs, bytes: { down, up } });
      return;
    }
    last.endMs = nowMs;
    last.bytes = addBytes(last.bytes, { down, up });
  }

  /** When something last crossed the connection; null before that. */
  get lastMs(): number | null {
    return this.#beats.at(-1)?.endMs ?? null;
  }

  /** From the start of the first beat to that of the last: so whole cycles, whenever one looks. */
  cycle(nowMs: number): Cycle {
    const whole = this.#beats.filter(({ endMs }) => nowMs - endMs > gapMs);
    const [first, ...others] = whole;
    const last = others.at(-1);
    if (first !== undefined && last !== undefined) {
      const cycles = others.length;
      const bytes = scaleBytes(sumBytes(others.map(({ bytes }) => bytes)), 1 / cycles);
      return { cycleMs: (last.startMs - first.startMs) / cycles, cycles, bytes };
    }
    const bytes = sumBytes(this.#beats.map((beat) => beat.bytes));
    const [only] = this.#beats;
    const streamMs = only === undefined ? 0 : only.endMs - only.startMs;
    return streamMs < leastStreamMs
      ? { cycleMs: null, cycles: 0, bytes }
      : { cycleMs: streamMs, cycles: 1, bytes };
  }
}

/** Of several connections; not known before each of them has repeated itself. */
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
