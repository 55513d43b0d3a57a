import { groupBy } from "../group-by.ts";
import type { Phase, Wire } from "../../bench/results/schema.ts";
import { medianOf } from "../../bench/statistics/basics.ts";
import { leastSquares } from "./fit.ts";
import { bothWays, subtractBytes, noBytes, scaleBytes } from "../../bench/results/wire-parts.ts";
import type { Idle, MessageBytes } from "./measured.ts";
import type { WireBytes } from "../../bench/results/wire-parts.ts";

// Bytes of each thing that a connection does, from phases in which many of them were done.

/** A phase whose bytes somebody counted. */
export type CountedPhase = Phase & { readonly wire: Wire };

export function countedPhases(phases: readonly Phase[]): CountedPhase[] {
  return phases.filter((phase): phase is CountedPhase => phase.wire !== null);
}

export type Level = "tcp" | "ip";

/** All that was spent in a phase; null where it wasn't counted at that level. */
export function bytesAt({ wire }: CountedPhase, level: Level): WireBytes | null {
  if (level === "ip") return wire.link?.ipBytes ?? null;
  const { total, parts } = wire;
  return subtractBytes(total, parts.underWay);
}

/** Messages that reached a client or the canary within the phase: what its bytes were spent on. */
export function servedIn({ deliveries, canary, wire }: Phase): number {
  return wire?.messages ?? deliveries.arrived + (canary?.arrived ?? 0);
}

/** Whose connections the bytes belong to. */
export function clientsIn({ clients, canary }: Phase): number {
  return clients + (canary === null ? 0 : 1);
}

/** Each coefficient is the median over the phases, one of each trial; null of no phase. */
export function idleBytes(phases: readonly CountedPhase[], level: Level): Idle | null {
  const each = phases.flatMap((phase) => {
    const { parts, requests, answers, cycle } = phase.wire;
    if (cycle !== null)
      return cycle.cycleMs === null ? [] : seenIdle(cycle, cycle.cycleMs, requests);
    const polls = requests - answers;
    const clientSeconds = (clientsIn(phase) * phase.durationMs) / 1_000;
    // Headers of TCP and IP aren't told apart by parts, but an idle phase hardly ever has more than one.
    const [all, empty] = [bytesAt(phase, level) ?? noBytes, bothWays(parts.emptyPolls)];
    const share = empty / Math.max(1, empty + bothWays(parts.heartbeats));
    const shareOf = (part: "emptyPolls" | "heartbeats", share: number): WireBytes =>
      level === "tcp" ? parts[part] : scaleBytes(all, share);
    return {
      pollsPerSecond: polls / clientSeconds,
      emptyPoll: scaleBytes(shareOf("emptyPolls", share), polls === 0 ? 0 : 1 / polls),
      heartbeats: scaleBytes(shareOf("heartbeats", 1 - share), 1 / clientSeconds),
    };
  });
  const pollsPerSecond = medianOf(each.map((idle) => idle.pollsPerSecond));
  if (pollsPerSecond === null) return null;
  return {
    pollsPerSecond,
    emptyPoll: medianTraffic(each.map(({ emptyPoll }) => emptyPoll)),
    heartbeats: medianTraffic(each.map(({ heartbeats }) => heartbeats)),
  };
}

/** Of a server whose cycle could only be seen; one that answers polls has no heartbeats. */
function seenIdle(
  { bytes }: Pick<NonNullable<Wire["cycle"]>, "bytes">,
  cycleMs: number,
  polls: number,
): Idle {
  const perSecond = 1_000 / cycleMs;
  return polls === 0
    ? { pollsPerSecond: 0, emptyPoll: noBytes, heartbeats: scaleBytes(bytes, perSecond) }
    : { pollsPerSecond: perSecond, emptyPoll: bytes, heartbeats: noBytes };
}

export interface RatePhase {
  readonly messagesPerSecond: number;
  readonly phase: CountedPhase;
}

/**
 * Least squares over phases of several rates and trials, errors being weighed in relation to all bytes of
 * their phase. `idle` says what polls cost that find nothing: null where it isn't known.
 */
export function messageBytes(
  phases: readonly RatePhase[],
  payloadBytes: number,
  level: Level,
  idle: Idle | null,
  polling: "held" | "grid" | "none",
): MessageBytes {
  const fitted = (direction: "down" | "up"): [number, number] =>
    leastSquares(
      phases.flatMap(({ phase }) => {
        const served = servedIn(phase);
        const all = bytesAt(phase, level);
        if (all === null || bothWays(all) === 0) return [];
        const payload = direction === "down" ? served * (phase.payloadBytes ?? payloadBytes) : 0;
        return [
          {
            first: phase.wire.answers,
            second: served,
            effect: deliveryBytes(phase, level, idle)[direction] - payload,
            weight: 1 / bothWays(all) ** 2,
          },
        ];
      }),
    );
  const [down, up] = [fitted("down"), fitted("up")];
  return {
    answer: { down: down[0], up: up[0] },
    message: { down: down[1], up: up[1] },
    held: polling === "held" ? perAnswer(phases) : [],
  };
}

/** What was spent on messages: at the level of IP, all that remains without empty polls and heartbeats. */
function deliveryBytes(phase: CountedPhase, level: Level, idle: Idle | null): WireBytes {
  const { parts, requests, answers } = phase.wire;
  if (level === "tcp") return parts.deliveries;
  const all = bytesAt(phase, level) ?? noBytes;
  const empty = scaleBytes(idle?.emptyPoll ?? noBytes, requests - answers);
  const beats =
    bothWays(parts.heartbeats) === 0 ? 0 : (clientsIn(phase) * phase.durationMs) / 1_000;
  const heartbeats = scaleBytes(idle?.heartbeats ?? noBytes, beats);
  return subtractBytes(subtractBytes(all, empty), heartbeats);
}

function perAnswer(phases: readonly RatePhase[]): MessageBytes["held"] {
  return [...groupBy(phases, ({ messagesPerSecond }) => messagesPerSecond)]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([messagesPerSecond, same]) => {
      const found = same.flatMap(({ phase }) =>
        phase.wire.answers === 0 ? [] : [servedIn(phase) / phase.wire.answers],
      );
      const median = medianOf(found);
      return median === null ? [] : [{ messagesPerSecond, perAnswer: median }];
    });
}

export function medianTraffic(all: readonly WireBytes[]): WireBytes {
  return {
    down: medianOf(all.map(({ down }) => down)) ?? 0,
    up: medianOf(all.map(({ up }) => up)) ?? 0,
  };
}
