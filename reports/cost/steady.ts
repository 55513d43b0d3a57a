import { medianOf } from "../../bench/statistics/basics.ts";
import { servedIn } from "./bytes.ts";
import type { Coefficients } from "./measured.ts";
import { noteOf, nowhere, phasesOf, rangeOf, steadyRanges } from "./stated.ts";
import type { Stated, Variant } from "./stated.ts";

// What a server needs, and how late messages are.

export function cpuOf(
  { trials, payloadBytes, why }: Stated,
  variant: Variant,
): Coefficients["cpu"] {
  const phases = phasesOf(trials, "cpu.server");
  const per = variant.delivery === "pull" ? "request" : "delivery";
  const serverMs = medianOf(
    phases.flatMap((phase) => {
      // A server that isn't the harness's own counts no requests.
      const units = per === "request" ? (phase.wire?.requests ?? 0) : servedIn(phase);
      const server = phase.resources.find(({ process }) => process === "server");
      return units === 0 || server === undefined ? [] : [(server.cpuMs - server.turningMs) / units];
    }),
  );
  return serverMs === null
    ? { value: null, why }
    : { value: { serverMs, per }, measured: steadyRanges(phases, payloadBytes, variant) };
}

export function stalenessOf(
  { trials, payloadBytes, why }: Stated,
  variant: Variant,
): Coefficients["staleness"] {
  const phases = phasesOf(trials, "delivery.p50");
  const meanNs = medianOf(phases.flatMap(({ latency }) => latency.delivery.meanNs ?? []));
  return meanNs === null
    ? { value: null, why }
    : { value: { meanMs: meanNs / 1e6 }, measured: steadyRanges(phases, payloadBytes, variant) };
}

export function memoryOf({ trials, why }: Stated): Coefficients["memory"] {
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
