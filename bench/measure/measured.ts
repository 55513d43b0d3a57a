import type { Measured } from "../../scenarios/scenario.ts";
import { percentileNs } from "../results/percentile.ts";
import type { Phase } from "../results/schema.ts";

/** A phase as scenarios see it. */
export function measuredOf(phase: Phase): Measured {
  const { deliveries, latency, canary, wire } = phase;
  const both = (bytes: { down: number; up: number }): number => bytes.down + bytes.up;
  const cpuMs = (process: "server" | "load"): number =>
    phase.resources
      .filter((used) => used.process === process)
      .reduce((total, used) => total + Math.max(0, used.cpuMs - used.turningMs), 0);
  return {
    name: phase.name,
    durationMs: phase.durationMs,
    clients: phase.clients,
    expected: deliveries.expected,
    delivered: deliveries.delivered,
    lost: deliveries.lost,
    arrived: deliveries.arrived,
    served: deliveries.arrived + (canary?.arrived ?? 0),
    delivery: (q) => percentileNs(latency.delivery, q),
    lastClient: (q) => percentileNs(latency.lastClient, q),
    canary: (q) => (canary === null ? null : percentileNs(canary.delivery, q)),
    setUp: (q) => percentileNs(phase.setUp, q),
    maxDeliveryNs: latency.delivery.maxNs,
    meanDeliveryNs: latency.delivery.meanNs,
    bytes: wire.total,
    parts: {
      setUp: both(wire.parts.setUp),
      deliveries: both(wire.parts.deliveries),
      emptyPolls: both(wire.parts.emptyPolls),
      heartbeats: both(wire.parts.heartbeats),
      upstream: both(wire.parts.upstream),
    },
    theory: phase.theory && {
      source: phase.theory.source,
      deliveries: phase.theory.deliveries && both(phase.theory.deliveries),
      upstream: phase.theory.upstream && both(phase.theory.upstream),
    },
    requests: wire.requests,
    connections: wire.connections,
    link: wire.link,
    serverCpuMs: cpuMs("server"),
    loadCpuMs: cpuMs("load"),
  };
}

/** A phase in which nothing was sent and nothing crossed the wire. */
export function nothingMeasured(name: string, clients: number): Measured {
  return {
    name,
    durationMs: 0,
    clients,
    expected: 0,
    delivered: 0,
    lost: 0,
    arrived: 0,
    served: 0,
    delivery: () => null,
    lastClient: () => null,
    canary: () => null,
    setUp: () => null,
    maxDeliveryNs: null,
    meanDeliveryNs: null,
    bytes: { down: 0, up: 0 },
    parts: { setUp: 0, deliveries: 0, emptyPolls: 0, heartbeats: 0, upstream: 0 },
    theory: null,
    requests: 0,
    connections: 0,
    link: null,
    serverCpuMs: 0,
    loadCpuMs: 0,
  };
}
