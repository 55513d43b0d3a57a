import { percentileNs } from "../results/percentile.ts";
import type { Phase, Resources, Warning } from "../results/schema.ts";

/** Bounds above which a figure says more about the harness than about the transport: METHOD.md §1. */
const bounds = {
  latenessNs: 1e6,
  latenessShareOfDelivery: 0.1,
  achievedRateShare: 0.99,
  loadUtilisation: 0.7,
  loadCpuShare: 0.9,
  serverCpuShare: 0.9,
} as const;

/** Fewer messages than this are no stream, and have neither a rate nor a load that lasts. */
const leastMessages = 10;

export interface Observed {
  /** Clients that lost their connection within the phase. */
  readonly disconnected: number;
  /** False where only bytes are counted, so that it doesn't matter when they crossed the wire. */
  readonly timed: boolean;
}

/** What there is to doubt about a phase. */
export function warningsOf(phase: Phase, { disconnected, timed }: Observed): Warning[] {
  const stream = timed && phase.deliveries.intended >= leastMessages;
  const doubts = [...deliveryDoubts(phase, disconnected), ...(stream ? timingDoubts(phase) : [])];
  return doubts.map(({ code, detail }) => ({ code, phase: phase.name, detail }));
}

type Doubt = Pick<Warning, "code" | "detail">;

function deliveryDoubts(phase: Phase, disconnected: number): Doubt[] {
  const { duplicated, reordered, corrupted, expected } = phase.deliveries;
  const lost = phase.deliveries.lost ?? 0;
  const { delivery, transit } = phase.latency;
  const of = (count: number): string => `${count} of ${expected} deliveries`;
  return [
    ...when(lost > 0, "lost", of(lost)),
    ...when(duplicated > 0, "duplicated", of(duplicated)),
    ...when(reordered > 0, "reordered", of(reordered)),
    ...when(corrupted > 0, "corrupted", of(corrupted)),
    ...when(delivery.clamped > 0, "clamped", of(delivery.clamped)),
    ...when(transit.negative > 0, "clock", of(transit.negative)),
    ...when(disconnected > 0, "disconnected", `${disconnected} of ${phase.clients} clients`),
  ];
}

function timingDoubts(phase: Phase): Doubt[] {
  const { rate, latency } = phase;
  const achieved = rate === null ? 1 : rate.achieved / rate.intended;
  // Of few messages the 99th percentile is not known, and the maximum would be one chance event.
  const q =
    [0.99, 0.9].find((candidate) => percentileNs(latency.lateness, candidate) !== null) ?? 0.5;
  const lateNs = percentileNs(latency.lateness, q) ?? 0;
  const deliveryNs = percentileNs(latency.delivery, q) ?? 0;
  const late = lateNs > bounds.latenessNs && lateNs > bounds.latenessShareOfDelivery * deliveryNs;
  return [
    ...when(achieved < bounds.achievedRateShare, "slow-rate", `${percent(achieved)} of the rate`),
    ...when(
      late,
      "late-publisher",
      `${percent(1 - q)} were ${(lateNs / 1e6).toFixed(1)} ms late or more`,
    ),
    ...phase.resources.flatMap(resourceDoubts),
  ];
}

function resourceDoubts(used: Resources): Doubt[] {
  const cpuShare = (used.cpuMs - used.turningMs) / used.durationMs;
  if (used.process === "server") {
    return when(
      cpuShare > bounds.serverCpuShare,
      "server-saturated",
      `${percent(cpuShare)} of a core`,
    );
  }
  return [
    ...when(
      used.utilisation > bounds.loadUtilisation || cpuShare > bounds.loadCpuShare,
      "load-saturated",
      `event loop ${percent(used.utilisation)}, ${percent(cpuShare)} of a core`,
    ),
  ];
}

function when(condition: boolean, code: Warning["code"], detail: string): Doubt[] {
  return condition ? [{ code, detail }] : [];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
