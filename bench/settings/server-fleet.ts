import * as z from "zod";
import { wholeNumber } from "../../transports/option-values.ts";
import { busNames } from "../../transports/bus-names.ts";
import type { BusName } from "../../transports/bus-names.ts";

/** What a workload keeps of it: nothing where one server serves alone. */
export function recordedServerFleet({ servers, bus }: ServerFleet): Partial<ServerFleet> {
  return servers === 1 && bus === "none" ? {} : { servers, bus };
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
