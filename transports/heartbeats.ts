/**
 * How both sides find out that the other has fallen silent. Whoever hears nothing after a time of silence that began at
 * any moment between two heartbeats notices that after `patienceMs` to `silenceMs`.
 */
export interface Heartbeats {
  /** Milliseconds between two heartbeats, or two polls; for as long a poll is held. */
  readonly everyMs: number;
  /** How long one that is due, or the answer to it, is waited for. */
  readonly timeoutMs: number;
  /** How many in a row may be missed before the one that is waited for. */
  readonly missesAllowed: number;
}

/** How long after the first heartbeat that isn't heard, or answered, the other side is taken for dead. */
export function patienceMs({ everyMs, timeoutMs, missesAllowed }: Heartbeats): number {
  return missesAllowed * everyMs + timeoutMs;
}

/** How long nothing may be heard of a side that sends heartbeats before it is taken for dead. */
export function silenceMs(heartbeats: Heartbeats): number {
  return heartbeats.everyMs + patienceMs(heartbeats);
}
