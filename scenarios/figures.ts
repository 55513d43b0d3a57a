import type { Figure, Measured } from "./scenario.ts";

// Figures that more than one scenario states.

/** Delivery latency with its loss: percentiles are of delivered messages, and never shown without it. */
export function deliveryFigures(phase: Measured): Figure[] {
  const percentile = (key: string, q: number): Figure => ({
    key: `delivery.${key}`,
    label: `${key}`,
    unit: "ns",
    better: "lower",
    value: phase.delivery(q),
    note: "received less due, of delivered messages",
    headline: key === "p50",
  });
  return [
    percentile("p50", 0.5),
    percentile("p90", 0.9),
    percentile("p99", 0.99),
    {
      key: "delivery.max",
      label: "max",
      unit: "ns",
      better: "lower",
      value: phase.maxDeliveryNs,
    },
    {
      key: "loss",
      label: "lost",
      unit: "percent",
      better: "lower",
      value: phase.expected === 0 ? null : (100 * phase.lost) / phase.expected,
    },
  ];
}

export function cpuPerThousand(
  side: "server" | "client",
  cpuMs: number,
  deliveries: number,
): Figure {
  return {
    key: `cpu.${side}`,
    label: `${side} CPU\nms/1 000`,
    unit: "ms",
    better: "lower",
    value: deliveries === 0 ? null : (1_000 * cpuMs) / deliveries,
    note: "CPU time for a thousand deliveries, less the time spent waiting for due times",
  };
}

/** A share of the bytes for each delivery; null when there were none. */
export function perDelivery(phase: Measured, bytes: number): number | null {
  return phase.arrived === 0 ? null : bytes / phase.arrived;
}
