import * as z from "zod";
import { busNames } from "../../transports/bus-names.ts";

/** Of workloads with more than one server, or with a bus; left out otherwise. */
export const serverFleetFields = {
  servers: z.int().min(1).max(64).optional(),
  bus: z.enum(busNames).optional(),
};
