import { compared, closePair, heardBy, openPair } from "./proxy-events.ts";
import type { Arrival, Heard, Stage } from "./scenario.ts";

/** At which events are sent until the first comes: messages per second, for so long each. */
const steps = { rates: [100, 400, 1_600, 6_400], forMs: 500 } as const;

/** What comes so soon after something else came with it. */
const togetherNs = 2e6;

/** Where the first came in clearly less than the time after which some come anyway, it was their bytes. */
const soonerShare = 0.7;

/** How much is held back. */
export type Held =
  /** The first comes with so many bytes at least, and at most. */
  | { readonly by: "bytes"; readonly least: number; readonly most: number }
  /** What there is by then comes after a while, however much that is. */
  | { readonly by: "time" }
  /** Nothing came of so many bytes. */
  | { readonly by: "nothing"; readonly least: number };

/**
 * Sends more and more until some comes. `lateMs` is after how long it came when events were sent apart: null where it
 * didn't.
 */
export async function findHeld(stage: Stage, lateMs: number | null): Promise<Held> {
  let pair = await openPair(stage);
  // Who is still connecting gets what answers its requests, and no stream yet.
  if (lateMs !== null && pair.proxy.readyNs === null) {
    await closePair(stage, pair);
    return { by: "time" };
  }
  let sentBytes = 0;
  for (const ratePerSecond of steps.rates) {
    const before = await heardBy(stage, pair);
    const publish = (): Promise<void> =>
      stage.server.publish({ ratePerSecond, forMs: steps.forMs });
    await stage.phase(`held at ${ratePerSecond}/s`, publish, compared);
    const { proxy, direct } = await heardBy(stage, pair);
    const came = proxy.arrivals.slice(before.proxy.arrivals.length);
    sentBytes = direct.bytesDown;
    const [first] = came;
    // What came before the first event stays there where nothing is left of it.
    if (first === undefined) continue;
    const tookMs = (first.atNs - first.sentNs) / 1e6;
    await closePair(stage, pair);
    if (lateMs === null) return rangeOf(burstsOf(before.proxy, came).slice(0, 1));
    const soonerMs = soonerShare * lateMs;
    const sooner = burstsOf(before.proxy, came).filter((burst) => burst.tookMs < soonerMs);
    if (tookMs < soonerMs && sooner.length > 0) return rangeOf(sooner);
    pair = await openPair(stage);
  }
  const last = await heardBy(stage, pair);
  await closePair(stage, pair);
  return lateMs === null && last.proxy.arrivals.length === 0
    ? { by: "nothing", least: sentBytes }
    : { by: "time" };
}

/** Events that came together. */
export interface Burst {
  readonly events: number;
  readonly bytes: number;
  /** How long the first of them had been under way. */
  readonly tookMs: number;
}

export function burstsOf(before: Pick<Heard, "bytesDown">, came: readonly Arrival[]): Burst[] {
  const bursts: Burst[] = [];
  let { bytesDown: hadBytes } = before;
  let lastNs = -Infinity;
  let current: Burst | undefined;
  for (const { atNs, sentNs, bytesDown } of came) {
    if (current === undefined || atNs - lastNs >= togetherNs) {
      hadBytes += current?.bytes ?? 0;
      current = { events: 0, bytes: 0, tookMs: (atNs - sentNs) / 1e6 };
      bursts.push(current);
    }
    current = { ...current, events: current.events + 1, bytes: bytesDown - hadBytes };
    bursts[bursts.length - 1] = current;
    lastNs = atNs;
  }
  return bursts;
}

/** By the smallest of them: its last event was one too many to be held. What is busy lets more gather. */
export function rangeOf(bursts: readonly Burst[]): Extract<Held, { by: "bytes" }> {
  const [smallest] = bursts.toSorted((a, b) => a.bytes - b.bytes);
  if (smallest === undefined) throw new Error("nothing came");
  const { bytes, events } = smallest;
  return { by: "bytes", least: Math.round(bytes - bytes / events), most: bytes };
}
