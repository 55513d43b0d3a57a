import { groupBy } from "../group-by.ts";
import { variantsOf } from "../run.ts";
import type { Results, Trial } from "../../bench/results/schema.ts";
import { bytesAt, countedPhases, servedIn } from "./bytes.ts";
import { beyondClocks, isBeyondClocks, medianClockBound } from "../../bench/results/clock-bound.ts";
import { bothWays } from "../../bench/results/wire-parts.ts";
import { workMs } from "../../bench/results/work-time.ts";
import type { Level, RatePhase } from "./bytes.ts";
import type { Run } from "../run.ts";
import { subjectName } from "../summary.ts";
import { byteCoefficients, rateOf, ratePhasesOf } from "./byte-coefficients.ts";
import type { Coefficients, ByteCoefficients } from "./measured.ts";
import { noteOf, nowhere, phasesOf, rangeOf, statedBy, steadyRanges } from "./stated.ts";
import type { Stated, Variant } from "./stated.ts";
import { medianOf, sum } from "../../bench/statistics/basics.ts";
import { clientBytesPerSecond } from "./model.ts";

/**
 * What each variant of each run costs for each of what it does, over the valid trials: bytes from the
 * scenario that states `overhead.at<rate>`, CPU time and staleness from the first that pushes one way, and
 * memory from the one that states its slope. Bytes are those of IP where they were counted.
 */
export function coefficientsOf(runs: readonly Run[]): Coefficients[] {
  return runs.flatMap(({ label, results }) =>
    variantsOf(results).map((variant) => variantCoefficients(results, variant, label)),
  );
}

function variantCoefficients(results: Results, variant: Variant, run: string | null): Coefficients {
  const { name, reference } = variant;
  const rates = statedBy(results, name, ({ key }) => rateOf(key) !== null);
  const oneWay = statedBy(results, name, ({ key }) => key === "cpu.server", isOneWay);
  const phases = countedPhases(rates.trials.flatMap(({ phases }) => phases));
  const level: Level =
    phases.length > 0 && phases.every((phase) => bytesAt(phase, "ip") !== null) ? "ip" : "tcp";
  const bytes = byteCoefficients(rates, variant, level);
  return {
    ...bytes,
    missesBy: missesBy(bytes, ratePhasesOf(rates.trials), rates.payloadBytes, level),
    name: subjectName({ variant: name, run }),
    variant: name,
    run,
    reference,
    level,
    cpu: cpuOf(oneWay, variant),
    staleness: stalenessOf(oneWay, variant),
    memory: memoryOf(statedBy(results, name, ({ key }) => key === "memory")),
  };
}

/** Nothing is sent up: what is measured is the way down alone. */
function isOneWay(trial: Trial): boolean {
  const [phase] = phasesOf([trial], "cpu.server");
  if (phase === undefined) return false;
  // Only what goes to all has a last client.
  if (phase.wire === null) return phase.latency.lastClient.count > 0;
  return phase.wire.parts.upstream.up === 0;
}

/**
 * By which share of what was measured the model is off at most, over the measured rates; null of none. Bytes
 * per delivery are held against each other, so that it doesn't matter which polls fell into the phase.
 */
function missesBy(
  coefficients: ByteCoefficients,
  phases: readonly RatePhase[],
  payloadBytes: number,
  level: Level,
): number | null {
  const rates = groupBy(phases, ({ messagesPerSecond }) => messagesPerSecond);
  const misses = [...rates].flatMap(([messagesPerSecond, same]) => {
    const perMessage = medianOf(
      same.flatMap(({ phase }) => {
        const all = bytesAt(phase, level);
        return all === null ? [] : [bothWays(all) / servedIn(phase)];
      }),
    );
    const bytes = clientBytesPerSecond(coefficients, messagesPerSecond, payloadBytes);
    if (bytes === null || perMessage === null || perMessage === 0) return [];
    return [Math.abs(bytes / (perMessage * messagesPerSecond) - 1)];
  });
  return misses.length === 0 ? null : Math.max(...misses);
}

function cpuOf({ trials, payloadBytes, why }: Stated, variant: Variant): Coefficients["cpu"] {
  const phases = phasesOf(trials, "cpu.server");
  const per = variant.delivery === "pull" ? "request" : "delivery";
  const serverMs = medianOf(
    phases.flatMap((phase) => {
      // A server that isn't the harness's own counts no requests.
      const units = per === "request" ? (phase.wire?.requests ?? 0) : servedIn(phase);
      const servers = phase.resources.filter(({ process }) => process === "server");
      return units === 0 || servers.length === 0 ? [] : [sum(servers.map(workMs)) / units];
    }),
  );
  return serverMs === null
    ? { value: null, why }
    : { value: { serverMs, per }, measured: steadyRanges(phases, payloadBytes, variant) };
}

function stalenessOf(
  { trials, payloadBytes, why }: Stated,
  variant: Variant,
): Coefficients["staleness"] {
  const phases = phasesOf(trials, "delivery.p50");
  const means = phases.flatMap(({ latency, clockBoundNs = null }) => {
    const { meanNs } = latency.delivery;
    return meanNs === null ? [] : { value: meanNs, clockBound: clockBoundNs };
  });
  const meanNs = medianOf(means.map(({ value }) => value));
  if (meanNs === null) return { value: null, why };
  const isBeyond = isBeyondClocks(meanNs, medianClockBound(means) ?? 0);
  return isBeyond
    ? { value: null, why: beyondClocks }
    : { value: { meanMs: meanNs / 1e6 }, measured: steadyRanges(phases, payloadBytes, variant) };
}

function memoryOf({ trials, why }: Stated): Coefficients["memory"] {
  const figures = trials.flatMap(({ figures }) => figures);
  const slopes = figures.flatMap(({ key, value }) =>
    key === "memory" && typeof value === "number" ? [value] : [],
  );
  const bytes = medianOf(slopes);
  // A trial without the figure would bias the rest: all of them or none.
  if (bytes === null || slopes.length < trials.length) {
    return { value: null, why: noteOf(trials, "memory") ?? why };
  }
  if (bytes <= 0) return { value: null, why: "memory did not grow with the number of clients" };
  const clients = figures.flatMap(({ key, value }) =>
    key.startsWith("memory.at") && value !== null ? [Number(key.slice("memory.at".length))] : [],
  );
  return { value: { bytes }, measured: { ...nowhere, clients: rangeOf(clients) } };
}
