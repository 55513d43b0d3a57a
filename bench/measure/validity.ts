import { percentileNs } from "../results/percentile.ts";
import { notRefused } from "../results/recorded-intruders.ts";
import type { ClockCheck, Phase, ProcessStall, Warning } from "../results/schema.ts";
import { invalidates } from "../results/warnings.ts";
import { workMs } from "../results/work-time.ts";
import { bounds, isStream } from "./bounds.ts";
import type { ConnectionEnds } from "./connection-ends.ts";
import { canaryName, named, warnIf } from "./phase-warning.ts";
import type { PhaseWarning } from "./phase-warning.ts";
import { contentionWarnings, hostWarnings, resourceWarnings } from "./resource-warnings.ts";
import { trendOf } from "../statistics/mann-kendall.ts";
import { wholePercent } from "../text/format.ts";

export interface Observed {
  /** Connections that the server ended within the phase. */
  readonly ends: ConnectionEnds;
  /**
   * Whether anything is timed; otherwise only bytes are counted, and it doesn't matter when they crossed the wire.
   */
  readonly timed: boolean;
  readonly delivery: "push" | "pull";
  /** How long a message may wait for a client that polls on a grid; 0 where none does. */
  readonly pollIntervalMs: number;
}

/**
 * Whether a trial is invalid: any warning that harness or machine caused makes it so
 * (`bench/results/warnings.ts`).
 */
export function isInvalid(warnings: readonly Pick<Warning, "code">[]): boolean {
  return warnings.some(({ code }) => invalidates(code));
}

/** Processes whose clock is not the director's: their one-way latencies mean nothing. */
export function clockWarnings(clocks: readonly ClockCheck[]): Warning[] {
  return clocks
    .filter(({ shared }) => !shared)
    .map(({ process }) => ({
      code: "clock",
      phase: "start",
      detail: `the clock of the ${process} process differs from the director's`,
    }));
}

/**
 * Processes of the harness that stalled for long enough to move a figure. Whether the user's own server
 * stalled isn't known, and would be a finding about that server.
 */
export function stallWarnings(
  { name, standStills }: Pick<Phase, "name" | "standStills">,
  isTooLong: (stall: ProcessStall) => boolean = ({ stoppedMs }) => stoppedMs > bounds.stallMs,
): Warning[] {
  return standStills.filter(isTooLong).map((stall) => ({
    code: "stood-still",
    phase: name,
    detail: stallText(stall),
  }));
}

/**
 * How long a process may stall where waiting is normal. It is longer the more servers and load processes share the cores
 * beyond one of each: then collecting garbage, which is up to further threads, has to wait as well.
 */
export function waitingBoundMs({
  standStills,
  resources: [first],
}: Pick<Phase, "standStills" | "resources">): number {
  const working = standStills.filter(({ process }) => /^(server|load)\b/.test(process));
  const cores = first?.cores ?? 1;
  return (bounds.stallMs * (cores + Math.max(0, working.length - 2))) / cores;
}

function stallText(stall: ProcessStall): string {
  const { longestMs, stoppedMs } = stall;
  const waited = stoppedMs < longestMs / 2 ? ", most of it waiting for a processor" : "";
  return `${named(stall)} for ${Math.round(longestMs)} ms${waited}`;
}

/**
 * In a stream, a single late delivery becomes the maximum that is reported, whatever made it late: any stall
 * counts. Without a stream, waiting for a processor is normal under load and doesn't count.
 */
function phaseStallWarnings(phase: Phase, observed: Observed): Warning[] {
  const { stallMs } = bounds;
  // One message to a large room takes a server's time: that isn't a pause.
  if (isStream(phase.deliveries.intended, observed.timed) && phase.rooms === undefined) {
    return stallWarnings(phase, ({ longestMs }) => longestMs > stallMs);
  }
  const boundMs = observed.timed ? waitingBoundMs(phase) : countedBoundMs(phase, observed);
  return stallWarnings(phase, ({ stoppedMs }) => stoppedMs > boundMs);
}

