import * as z from "zod";
import { wholeNumber } from "../../transports/option-values.ts";
import { usageError } from "../errors/errors.ts";
import type { Config } from "./config.ts";
import type { Naming } from "./naming.ts";
import { isForRelay } from "./relay-profile.ts";
import { busNames } from "../../transports/bus-names.ts";
import type { BusName } from "../../transports/bus-names.ts";

/** What a workload keeps of it: nothing where one server serves alone. */
export function recordedServerFleet({ servers, bus }: ServerFleet): Partial<ServerFleet> {
  return servers === 1 && bus === "none" ? {} : { servers, bus };
}

/** Refuses a bus that its servers or its broker can't be on. */
export function checkBus(
  { bus, broker, target, netns, network, scenarios }: Config,
  naming: Naming,
): void {
  if (bus !== "none" && target !== null) {
    throw usageError(
      `${naming("bus")} and ${naming("target")} exclude each other: servers of your own have their own`,
    );
  }
  const failing = scenarios.find(({ failsBus }) => failsBus === true)?.name;
  if (failing !== undefined && (bus === "none" || broker !== null)) {
    const needed = `${busNames.filter((name) => name !== "none").join(", ")}`;
    throw usageError(
      `${naming("scenarios")}: ${failing} has a broker fail that is started for it: give ${naming("bus")} ${needed}, and no broker of your own`,
    );
  }
  const isApart = netns || (network !== null && !isForRelay(network));
  if (broker === null || !isApart) return;
  const apart = naming(netns ? "netns" : "network");
  throw usageError(
    `${broker.shown} and ${apart} exclude each other: a broker of your own is not in the namespaces`,
  );
}

export interface ServerFleet {
  readonly servers: number;
  readonly bus: BusName;
}

const buses = `one of ${busNames.join(", ")}`;

/** How many servers there are, and what carries messages to all of them. */
export const serverFleetSettings = {
  servers: wholeNumber(1, 64),
  bus: z.enum(busNames, { error: buses }),
};
