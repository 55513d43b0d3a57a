/** What carries a message to all servers of a fleet; `none` is the server that publishes itself. */
export const busNames = ["none", "redis", "redis-streams", "nats"] as const;

export type BusName = (typeof busNames)[number];
