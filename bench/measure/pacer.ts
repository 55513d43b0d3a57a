import { nowNs } from "./clock.ts";

/** When each message is due, in nanoseconds after the start. Never depends on answers: open loop. */
export interface Schedule {
  readonly count: number;
  /** Nanoseconds after the start at which message `index`, from 0 to `count` - 1, is due. */
  dueNs(index: number): number;
}

/** `ratePerSecond` messages at equal distances for `forMs` milliseconds. */
export function steady(ratePerSecond: number, forMs: number): Schedule {
  const distanceNs = 1e9 / ratePerSecond;
  return {
    count: Math.max(1, Math.round((ratePerSecond * forMs) / 1_000)),
    dueNs: (index) => Math.round(index * distanceNs),
  };
}

/** Timers fire up to 1.3 ms late or early: for the last stretch before a due time the event loop spins. */
export const busyWaitFromNs = 2e6;

/** How many overdue messages go out before the event loop may look at its sockets again. */
const burst = 64;

/** Keeps account of what a pacer does beside sending. */
export interface BusyWaitAccount {
  /** Nanoseconds in which the event loop spun with nothing else to do: not work of the transport. */
  busyWaitNs: number;
}

/** Where `send` has to wait: null for not at all. */
export type Room = () => Promise<void> | null;

/**
 * Calls `send` for each message when it is due. An overdue message goes out at once and keeps its due
 * time; none is left out. `room` is asked before each.
 */
export function pace(
  schedule: Schedule,
  startNs: number,
  account: BusyWaitAccount,
  send: (index: number, dueNs: number) => void,
  room: Room = () => null,
): Promise<void> {
  return new Promise((resolve) => {
    let index = 0;
    const wait = new BusyWait(account);

    const step = (): void => {
      let now = wait.turn();
      for (let sent = 0; sent < burst && index < schedule.count; sent += 1) {
        const dueNs = startNs + schedule.dueNs(index);
        if (dueNs > now) break;
        const waiting = room();
        if (waiting !== null) {
          wait.pause();
          return void waiting.then(step);
        }
        send(index, dueNs);
        index += 1;
        now = wait.worked();
      }
      if (index === schedule.count) return resolve();
      const waitNs = startNs + schedule.dueNs(index) - now;
      if (waitNs > busyWaitFromNs + 1e6) {
        wait.pause();
        setTimeout(step, Math.floor((waitNs - busyWaitFromNs) / 1e6));
      } else {
        setImmediate(step);
      }
    };
    step();
  });
}

/** Tells waiting from work while the event loop spins. */
export class BusyWait {
  readonly #account: BusyWaitAccount;
  /** When the current iteration of the event loop began, if it only waits; else 0. */
  #iterationNs = 0;

  constructor(account: BusyWaitAccount) {
    this.#account = account;
  }

  /** Another iteration begins; returns the time. */
  turn(): number {
    const now = nowNs();
    if (this.#iterationNs > 0) this.#account.busyWaitNs += waitingIn(now - this.#iterationNs);
    this.#iterationNs = now;
    return now;
  }

  /** What has gone by of this iteration was work; returns the time. */
  worked(): number {
    this.#iterationNs = nowNs();
    return this.#iterationNs;
  }

  /** The event loop doesn't spin for now. */
  pause(): void {
    this.#iterationNs = 0;
  }
}

/** How long one empty iteration of the event loop takes. */
let emptyIterationNs = 1_000;

/** How much of an iteration was waiting: all of a short one; of one with work in it, what an empty one takes. */
function waitingIn(iterationNs: number): number {
  // Even reading one small message takes longer than eight empty iterations.
  return iterationNs < 8 * emptyIterationNs ? iterationNs : emptyIterationNs;
}

/** Iterations to calibrate with, since some take much longer than others; where all do, the time limit ends it. */
const calibrationIterations = 5_000;
const maxCalibrationNs = 500e6;

/** Measures the empty iteration of this process; call it once, before there is any traffic. */
export async function calibrateBusyWait(): Promise<void> {
  const iterationsNs: number[] = [];
  await new Promise<void>((resolve) => {
    const startNs = nowNs();
    let before = startNs;
    const step = (): void => {
      const now = nowNs();
      iterationsNs.push(now - before);
      before = now;
      const isOver = now - startNs > maxCalibrationNs;
      if (isOver || iterationsNs.length === calibrationIterations) resolve();
      else setImmediate(step);
    };
    setImmediate(step);
  });
  iterationsNs.sort((a, b) => a - b);
  emptyIterationNs = iterationsNs[Math.floor(iterationsNs.length / 2)] ?? emptyIterationNs;
}