/**
 * How long a process may stall before it changes a count: as long as no poll is left out and no heartbeat of
 * an idle connection runs into the next. Pushed messages are the same however late they are; only the number
 * of packets on a link depends on which messages are sent together.
 */
function countedBoundMs(phase: Phase, { delivery, pollIntervalMs }: Observed): number {
  const { countedStallMs, pushedStallMs } = bounds;
  const isIdle = phase.deliveries.intended === 0 && phase.setUp.count === 0;
  const onlyCame = delivery === "push" && !isIdle && (phase.wire?.link ?? null) === null;
  return onlyCame ? pushedStallMs : Math.max(countedStallMs, pollIntervalMs);
}

/** Reasons to distrust a phase, of the closed list in `bench/results/warnings.ts`; none where all went well. */
export function warningsOf(phase: Phase, observed: Observed): Warning[] {
  if (phase.ledger !== undefined) return misbehavedWarnings(phase, observed);
  const { ends, timed, pollIntervalMs } = observed;
  const stream = isStream(phase.deliveries.intended, timed);
  const wrong = deliveryWarnings(phase, ends);
  const warnings = [
    ...wrong,
    ...reconnectWarnings(ends),
    // Lost, duplicated or retried messages explain a difference in bytes.
    ...(wrong.length === 0 && ends.retried === 0 ? theoryWarnings(phase) : []),
    ...(stream ? timingWarnings(phase) : []),
    // Over a network that misbehaves, latency does what that does.
    ...(stream && phase.network === undefined && phase.relay === undefined
      ? [...trendWarnings(phase), ...queueWarnings(phase, pollIntervalMs)]
      : []),
    ...networkWarnings(phase, stream),
    ...intruderWarnings(phase),
  ];
  return [
    ...phaseStallWarnings(phase, observed),
    ...warnings.map(({ code, detail }) => ({ code, phase: phase.name, detail })),
  ];
}

/**
 * The same where something between clients and server misbehaved as it was to: what became of each message is told by
 * the ledger, and delays are what the phase is about.
 */
function misbehavedWarnings(phase: Phase, observed: Observed): Warning[] {
  const { expected, corrupted } = phase.deliveries;
  const { unaccounted = 0, unsent = 0, untaken = 0 } = phase.ledger ?? {};
  // Of a broker that fails, they are what the phase is about.
  const onBus = phase.bus?.failed === true ? 0 : unsent + untaken;
  const { clamped } = phase.latency.delivery;
  const share = (count: number): string => `${count} of ${expected} deliveries`;
  const warnings = [
    ...warnIf(unaccounted + onBus > 0, "lost", share(unaccounted + onBus)),
    ...warnIf(corrupted > 0, "corrupted", share(corrupted)),
    ...warnIf(clamped > 0, "clamped", share(clamped)),
    ...phase.resources.flatMap(resourceWarnings),
    ...hostWarnings(phase.resources),
    ...contentionWarnings(phase),
    ...networkWarnings(phase, isStream(phase.deliveries.intended, observed.timed)),
    ...intruderWarnings(phase),
  ];
  return [
    ...phaseStallWarnings(phase, observed),
    ...warnings.map(({ code, detail }) => ({ code, phase: phase.name, detail })),
  ];
}

/**
 * The same where a script has tried what may be too much: that latency rises then, and messages are late or lost, is what
 * it has looked for. What else the machine did, or its clocks, has nothing to do with that.
 */
export function attemptWarnings(phase: Phase, _observed: Observed): Warning[] {
  const { clamped } = phase.latency.delivery;
  const early = tooEarly(phase);
  return [
    ...warnIf(clamped > 0, "clamped", `${clamped} deliveries`),
    ...warnIf(early > 0, "clock", `${early} deliveries`),
    ...hostWarnings(phase.resources),
    ...contentionWarnings(phase),
  ].map(({ code, detail }) => ({ code, phase: phase.name, detail }));
}

/**
 * The same where a script compares what it shows with something that went on at the same time: what slows both down moves
 * nothing, but for processes that stood still meanwhile.
 */
export function comparedWarnings(phase: Phase, _observed: Observed): Warning[] {
  const host = hostWarnings(phase.resources);
  return [
    ...stallWarnings(phase),
    ...host.map(({ code, detail }) => ({ code, phase: phase.name, detail })),
  ];
}

