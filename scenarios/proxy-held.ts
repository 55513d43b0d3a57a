import { compared, closePair, heardBy, openPair } from "./proxy-events.ts";
import type { Arrival, Heard, Stage } from "./scenario.ts";

/** At which events are sent until the first comes: messages per second, for so long each. */
const steps = { rates: [100, 400, 1_600, 6_400], forMs: 500 } as const;

/** What comes so soon after something else came with it. */
const togetherNs = 2e6;

/** Where the first came in clearly less than the time after which some come anyway, it was their bytes. */
const soonerShare = 0.5;

/** Bursts that end with so many bytes have at least this share of them each. */
const alikeShare = 0.5;

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
    const bursts = burstsOf(before.proxy, came);
    const soonerMs = lateMs === null ? Infinity : soonerShare * lateMs;
    const sooner = lateMs === null ? bursts.slice(0, 1) : bursts.filter(by(soonerMs));
    const range = tookMs < soonerMs ? rangeOf(sooner) : null;
    if (range !== null) return range;
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
  let lastBytes = hadBytes;
  let current: Burst | undefined;
  for (const { atNs, sentNs, bytesDown } of came) {
    // What was read at once came together, however long it takes to go through that.
    const isApart = atNs - lastNs >= togetherNs && bytesDown !== lastBytes;
    if (current === undefined || isApart) {
      hadBytes += current?.bytes ?? 0;
      current = { events: 0, bytes: 0, tookMs: (atNs - sentNs) / 1e6 };
      bursts.push(current);
    }
    current = { ...current, events: current.events + 1, bytes: bytesDown - hadBytes };
    bursts[bursts.length - 1] = current;
    lastNs = atNs;
    lastBytes = bytesDown;
  }
  return bursts;
}

/** Those of which the first event came in less time. */
function by(limitMs: number): (burst: Burst) => boolean {
  return ({ tookMs }) => tookMs < limitMs;
}

/**
 * By the one in their middle: its last event was one too many to be held. Null where they have little in common, or there
 * are none: then it isn't bytes that are waited for.
 */
export function rangeOf(bursts: readonly Burst[]): Extract<Held, { by: "bytes" }> | null {
  const sorted = bursts.toSorted((a, b) => a.bytes - b.bytes);
  const [smallest] = sorted;
  const middle = sorted[Math.ceil(sorted.length / 2) - 1];
  if (smallest === undefined || middle === undefined) return null;
  const { bytes, events } = middle;
  if (smallest.bytes < alikeShare * bytes) return null;
  return { by: "bytes", least: Math.round(bytes - bytes / events), most: bytes };
}
