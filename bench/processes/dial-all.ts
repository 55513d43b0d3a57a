import { endedByServer } from "../../transports/protocol-error.ts";
import { nowNs } from "../measure/clock.ts";
import { DurationHistogram } from "../measure/histogram.ts";
import type { Dialled } from "./protocol.ts";

/**
 * Calls `dial` for 0 to `wanted` - 1 with up to `concurrency` of them under way, and records how long each took;
 * `dial` resolves with the number at which the client found its channel. Stops at the first that fails: what
 * stopped one connection stops the next. None is dialled before it is `due`, where that is given.
 */
export async function dialAll(
  wanted: number,
  concurrency: number,
  dial: (index: number) => Promise<number>,
  due?: (index: number) => Promise<void>,
): Promise<Dialled> {
  using setUp = new DurationHistogram(true);
  const failures: Record<string, number> = {};
  /** In the order of the clients, not in that in which they got through. */
  const cursors: number[] = [];
  let failed = false;
  let next = 0;
  let connected = 0;

  const worker = async (): Promise<void> => {
    while (!failed && next < wanted) {
      const index = next;
      next += 1;
      if (due !== undefined) await due(index);
      const beforeNs = nowNs();
      try {
        const cursor = await dial(index);
        setUp.record(nowNs() - beforeNs);
        cursors[index] = cursor;
        connected += 1;
      } catch (error) {
        failed = true;
        const cause = causeOf(error);
        failures[cause] = (failures[cause] ?? 0) + 1;
      }
    }
  };

  const startNs = nowNs();
  await Promise.all(Array.from({ length: Math.min(concurrency, wanted) }, worker));
  const durationMs = (nowNs() - startNs) / 1e6;
  return {
    connected,
    failures,
    durationMs,
    setUp: setUp.encode(),
    cursors: dense(cursors),
    skipped: [...cursors.keys()].filter((index) => !(index in cursors)),
  };
}

/** What there is, in its order: of those that came last, some may have failed. */
export function dense<T>(sparse: readonly T[]): T[] {
  return sparse.filter(() => true);
}

/** A server that hung up without a word, which is what one without descriptors looks like from here. */
export const hungUp = "closed";

/** What stopped a connection: the system's name for it, `hungUp`, or what was received in place of a hello. */
export function causeOf(error: unknown): string {
  let last = hungUp;
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = "code" in at ? String(at.code) : "";
    if (at.message === endedByServer || code === "ECONNRESET" || code === "EPIPE") return hungUp;
    if (isSystemError(code)) return code;
    last = at.message;
  }
  return last;
}

/** Whether a cause is the system's, and not a server's answer. */
export function isSystemError(cause: string): boolean {
  return /^E[A-Z]+$/.test(cause);
}