/**
 * Deliveries that seem to have come before they were sent. Between hosts whose clocks may be apart, that is what is to be
 * expected of short times: it is told of these by the bound.
 */
function tooEarly({ latency, clockBoundNs = 0 }: Phase): number {
  return clockBoundNs > 0 ? 0 : latency.transit.negative;
}

function deliveryWarnings(phase: Phase, { lastEnding }: ConnectionEnds): PhaseWarning[] {
  const { disconnected } = phase;
  const how = lastEnding === null ? "" : `: ${lastEnding}`;
  const held = phase.clients + (phase.canary === null ? 0 : 1);
  const { duplicated, reordered, corrupted, expected } = phase.deliveries;
  const lost = phase.deliveries.lost ?? 0;
  const { delivery } = phase.latency;
  const early = tooEarly(phase);
  const share = (count: number): string => `${count} of ${expected} deliveries`;
  return [
    ...warnIf(lost > 0, "lost", share(lost)),
    ...warnIf(duplicated > 0, "duplicated", share(duplicated)),
    ...warnIf(reordered > 0, "reordered", share(reordered)),
    ...warnIf(corrupted > 0, "corrupted", share(corrupted)),
    ...warnIf(delivery.clamped > 0, "clamped", share(delivery.clamped)),
    ...warnIf(early > 0, "clock", share(early)),
    ...warnIf(disconnected > 0, "disconnected", `${disconnected} of ${held} clients${how}`),
  ];
}

function reconnectWarnings({ reconnected, retried }: ConnectionEnds): PhaseWarning[] {
  const again = retried === 0 ? "" : `, ${retried} for requests that were sent again`;
  return warnIf(reconnected > 0, "reconnected", `${reconnected} new connections${again}`);
}

function timingWarnings(phase: Phase): PhaseWarning[] {
  const { rate, latency } = phase;
  const achieved = rate === null ? 1 : rate.achieved / rate.intended;
  // Few messages have no 99th percentile, and their maximum would be a single chance event.
  const q =
    [0.99, 0.9].find((candidate) => percentileNs(latency.lateness, candidate) !== null) ?? 0.5;
  const lateNs = percentileNs(latency.lateness, q) ?? 0;
  const deliveryNs = percentileNs(latency.delivery, q) ?? 0;
  // Nor is it the sender's fault that the messages to others wait for it meanwhile.
  const isOwn = phase.rooms === undefined;
  const boundNs = phase.tokens === undefined ? bounds.latenessNs : bounds.tokenLatenessNs;
  const late = isOwn && lateNs > boundNs && lateNs > bounds.latenessShareOfDelivery * deliveryNs;
  return [
    ...warnIf(
      achieved < bounds.achievedRateShare,
      "slow-rate",
      `${wholePercent(achieved)} of the rate`,
    ),
    ...warnIf(
      late,
      "late-publisher",
      `${wholePercent(1 - q)} were at least ${(lateNs / 1e6).toFixed(1)} ms late`,
    ),
    ...canaryWarnings(phase),
    ...phase.resources.flatMap(resourceWarnings),
    ...hostWarnings(phase.resources),
    ...contentionWarnings(phase),
  ];
}

/** Warns of bytes that differ from what the format's definition gives. */
function theoryWarnings({ theory, wire }: Phase): PhaseWarning[] {
  return (["deliveries", "upstream"] as const).flatMap((part) => {
    const expected = theory?.[part];
    if (expected == null || wire === null) return [];
    return (["down", "up"] as const).flatMap((way) => {
      const measured = wire.parts[part][way];
      const detail = `${part} ${way}: ${measured} bytes, but ${expected[way]} by ${theory?.source}`;
      return warnIf(measured !== expected[way], "unexplained-bytes", detail);
    });
  });
}

/**
 * Whether latency fell through the phase, as it does while processes warm up, or rose. A rise that is due to
 * harness or machine has warnings of its own: an overloaded load process, a process that stalled.
 */
