import { coresOf } from "../machine/cores.ts";
import { openFilesLimit } from "../machine/kernel.ts";
import type { PlannedTrial } from "../plan/plan.ts";

/** Descriptors that a measuring process uses for itself: some 25, and a margin. */
export const reservedDescriptors = 40;

/** More load processes than this aren't started. */
export const maxLoads = 64;

/** Fewer clients than this don't keep a core busy, and one process sees them all by one clock. */
const usualClientsWorthACore = 5_000;

/** The same where a scenario asks for as much as they can take. */
const busyClientsWorthACore = 10;

/** What a machine has for load processes; null where it doesn't say. */
export interface LoadRoom {
  /** Connections that a process can have open at once. */
  readonly connectionsEach: number | null;
  /** That are left beside servers and canary. */
  readonly cores: number | null;
  /** Fewer clients than this don't keep one busy. */
  readonly clientsWorthACore: number;
}

/**
 * As many load processes as clients need descriptors, and beyond that one for each `clientsWorthACore` as long as there
 * is a core for it. `clientsEach` share a connection.
 */
export function loadsFor(
  clients: number,
  clientsEach: number,
  { connectionsEach, cores, clientsWorthACore }: LoadRoom,
): number {
  const byDescriptors =
    connectionsEach === null ? 1 : Math.ceil(clients / clientsEach / Math.max(1, connectionsEach));
  const byCores = Math.min(cores ?? 1, Math.floor(clients / clientsWorthACore));
  return Math.min(maxLoads, Math.max(1, byDescriptors, byCores));
}

/** How many connections a process of this machine can have. */
function connectionsOfProcess(): number | null {
  const files = openFilesLimit();
  return files === null ? null : Math.max(1, files - reservedDescriptors);
}

/** What this machine has for the load processes of a trial. */
export function loadRoom({ scenario, servers }: PlannedTrial): LoadRoom {
  const cores = coresOf("self");
  const isFull = scenario.fillsCores === true;
  // A canary has hardly anything to do beside those who have.
  const others = servers + (scenario.canary === true && !isFull ? 1 : 0);
  return {
    connectionsEach: connectionsOfProcess(),
    cores: cores === null ? null : cores - others,
    clientsWorthACore: isFull ? busyClientsWorthACore : usualClientsWorthACore,
  };
}

/** The most clients that a trial may come to: a search ends at the latest where its servers have no descriptors left. */
export function mostClients(
  { scenario, workload, servers, target, variant }: PlannedTrial,
  { connectionsEach }: LoadRoom,
): number {
  const { clients, maxConnections } = workload;
  if (scenario.searches !== true) return clients;
  const share = variant.bound.layers.share ?? 1;
  const served = target !== null || connectionsEach === null ? 0 : servers * connectionsEach;
  return Math.min(maxConnections, served === 0 ? clients : served * share);
}
