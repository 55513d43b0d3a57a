import { compared, closePair, heardBy, openPair } from "./proxy-events.ts";
import type { Arrival, Heard, Stage } from "./scenario.ts";

/** At which events are sent until the first comes: messages per second, for so long each. */
const steps = { rates: [100, 400, 1_600, 6_400], forMs: 500 } as const;

/** What comes so soon after the first came with it. */
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
    if (lateMs === null || tookMs < soonerShare * lateMs) return bytesOf(before.proxy, came);
    pair = await openPair(stage);
  }
  const last = await heardBy(stage, pair);
  await closePair(stage, pair);
  return lateMs === null && last.proxy.arrivals.length === 0
    ? { by: "nothing", least: sentBytes }
    : { by: "time" };
}

/** The bytes with which the first event came: the last of them was one too many to be held. */
export function bytesOf(
  before: Pick<Heard, "bytesDown">,
  came: readonly Arrival[],
): Extract<Held, { by: "bytes" }> {
  const [first] = came;
  if (first === undefined) throw new Error("nothing came");
  const together = came.filter(
    ({ atNs, sentNs }) => atNs - first.atNs < togetherNs && sentNs <= first.atNs,
  );
  const most = (together.at(-1) ?? first).bytesDown - before.bytesDown;
  const { length } = together;
  return { by: "bytes", least: Math.round(most - most / Math.max(1, length)), most };
}
