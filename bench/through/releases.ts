import type { Heard, HeardEvent } from "./heard.ts";

/** What came together of a stream whose events are all of one size. */
interface Release {
  readonly bytes: number;
  readonly events: readonly HeardEvent[];
}

/**
 * The least and the most that a buffer holds which lets go of what it has when it is full, in bytes on the wire: the
 * last event made it full. Half of the releases say less, half more.
 */
export function heldBytesOf(
  heard: Heard,
  gapMs: number,
): { readonly from: number; readonly to: number } {
  const releases = releasesOf(heard, gapMs);
  // The first has the head in it, and the last was not waited for.
  const inner = releases.length > 2 ? releases.slice(1, -1) : releases;
  const eventBytes = medianOf(inner.map(({ bytes, events }) => bytes / Math.max(1, events.length)));
  return {
    from: Math.round(
      medianOf(inner.map(({ bytes, events }) => bytes - eventBytes * lastSent(events))),
    ),
    to: Math.round(medianOf(inner.map(({ bytes }) => bytes))),
  };
}

/** Those that are sent within so many milliseconds may be one write. */
const onceMs = 3;

/** How many were sent at once at the end. */
function lastSent(events: readonly HeardEvent[]): number {
  const lastMs = events.at(-1)?.sentMs ?? 0;
  return events.filter(({ sentMs }) => sentMs !== null && sentMs > lastMs - onceMs).length;
}

/** Parts of a stream with pauses between them in which several events would have come. */
function releasesOf({ chunks, events }: Heard, gapMs: number): Release[] {
  const releases: { sinceMs: number; bytes: number }[] = [];
  let beforeMs = Number.NEGATIVE_INFINITY;
  let beforeBytes = 0;
  for (const { atMs, wireBytes } of chunks) {
    if (atMs - beforeMs > 2 * gapMs) releases.push({ sinceMs: atMs, bytes: 0 });
    const release = releases.at(-1);
    if (release !== undefined) release.bytes += wireBytes - beforeBytes;
    beforeMs = atMs;
    beforeBytes = wireBytes;
  }
  return releases.map(({ sinceMs, bytes }, index) => {
    const untilMs = releases[index + 1]?.sinceMs ?? Number.POSITIVE_INFINITY;
    return { bytes, events: events.filter(({ atMs }) => atMs >= sinceMs && atMs < untilMs) };
  });
}

/** The upper one of two. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
