import { threadTime } from "../machine/thread-time.ts";

/** How often a process looks at its clock. It costs an idle one some 0.1 ms on a processor each time. */
export const tickMs = 25;

/** The longest time that a process neither worked nor looked at the clock. */
export interface StandStill {
  /**
   * From one tick to the next, less the work in between. Around `tickMs` for a process that nothing
   * disturbs; never less than what it was stopped, frozen or swapped out for.
   */
  readonly longestMs: number;
  /** The same without waiting for a processor that others had, as far as the system tells it apart. */
  readonly stoppedMs: number;
}

/** A process's own clocks, in milliseconds. */
export interface Clocks {
  nowMs(): number;
  /** Processor time that it has used so far. */
  cpuMs(): number;
  /** How long it has been ready to run while others had the processors; 0 where the system doesn't say. */
  waitedMs(): number;
}

/** Waiting is read only so often, and after each long gap: that costs more than all else in a tick. */
const ticksPerReading = 40;

/** A gap that is no longer than this is no stand-still, and its waiting of no interest. */
const longGapMs = 1.5 * tickMs;

/**
 * Detects when the own process stood still. A timer that fires late may have been kept waiting by work,
 * which is the process's own; when the process used no processor time meanwhile, it stood still.
 */
export class StallDetector implements Disposable {
  readonly #clocks: Clocks;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = 0;
  #cpuMs = 0;
  #waitedMs = 0;
  #sinceReading = 0;
  #latenessMs: number[] = [];
  #longestMs = 0;
  #stoppedMs = 0;

  constructor(clocks: Clocks = ownClocks) {
    this.#clocks = clocks;
  }

  /** Forgets what was, and ticks from now on. */
  begin(): void {
    this.#longestMs = 0;
    this.#stoppedMs = 0;
    this.#latenessMs = [];
    this.#lastMs = this.#clocks.nowMs();
    this.#cpuMs = this.#clocks.cpuMs();
    this.#readWaiting();
    this.#timer ??= setInterval(() => this.tick(), tickMs).unref();
  }

  /** The longest since `begin`, with one that is only just over and has kept the timer from firing. */
  standStill(): StandStill {
    this.#look(this.#clocks.nowMs());
    return { longestMs: this.#longestMs, stoppedMs: this.#stoppedMs };
  }

  /** How late timers fired since `begin`, in milliseconds; `q` from 0 to 1. */
  latenessMs(q: number): number {
    const sorted = this.#latenessMs.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
  }

  tick(): void {
    const nowMs = this.#clocks.nowMs();
    this.#latenessMs.push(Math.max(0, nowMs - this.#lastMs - tickMs));
    this.#look(nowMs);
  }

  #look(nowMs: number): void {
    const cpuMs = this.#clocks.cpuMs();
    const gapMs = Math.max(0, nowMs - this.#lastMs - (cpuMs - this.#cpuMs));
    this.#lastMs = nowMs;
    this.#cpuMs = cpuMs;
    this.#longestMs = Math.max(this.#longestMs, gapMs);
    this.#sinceReading += 1;
    const isLong = gapMs > longGapMs;
    if (!isLong && this.#sinceReading < ticksPerReading) return;
    const waitedMs = this.#readWaiting();
    if (isLong) this.#stoppedMs = Math.max(this.#stoppedMs, gapMs - waitedMs);
  }

  /** How long it was since the last reading. */
  #readWaiting(): number {
    const before = this.#waitedMs;
    this.#waitedMs = this.#clocks.waitedMs();
    this.#sinceReading = 0;
    return this.#waitedMs - before;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

const ownClocks: Clocks = {
  nowMs: () => performance.now(),
  cpuMs() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e3;
  },
  waitedMs: () => (threadTime()?.waitedNs ?? 0) / 1e6,
};
