import * as z from "zod";
import { balancerNames } from "../../transports/balancer-names.ts";
import { busNames } from "../../transports/bus-names.ts";

/** Of workloads with more than one server, or with a bus; left out otherwise. */
export const serverFleetFields = {
  servers: z.int().min(1).max(64).optional(),
  bus: z.enum(busNames).optional(),
  /** Left out where clients dial servers. */
  balance: z.enum(balancerNames).optional(),
};
