import type { Endpoint } from "./endpoint.ts";
import { hear } from "./hear.ts";
import { isWhole } from "./heard.ts";
import type { Heard } from "./heard.ts";

/** How often heartbeats come that are tried from the beginning. */
const heartbeatMs = 15_000;
/** What is late by less is no doubt of an end. */
export const slackMs = 2_000;

/** How long a connection lived on which nothing was said. */
export interface Silence {
  /** In milliseconds; where it wasn't ended, how long it lived at least. Null where that can't be told. */
  readonly ms: number | null;
  readonly isCut: boolean;
  /** In a few words. */
  readonly how: string;
}

/** Something that is said so often, and whether a connection is kept by it. */
export interface Heartbeat {
  readonly everyMs: number;
  readonly isKept: boolean;
}

/** Waits for the end of a silent connection, and tries how often something has to be said for it to be kept. */
export async function waitInSilence(
  endpoint: Endpoint,
  boundMs: number,
  triesCures: boolean,
): Promise<{ readonly silence: Heard; readonly heartbeats: readonly Heartbeat[] }> {
  const beat = async (everyMs: number, forMs: number): Promise<Heartbeat | null> => {
    const count = Math.floor(forMs / everyMs) + 1;
    const heard = await hear(endpoint, { count, gap: everyMs }, { limitMs: forMs + slackMs });
    return refusal(heard) === null ? { everyMs, isKept: isWhole(heard, count) } : null;
  };
  const everyMs = Math.min(heartbeatMs, boundMs / 4);
  const question = { count: 2, gap: boundMs };
  const [silence, beating] = await Promise.all([
    hear(endpoint, question, { limitMs: boundMs + slackMs }),
    triesCures ? beat(everyMs, boundMs) : null,
  ]);
  const { end, askedMs } = silence;
  if (beating === null || end === null || isWhole(silence, 2)) return { silence, heartbeats: [] };
  if (beating.isKept) return { silence, heartbeats: [beating] };
  // A little more than how long nothing was said, which is near enough to choose how often.
  const livedMs = end.atMs - askedMs;
  const shorterMs = Math.max(100, Math.round(Math.min(livedMs, everyMs) / 2));
  const shorter = await beat(shorterMs, 2 * livedMs);
  return { silence, heartbeats: shorter === null ? [beating] : [beating, shorter] };
}

/** A proxy's own limits of time are longer. */
const refusedMs = 500;

/** How it was refused, as by whoever limits connections or requests; null where it wasn't, or only after a while. */
function refusal({ head, askedMs }: Heard): string | null {
  if (head === null || head.status < 300 || head.atMs - askedMs > refusedMs) return null;
  return `${head.status} ${head.reason}`.trim();
}

/** Null in it is what can't be told; `aheadMs` is how far the client's clock is ahead. */
export function silenceOf(heard: Heard, aheadMs: number, boundMs: number): Silence {
  const { head, events, end, askedMs } = heard;
  const [first] = events;
  const sinceMs = first?.sentMs === null || first === undefined ? askedMs : first.sentMs + aheadMs;
  if (isWhole(heard, 2)) return { ms: boundMs, isCut: false, how: "it was still open" };
  if (end === null) return { ms: null, isCut: false, how: "nothing came, not even an end" };
  const refused = refusal(heard);
  if (refused !== null)
    return { ms: null, isCut: false, how: `can't be told: answered ${refused}` };
  const status =
    head !== null && head.status >= 300 ? `${head.status} ${head.reason}`.trim() : null;
  return { ms: end.atMs - sinceMs, isCut: true, how: status ?? end.how };
}
