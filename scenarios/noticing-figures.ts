import { patienceMs, silenceMs } from "../transports/heartbeats.ts";
import { allBytes, uncounted } from "./figures.ts";
import type { Figure, Heartbeats, MeasuredPhase, Noticed } from "./scenario.ts";

export type Side = "client" | "server";

/** A silence that was watched. */
export interface Watched {
  readonly phase: string;
  /** Clients that were connected. */
  readonly clients: number;
  readonly forMs: number;
  readonly noticed: Noticed | null;
}

/** Where a figure stands. */
export type Place = Pick<Figure, "key" | "label" | "table">;

const hourMs = 3_600_000;

const unset = "its heartbeats can't be set while the server runs";

/** Null for nothing that could be watched; `law` says between which times a detector notices. */
export function noticeFigure(
  watched: Watched | null,
  side: Side,
  share: number,
  place: Place,
  law: Heartbeats | null = null,
): Figure {
  const common = {
    ...place,
    unit: "ns",
    better: "lower",
    oneWay: true,
    ...(watched !== null && { phase: watched.phase }),
    ...(law !== null && { about: lawOf(law) }),
  } as const;
  if (watched === null) return { ...common, value: null, note: unset };
  const noticing = (side === "client" ? watched.noticed?.clients : watched.noticed?.server) ?? null;
  if (noticing === null) {
    return { ...common, value: null, note: "nobody can look into your own server" };
  }
  const { of, count } = noticing;
  if (of === 0) return { ...common, value: null, note: "all were taken for dead before" };
  const value = noticing.after(share);
  if (value !== null) {
    const early = side === "client" ? watched.clients - of : 0;
    return { ...common, value, ...(early > 0 && { note: `${early} were taken for dead before` }) };
  }
  const who = count === 0 ? "not noticed" : `only ${count} of ${of} noticed`;
  const note = `${who} within ${watched.forMs / 1_000} s`;
  return { ...common, value: watched.forMs * 1e6, bound: "at least", note };
}

function lawOf(heartbeats: Heartbeats): string {
  const [least, most] = [patienceMs(heartbeats), silenceMs(heartbeats)];
  return `a detector notices after ${least} to ${most} ms, by its interval, time-out and misses allowed`;
}

/** What an idle client takes at an interval, and the figures that say so. */
export function bytesFigures(
  idle: MeasuredPhase | null,
  heartbeats: Heartbeats,
  isUsual: boolean,
): { beatBytes: number | null; figures: Figure[] } {
  const { everyMs } = heartbeats;
  const beatBytes = idle === null ? null : bytesOfBeat(idle, everyMs);
  const common = {
    unit: "bytes",
    better: "lower",
    counted: true,
    value: beatBytes === null ? null : perHour(beatBytes, everyMs),
    ...(idle !== null && { phase: idle.name }),
    ...(beatBytes === null && { note: idle === null ? unset : uncounted }),
  } as const;
  const point: Figure = {
    ...common,
    key: `heartbeats.at${everyMs}`,
    label: `${everyMs}`,
    table: "bytes that an idle client takes per hour, by heartbeat interval in ms",
  };
  const within = `noticing silence within ${silenceMs(heartbeats)} ms takes`;
  const own: Figure = {
    ...common,
    key: "heartbeats",
    label: "B/hour\nper client",
    about: `an idle client with a heartbeat, or a poll, every ${everyMs} ms; without headers of TCP and IP`,
    headline: true,
    adds: "{value}/hour of heartbeats",
    words: {
      states: `${within} an idle client {value} an hour`,
      leads: `${within} the fewest bytes with {variant}: {value} an hour of an idle client`,
    },
  };
  return { beatBytes, figures: isUsual ? [own, point] : [point] };
}

/**
 * The bytes both ways of one heartbeat, or poll. Timers are late by a little each time, so that a few are missing from
 * what has been counted: polls are known by their number, and heartbeats have whole bytes.
 */
function bytesOfBeat(idle: MeasuredPhase, everyMs: number): number | null {
  const bytes = allBytes(idle);
  if (bytes === null) return null;
  const beats = (idle.clients * idle.durationMs) / everyMs;
  const requests = idle.wire?.requests ?? 0;
  // Of some transports, one heartbeat takes several.
  const requestsOfEach = Math.round(requests / beats);
  return requestsOfEach === 0 ? Math.round(bytes / beats) : (bytes / requests) * requestsOfEach;
}

function perHour(beatBytes: number, everyMs: number): number {
  return (beatBytes * hourMs) / everyMs;
}

/** What an hour takes with the variant's own interval. */
export function ownBytes(beatBytes: number | null, everyMs: number): Figure {
  return {
    key: "own.heartbeats",
    label: "B/hour\nper client",
    unit: "bytes",
    better: "lower",
    counted: true,
    value: beatBytes === null ? null : perHour(beatBytes, everyMs),
    about: "reckoned from the bytes of one heartbeat, or poll, and the variant's own interval",
    note: beatBytes === null ? unset : `one each ${everyMs / 1_000} s`,
  };
}
