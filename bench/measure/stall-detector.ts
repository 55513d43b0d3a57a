import { threadTime } from "../machine/thread-time.ts";
import { Lateness } from "./lateness.ts";

/** How often a process looks at its clock. It costs an idle one some 0.1 ms on a processor each time. */
export const tickMs = 25;

/** The longest time in which a process neither worked nor read its clock. */
export interface Stall {
  /**
   * From one tick to the next, less the work in between. Around `tickMs` for a process that nothing
   * disturbs; never less than what it was stopped, frozen or swapped out for.
   */
  readonly longestMs: number;
  /** `longestMs` less the time spent waiting for a processor, where the system reports that time. */
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

/**
 * Waiting time is read once in this many ticks, and after each long gap: the reading costs more than the rest of a
 * tick.
 */
const ticksPerReading = 40;

/** A gap no longer than this is no stall, so its waiting time is of no interest. */
const longGapMs = 1.5 * tickMs;

/**
 * Detects when this process stalled. A timer that fires late may have been kept waiting by the process's own
 * work; where the process used no processor time meanwhile, it stalled.
 */
export class StallDetector implements Disposable {
  readonly #clocks: Clocks;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = 0;
  #cpuMs = 0;
  #waitedMs = 0;
  #sinceReading = 0;
  readonly #lateness = new Lateness();
  #longestMs = 0;
  #stoppedMs = 0;

  constructor(clocks: Clocks = ownClocks) {
    this.#clocks = clocks;
  }

  /** Forgets what was, and ticks from now on. */
  begin(): void {
    this.#longestMs = 0;
    this.#stoppedMs = 0;
    this.#lateness.reset();
    this.#lastMs = this.#clocks.nowMs();
    this.#cpuMs = this.#clocks.cpuMs();
    this.#readWaiting();
    this.#timer ??= setInterval(() => this.tick(), tickMs).unref();
  }

  /** The longest stall since `begin`, including one that has only just ended and kept the timer from firing. */
  longestStall(): Stall {
    this.#look(this.#clocks.nowMs());
    return { longestMs: this.#longestMs, stoppedMs: this.#stoppedMs };
  }

  /** How late timers fired since `begin`, in milliseconds; `q` from 0 to 1. */
  latenessMs(q: number): number {
    return this.#lateness.percentileMs(q);
  }

  tick(): void {
    const nowMs = this.#clocks.nowMs();
    this.#lateness.record(Math.max(0, nowMs - this.#lastMs - tickMs));
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
