import type { Figure, MeasuredPhase } from "./scenario.ts";

// Figures that more than one scenario states.

/**
 * Delivery latency with its loss: percentiles are of delivered messages, and never shown without it. `does`
 * is what messages do at its end.
 */
export function deliveryFigures(phase: MeasuredPhase, does: "arrive" | "return"): Figure[] {
  const percentile = (key: string, q: number, share: string): Figure => ({
    key: `delivery.${key}`,
    phase: phase.name,
    label: `${share} within\n(${key})`,
    ...latency(phase.delivery(q)),
    headline: key === "p50",
    ...(key === "p50" && { adds: `{value} ${does === "arrive" ? "latency" : "round trip"} (p50)` }),
    words: {
      states: `${share} of the messages ${does} within {value}`,
      leads: `messages ${does} soonest with {variant}: ${share} within {value}`,
    },
  });
  return [
    percentile("p50", 0.5, "half"),
    percentile("p90", 0.9, "90 %"),
    percentile("p99", 0.99, "99 %"),
    {
      key: "delivery.max",
      phase: phase.name,
      label: "slowest\n(max)",
      unit: "ns",
      better: "lower",
      value: phase.maxDeliveryNs,
      oneWay: true,
    },
    {
      key: "loss",
      phase: phase.name,
      label: "lost",
      unit: "percent",
      better: "lower",
      counted: true,
      value:
        phase.expected === 0 || phase.lost === null ? null : (100 * phase.lost) / phase.expected,
    },
  ];
}

/** A percentile of latency: all of a figure but its place. Null where there were too few deliveries for it. */
export function latency(
  value: number | null,
): Pick<Figure, "unit" | "better" | "value" | "oneWay" | "note"> {
  const note = value === null && { note: "too few deliveries for this percentile" };
  return { unit: "ns", better: "lower", value, oneWay: true, ...note };
}

export const cpuTable =
  "CPU time for a thousand deliveries in ms, without busy-waiting for due times";

/** CPU time of both sides for a thousand deliveries. */
export function cpuFigures(phase: MeasuredPhase): Figure[] {
  const perThousand = (
    side: "server" | "client",
    cpuMs: number | null,
    deliveries: number,
  ): Figure => ({
    key: `cpu.${side}`,
    phase: phase.name,
    label: side,
    table: cpuTable,
    unit: "ms",
    better: "lower",
    value: deliveries === 0 || cpuMs === null ? null : (1_000 * cpuMs) / deliveries,
    ...(side === "server" && { adds: "{value} server CPU/1000 deliveries" }),
    ...(cpuMs === null && { note: unknownServer }),
  });
  return [
    perThousand("server", phase.serverCpuMs, phase.served),
    perThousand("client", phase.loadCpuMs, phase.arrived),
  ];
}

/** Why there is nothing of the server's processor time and memory. */
export const unknownServer =
  "the server's process is unknown: see --target-pid and --target-command";

/** Why there are no bytes. */
export const uncounted =
  "bytes of your own server are counted by a relay, in trials that time nothing: see the " +
  "scenario overhead";

/** Bytes both ways of all that was completed; null where nobody counted. */
export function allBytes({ wire }: MeasuredPhase): number | null {
  return wire === null ? null : wire.bytes.down + wire.bytes.up;
}

/** A share of the bytes for each delivery; null when there were none. */
export function perDelivery(phase: MeasuredPhase, bytes: number): number | null {
  return phase.served === 0 ? null : bytes / phase.served;
}
