import type { Phase, Resources } from "../results/schema.ts";
import { wholePercent } from "../text/format.ts";
import { workMs } from "../results/work-time.ts";
import { bounds } from "./bounds.ts";
import { canaryName, named, warnIf } from "./phase-warning.ts";
import type { PhaseWarning } from "./phase-warning.ts";

/** Warns of processor time that the host took from the processes; all processes of a host see the same. */
export function hostWarnings(resources: readonly Resources[]): PhaseWarning[] {
  const steal = Math.max(0, ...resources.map(({ stealShare }) => stealShare ?? 0));
  const throttled = Math.max(0, ...resources.map(({ throttledMs }) => throttledMs ?? 0));
  return [
    ...warnIf(
      steal > bounds.stealShare,
      "steal",
      `${(100 * steal).toFixed(1)} % of processor time`,
    ),
    ...warnIf(throttled > 0, "throttled", `for ${Math.ceil(throttled)} ms`),
  ];
}

/** Warns of other programs that ran while the trial's processes waited, which they also do for each other. */
export function contentionWarnings({ resources, othersCpuMs, durationMs }: Phase): PhaseWarning[] {
  if (othersCpuMs === null) return [];
  const shareOf = (used: Resources): number => (used.waitedMs ?? 0) / used.durationMs;
  const [first, ...rest] = resources;
  if (first === undefined) return [];
  const longest = rest.reduce((most, used) => (shareOf(used) > shareOf(most) ? used : most), first);
  const othersShare = othersCpuMs / durationMs;
  return warnIf(
    shareOf(longest) > bounds.waitShare && othersShare > bounds.othersCpuShare,
    "contention",
    `${named(longest)} waited ${wholePercent(shareOf(longest))} of the time, other programs used ${wholePercent(othersShare)} of a core`,
  );
}

/**
 * How much of the processor time that it can use a process used, 0 to 1. A thread can use no more than one
 * core, all of its threads together no more than the cores it may run on.
 */
export function saturationOf(used: Resources): { share: number; limit: string } {
  const { cpuMs, turningMs, busiestThreadMs, cores, durationMs } = used;
  const thread = ((busiestThreadMs ?? cpuMs) - turningMs) / durationMs;
  const all = cores === null ? 0 : workMs(used) / durationMs / cores;
  return all > thread
    ? { share: all, limit: `all ${cores} cores` }
    : { share: thread, limit: "a core" };
}

export function resourceWarnings(used: Resources): PhaseWarning[] {
  if (used.process === "server") {
    const { share, limit } = saturationOf(used);
    return warnIf(
      share > bounds.serverCpuShare,
      "server-saturated",
      `${wholePercent(share)} of ${limit}`,
    );
  }
  // They may be as busy as they like: nothing is timed that they receive.
  if (used.process === "intruders" || used.process === "probe") return [];
  // Nor can what others wrote be helped: how busy a broker is, is part of what a bus costs.
  const { process } = used;
  if (process === "broker" || process === "balancer") return [];
  if (process === "proxy" || process === "browser") return [];
  const cpuShare = workMs(used) / used.durationMs;
  const busiest = used.busiestSecond ?? 0;
  const gcMs = used.gcLongestMs ?? 0;
  return [
    ...warnIf(
      busiest > bounds.loadUtilisation || cpuShare > bounds.loadCpuShare,
      "load-saturated",
      `${whose[process]} ${wholePercent(busiest)} in its busiest second, ${wholePercent(cpuShare)} of a core`,
    ),
    // Of a server, garbage is its own work.
    ...warnIf(
      gcMs > bounds.stallMs,
      "stood-still",
      `${named(used)} for ${Math.round(gcMs)} ms, collecting garbage`,
    ),
  ];
}

const whose = {
  load: "event loop",
  canary: `event loop of ${canaryName}`,
  publisher: "the publisher's event loop",
  network: "event loop of the network process",
  asker: "event loop of the clients",
} as const;
