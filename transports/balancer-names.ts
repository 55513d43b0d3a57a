/** What stands in front of servers, at one address; `none` is nothing: clients dial the servers. */
export const balancerNames = ["none", "nginx", "haproxy"] as const;

export type BalancerName = (typeof balancerNames)[number];
