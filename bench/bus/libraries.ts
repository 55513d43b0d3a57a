import type { BusName } from "../../transports/bus-names.ts";

/** The package that servers reach the broker of each bus with; null without one. */
export const busLibraries: Readonly<Record<BusName, string | null>> = {
  none: null,
  redis: "ioredis",
  "redis-streams": "ioredis",
  nats: "@nats-io/transport-node",
};
