import type { BusyProcess, MeasuredPhase } from "../../scenarios/scenario.ts";
import type { Phase, Resources } from "../results/schema.ts";
import { saturationOf } from "./resource-warnings.ts";

/**
 * How near a process was to all that it can do, in its busiest second: a phase may end with waiting for messages that
 * don't come any more.
 */
export function busyProcess(used: Resources): BusyProcess {
  const { process, cpuMs, systemMs, utilisation, busiestSecond, waitedMs, durationMs } = used;
  const { share } = saturationOf(used);
  const kernelShare = systemMs === undefined || cpuMs === 0 ? null : systemMs / cpuMs;
  // An event loop that isn't seen, and one that had nothing to do.
  if (utilisation === null || busiestSecond === null || utilisation === 0) {
    const waited = durationMs === 0 ? 0 : (waitedMs ?? 0) / durationMs;
    return { process, share: Math.min(1, share + waited), cpuShare: share, kernelShare };
  }
  // What it had of a processor while it was busy was the same all along.
  const cpuShare = Math.min(busiestSecond, (busiestSecond * share) / utilisation);
  return { process, share: busiestSecond, cpuShare, kernelShare };
}

/** Of what the network carries down at most; null where it has no such limit. */
export function linkShareOf({
  network,
  relay,
  durationMs,
}: Pick<Phase, "network" | "relay" | "durationMs">): MeasuredPhase["linkShare"] {
  const down = network?.down ?? relay?.down;
  if (down === undefined || down.asked.bitsPerSecond === null || durationMs === 0) return null;
  return (8_000 * down.done.bytes) / durationMs / down.asked.bitsPerSecond;
}
