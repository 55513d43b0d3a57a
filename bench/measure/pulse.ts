import { createHistogram } from "node:perf_hooks";
import type { RecordableHistogram } from "node:perf_hooks";
import { nowNs } from "./clock.ts";
import { threadTime } from "./thread-time.ts";

/** How often a process proves that it runs. Each proof costs an idle process some 50 µs on a processor. */
export const pulseMs = 25;

/** The longest time that a process neither worked nor looked at the clock. */
export interface StandStill {
  /**
   * From one beat to the next, less the work in between. Around `pulseMs` for a process that nothing
   * disturbs; never less than what it was stopped, frozen or swapped out for.
   */
  readonly longestMs: number;
  /** The same without waiting for a processor that others had, as far as the system tells it apart. */
  readonly stoppedMs: number;
}

/** One look at the clock. */
export interface Beat {
  readonly atNs: number;
  /** Processor time that the process has used so far. */
  readonly cpuNs: number;
  /** How long it has been ready to run while others had the processors; null where unknown. */
  readonly waitedNs: number | null;
}

const none: StandStill = { longestMs: 0, stoppedMs: 0 };

/**
 * A clock that a process keeps of itself. A timer that fires late may have been kept waiting by work,
 * which is the process's own; when the process used no processor time meanwhile, it stood still.
 */
export class Pulse implements Disposable {
  readonly #beat: () => Beat;
  readonly #lateness: RecordableHistogram = createHistogram();
  #timer: NodeJS.Timeout | undefined;
  #last: Beat;
  #longest = none;

  constructor(beat: () => Beat = beatNow) {
    this.#beat = beat;
    this.#last = beat();
  }

  /** Forgets what was, and beats from now on. */
  begin(): void {
    this.#longest = none;
    this.#lateness.reset();
    this.#last = this.#beat();
    this.#timer ??= setInterval(() => this.beat(), pulseMs).unref();
  }

  /** The longest since `begin`, with one that is only just over and has kept the timer from firing. */
  standStill(): StandStill {
    return longer(this.#longest, between(this.#last, this.#beat()));
  }

  /** How late the event loop came to its timers since `begin`, in milliseconds; `q` from 0 to 1. */
  latenessMs(q: number): number {
    return this.#lateness.count === 0 ? 0 : this.#lateness.percentile(100 * q) / 1e6;
  }

  beat(): void {
    const now = this.#beat();
    const lateNs = Math.round(now.atNs - this.#last.atNs - pulseMs * 1e6);
    this.#lateness.record(Math.max(1, lateNs));
    this.#longest = longer(this.#longest, between(this.#last, now));
    this.#last = now;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

function beatNow(): Beat {
  const { user, system } = process.cpuUsage();
  const waitedNs = threadTime()?.waitedNs ?? null;
  return { atNs: nowNs(), cpuNs: (user + system) * 1e3, waitedNs };
}

function between(last: Beat, now: Beat): StandStill {
  const longestMs = Math.max(0, now.atNs - last.atNs - (now.cpuNs - last.cpuNs)) / 1e6;
  const waitedMs = ((now.waitedNs ?? 0) - (last.waitedNs ?? 0)) / 1e6;
  return { longestMs, stoppedMs: Math.max(0, longestMs - waitedMs) };
}

function longer(one: StandStill, other: StandStill): StandStill {
  return {
    longestMs: Math.max(one.longestMs, other.longestMs),
    stoppedMs: Math.max(one.stoppedMs, other.stoppedMs),
  };
}
