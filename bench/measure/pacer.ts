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

/** Timers fire up to 1.3 ms late or early; from here on the event loop is turned over instead. */
const turnOverNs = 2e6;

/** How many overdue messages go out before the event loop may look at its sockets again. */
const burst = 64;

/** Where a pacer books, as it goes, what it does beside sending. */
export interface TurningAccount {
  /** Time the event loop was turned over with nothing else to do: not work of the transport. */
  turningNs: number;
}

/**
 * Calls `send` for each message when it is due. An overdue message goes out at once and keeps its due
 * time; none is left out.
 */
export function pace(
  schedule: Schedule,
  startNs: number,
  account: TurningAccount,
  send: (index: number, dueNs: number) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let index = 0;
    /** When the turn began that only waits, or 0 while there is none. */
    let turnNs = 0;

    const step = (): void => {
      let now = nowNs();
      if (turnNs > 0) account.turningNs += waitingIn(now - turnNs);
      turnNs = now;
      for (let sent = 0; sent < burst && index < schedule.count; sent += 1) {
        const dueNs = startNs + schedule.dueNs(index);
        if (dueNs > now) break;
        send(index, dueNs);
        index += 1;
        now = nowNs();
        turnNs = now;
      }
      if (index === schedule.count) return resolve();
      const waitNs = startNs + schedule.dueNs(index) - now;
      if (waitNs > turnOverNs + 1e6) {
        turnNs = 0;
        setTimeout(step, Math.floor((waitNs - turnOverNs) / 1e6));
      } else {
        setImmediate(step);
      }
    };
    step();
  });
}

/** What one empty turn of the event loop takes. */
let emptyTurnNs = 1_000;

/** The share of a turn that was waiting: all of a short one, and of one with work in it an empty turn's. */
function waitingIn(turnNs: number): number {
  // Even reading one small message takes longer than eight empty turns.
  return turnNs < 8 * emptyTurnNs ? turnNs : emptyTurnNs;
}

/** Some turns last much longer than others; but where all do, waiting for so many would take minutes. */
const calibratingTurns = 5_000;
const mostCalibratingNs = 500e6;

/** Measures the empty turn of this process; call it once, before there is any traffic. */
export async function calibrateTurning(): Promise<void> {
  const turnsNs: number[] = [];
  await new Promise<void>((resolve) => {
    const startNs = nowNs();
    let before = startNs;
    const step = (): void => {
      const now = nowNs();
      turnsNs.push(now - before);
      before = now;
      const isOver = now - startNs > mostCalibratingNs;
      if (isOver || turnsNs.length === calibratingTurns) resolve();
      else setImmediate(step);
    };
    setImmediate(step);
  });
  turnsNs.sort((a, b) => a - b);
  emptyTurnNs = turnsNs[Math.floor(turnsNs.length / 2)] ?? emptyTurnNs;
}
