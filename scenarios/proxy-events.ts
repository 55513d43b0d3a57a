import { courseOf } from "./arrivals.ts";
import type { Course } from "./arrivals.ts";
import type { Arrival, Heard, Opened, Stage } from "./scenario.ts";

/** Events are sent so far apart, for so long: what comes together was held. */
const apart = { everyMs: 100, forMs: 1_000 } as const;

/** How long a connection may take until it is subscribed; it is watched all the same after that. */
export const waitMs = 1_000;

/** Whatever is found here is found by what goes past the proxy at the same time. */
export const compared = { isCompared: true } as const;

/** How long events are waited for when all are sent. */
const lateMs = 1_000;

/** A client through the proxy, and one past it, that are sent the same. */
export interface Pair {
  readonly proxy: Opened;
  readonly direct: Opened;
}

/** How events came by both. */
export interface Look {
  readonly proxy: Course;
  readonly direct: Course;
  /** Half of them took at least so much longer through the proxy, each compared with itself; null where none came. */
  readonly addedMs: number | null;
  readonly sent: number;
  /** Through the proxy. */
  readonly came: number;
  /** How long they were looked for since the first was sent. */
  readonly watchedMs: number;
  /** Why the connection through the proxy ended meanwhile; null where it didn't. */
  readonly ended: string | null;
}

export async function openPair(stage: Stage): Promise<Pair> {
  const direct = await stage.probe.open({ through: "direct", waitMs });
  const proxy = await stage.probe.open({ through: "proxy", waitMs });
  return { proxy, direct };
}

export async function closePair(stage: Stage, { proxy, direct }: Pair): Promise<void> {
  await stage.probe.close(proxy.id);
  await stage.probe.close(direct.id);
}

/** Sends events apart and looks how they come. `name` is of the phase. */
export async function lookAtEvents(stage: Stage, name: string, pair: Pair): Promise<Look> {
  const { everyMs, forMs } = apart;
  const before = await heardBy(stage, pair);
  const pollMs = stage.transport.pollIntervalMs ?? 0;
  const publish = (): Promise<void> =>
    stage.server.publish({ ratePerSecond: 1_000 / everyMs, forMs });
  await stage.phase(name, publish, compared);
  const all = forMs / everyMs;
  const patienceMs = lateMs + 2 * pollMs;
  const direct = await stage.probe.heard(pair.direct.id, {
    forMs: patienceMs,
    messages: before.direct.arrivals.length + all,
  });
  const proxy = await stage.probe.heard(pair.proxy.id, {
    forMs: patienceMs,
    messages: before.proxy.arrivals.length + all,
  });
  const control = direct.arrivals.slice(before.direct.arrivals.length);
  if (control.length === 0) throw new Error("nothing came past the proxy");
  const arrivals = proxy.arrivals.slice(before.proxy.arrivals.length);
  const sentNs = control.map((arrival) => arrival.sentNs);
  return {
    proxy: courseOf(arrivals, sentNs),
    direct: courseOf(control, sentNs),
    addedMs: medianOf(differencesNs(arrivals, [control]).map((ns) => ns / 1e6)),
    sent: control.length,
    came: arrivals.length,
    watchedMs: forMs + patienceMs,
    ended: before.proxy.ended === null ? (proxy.ended?.reason ?? null) : null,
  };
}

export async function heardBy(
  stage: Stage,
  { proxy, direct }: Pair,
): Promise<Readonly<Record<"proxy" | "direct", Heard>>> {
  return {
    proxy: await stage.probe.heard(proxy.id),
    direct: await stage.probe.heard(direct.id),
  };
}

/** How much later each came than on average past the proxy, in nanoseconds: of those that all have. */
export function differencesNs(
  arrivals: readonly Arrival[],
  controls: readonly (readonly Arrival[])[],
): number[] {
  const known = controls.map((control) => new Map(control.map((one) => [one.sequence, one.atNs])));
  return arrivals.flatMap(({ sequence, atNs }) => {
    const directNs = known.flatMap((times) => times.get(sequence) ?? []);
    if (directNs.length < known.length) return [];
    // From the first, since a sum of such times isn't exact.
    const [first = 0] = directNs;
    const mean = directNs.reduce((sum, ns) => sum + (ns - first), 0) / directNs.length;
    return [atNs - first - mean];
  });
}

export function medianOf(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  if (upper === undefined) return null;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? upper) + upper) / 2 : upper;
}
