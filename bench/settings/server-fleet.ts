import * as z from "zod";
import type { Scenario } from "../../scenarios/scenario.ts";
import { isInstalled } from "../../transports/optional-packages.ts";
import { wholeNumber } from "../../transports/option-values.ts";
import { usageError } from "../errors/errors.ts";
import type { Config } from "./config.ts";
import type { Naming } from "./naming.ts";
import { isForRelay } from "./relay-profile.ts";
import { balancerNames } from "../../transports/balancer-names.ts";
import type { BalancerName } from "../../transports/balancer-names.ts";
import { busNames } from "../../transports/bus-names.ts";
import type { BusName } from "../../transports/bus-names.ts";

/**
 * What a workload keeps of it: nothing where one server serves alone, no bus where it is the user's, and no balancer
 * where clients dial servers.
 */
export function recordedServerFleet({
  servers,
  bus,
  balance,
  target,
}: ServerFleet & Pick<Config, "target">): Partial<ServerFleet> {
  if (balance !== "none") return { servers, bus, balance };
  if (servers === 1 && bus === "none") return {};
  return target === null ? { servers, bus } : { servers };
}

const brokered = busNames.filter((name) => name !== "none").join(", ");

/** Refuses a bus that its servers or its broker can't be on. */
export function checkBus(
  { bus, broker, target, netns, network, scenarios, variants }: Config,
  naming: Naming,
): void {
  for (const variant of variants) checkLibrary(variant, bus, naming);
  if (bus !== "none" && target !== null) {
    throw usageError(
      `${naming("bus")} and ${naming("target")} exclude each other: servers of your own have their own`,
    );
  }
  const failing = scenarios.find(({ failsBus }) => failsBus === true)?.name;
  if (failing !== undefined && (bus === "none" || broker !== null)) {
    throw usageError(
      `${naming("scenarios")}: ${failing} has a broker fail that is started for it: give ${naming("bus")} ${brokered}, and no broker of your own`,
    );
  }
  const isApart = netns || (network !== null && !isForRelay(network));
  if (broker === null || !isApart) return;
  const apart = naming(netns ? "netns" : "network");
  throw usageError(
    `${broker.shown} and ${apart} exclude each other: a broker of your own is not in the namespaces`,
  );
}

/** Refuses a variant whose library can't have servers share messages by this bus. */
function checkLibrary(
  { name, bound }: Config["variants"][number],
  bus: BusName,
  naming: Naming,
): void {
  const needs = bound.libraryBus(bus);
  if (needs === null) return;
  if ("refusal" in needs) {
    throw usageError(`${naming("bus")} ${bus} can't be had with ${name}: ${needs.refusal}`);
  }
  if (needs.packages.every(isInstalled)) return;
  throw usageError(
    `${name} with ${naming("bus")} ${bus} needs packages that aren't installed: npm install ${needs.packages.join(" ")}`,
  );
}

export interface ServerFleet {
  readonly servers: number;
  readonly bus: BusName;
  readonly balance: BalancerName;
}

/** Refuses what several servers can't play, each of which has a log and batches of its own. */
export function checkServerFleet(
  given: number | undefined,
  {
    servers,
    target,
    scenarios,
    variants,
  }: Pick<Config, "servers" | "target" | "scenarios" | "variants">,
  naming: Naming,
): void {
  if (target !== null && given !== undefined) {
    throw usageError(
      `${naming("servers")} and ${naming("target")} exclude each other: name each of your own servers, separated by commas`,
    );
  }
  if (servers === 1) return;
  const returning = scenarios.find(comesBack);
  const batched = variants.find(({ bound }) => bound.layers.batchMs !== undefined);
  if (returning === undefined || batched === undefined) return;
  throw usageError(
    `${naming("servers")}: clients of ${returning.name} come back to another server, and ${batched.name} has other batches there; leave out +batch`,
  );
}

/** How many servers there are where it isn't said. */
export function usualServers(scenarios: readonly Scenario[]): number {
  return scenarios.some(({ drainsServers }) => drainsServers === true) ? 2 : 1;
}

function comesBack({ usesNetwork, keepsLedger }: Scenario): boolean {
  return usesNetwork === true || keepsLedger === true;
}

/** The user's own as well. */
export const mostServers = 64;

const buses = `one of ${busNames.join(", ")}`;

/** How many servers there are, what carries messages to all of them, and what stands in front of them. */
export const serverFleetSettings = {
  servers: wholeNumber(1, mostServers),
  bus: z.enum(busNames, { error: buses }),
  balance: z.enum(balancerNames, { error: `one of ${balancerNames.join(", ")}` }),
};
