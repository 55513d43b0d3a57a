import { kernelMemoryBytes } from "../machine/kernel-memory.ts";
import { receiveQueueBytes } from "../machine/kernel.ts";
import type { Clock } from "../processes/protocol.ts";
import { ownNs } from "../measure/clock.ts";
import { hostNow } from "../results/environment.ts";
import type { Host } from "../results/schema.ts";
import { exchange } from "./clock-exchange.ts";
import type { Offset, Peer } from "./clock-exchange.ts";

/** What a worker tells of its machine. */
export type HostVerbs = {
  clock(args: object): Clock;
  /** See `Host.receiveQueueBytes`. */
  receiveQueueBytes(args: { readonly ports: readonly number[] }): number | null;
  kernelMemoryBytes(args: object): number | null;
  record(args: object): Promise<Host>;
  /** How far this machine's clock is ahead of another's, by a connection to it. */
  offset(args: { readonly peer: Peer }): Promise<Offset>;
};

export const hostVerbs: HostVerbs = {
  clock: () => ({ nowNs: ownNs() }),
  receiveQueueBytes: ({ ports }) => receiveQueueBytes(process.pid, new Set(ports)),
  kernelMemoryBytes: () => kernelMemoryBytes(),
  record: () => hostNow(1),
  offset: ({ peer }) => exchange(peer),
};