function trendWarnings({ timeline, tokens }: Phase): PhaseWarning[] {
  // How many answers are under way at once rises and falls with the schedule.
  if (tokens !== undefined) return [];
  const trend = trendOf(timeline.slices.flatMap(({ meanNs }) => meanNs ?? []));
  if (trend === null) return [];
  const { p, change, median } = trend;
  const large = Math.max(bounds.trendNs, bounds.trendShareOfMedian * median);
  return warnIf(
    p < bounds.trendChance && Math.abs(change) > large,
    change > 0 ? "rising" : "not-steady",
    `${change > 0 ? "rose" : "fell"} by ${milliseconds(Math.abs(change))} ms, with a median of ${milliseconds(median)} ms`,
  );
}

/** Warns where the load process, and not the transport, made the fleet wait. */
function canaryWarnings(phase: Phase): PhaseWarning[] {
  const { latency, canary, resources, deliveries, clockBoundNs = 0 } = phase;
  const fleetNs = percentileNs(latency.delivery, 0.5);
  const canaryNs = canary && percentileNs(canary.delivery, 0.5);
  if (fleetNs === null || canaryNs === null) return [];
  // A server writes to one client after another, and serves the client that polls again first. The canary may be
  // that one: it then has its message sooner than the others by the server's work on all of them.
  // Of several, its own.
  const servers = resources.filter(({ process }) => process === "server");
  const serverMs = Math.max(0, ...servers.map(workMs));
  const explainedNs =
    Math.max(bounds.canaryNs, (serverMs / deliveries.intended) * 1e6) + 2 * clockBoundNs;
  return warnIf(
    fleetNs > bounds.canaryRatio * canaryNs && fleetNs - canaryNs > explainedNs,
    "canary",
    `p50 ${milliseconds(fleetNs)} ms, but ${milliseconds(canaryNs)} ms for ${canaryName}`,
  );
}

/** Warns of messages that were still on their way when sending ended, and says where they waited. */
function queueWarnings({ backlog }: Phase, pollIntervalMs: number): PhaseWarning[] {
  const { messages, sendingMs } = backlog;
  const hidden = backlog.receiveQueueBytes ?? 0;
  const detail = `${messages} messages (${Math.round(sendingMs)} ms of sending) were in flight`;
  if (sendingMs <= bounds.backlogMs + pollIntervalMs) return [];
  return hidden > bounds.receiveQueueBytes
    ? [{ code: "hidden-backlog", detail: `${detail}, ${hidden} bytes in receive queues` }]
    : [{ code: "backlog", detail }];
}

/** Warns of what a network lost or held back unasked. */
function networkWarnings({ network, relay }: Phase, isStreamed: boolean): PhaseWarning[] {
  if (relay !== undefined) return relayWarnings(relay, isStreamed);
  if (network === undefined) return [];
  const unread = network.down.done.unread + network.up.done.unread;
  const lateMs = Math.max(network.down.done.longestLateMs, network.up.done.longestLateMs);
  return [
    ...warnIf(unread > 0, "network-behind", `${unread} packets were dropped unread`),
    ...warnIf(
      isStreamed && lateMs > bounds.stallMs,
      "network-behind",
      `a packet left ${Math.round(lateMs)} ms late`,
    ),
  ];
}

function relayWarnings(
  { down, up }: NonNullable<Phase["relay"]>,
  isStreamed: boolean,
): PhaseWarning[] {
  const lateMs = Math.max(down.done.longestLateMs, up.done.longestLateMs);
  return warnIf(
    isStreamed && lateMs > bounds.stallMs,
    "network-behind",
    `the relay passed something on ${Math.round(lateMs)} ms late`,
  );
}

/** Warns of limits that the server didn't keep. */
function intruderWarnings({ intruders = [] }: Phase): PhaseWarning[] {
  return intruders.flatMap(({ kind, attempts, endings }) => {
    const passed = endings[notRefused] ?? 0;
    return warnIf(passed > 0, "not-refused", `${kind}: ${passed} of ${attempts} attempts`);
  });
}

function milliseconds(ns: number): string {
  return (ns / 1e6).toFixed(2);
}
