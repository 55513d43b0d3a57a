import { kernelMemoryBytes } from "../machine/kernel-memory.ts";
import { receiveQueueBytes } from "../machine/kernel.ts";
import type { Clock } from "../processes/protocol.ts";
import { ownNs } from "../measure/clock.ts";
import { whyMissing } from "../programs/index.ts";
import type { ProgramName } from "../programs/index.ts";
import type { Environment } from "../results/schema.ts";
import { busy } from "./busy.ts";
import type { Busy } from "./busy.ts";
import { exchange } from "./clock-exchange.ts";
import type { Offset, Peer } from "./clock-exchange.ts";
import { whyUnreached } from "./reach.ts";
import type { Place } from "./reach.ts";

/** What a worker tells of its machine. */
export type HostVerbs = {
  clock(args: object): Clock;
  /** See `Host.receiveQueueBytes`. */
  receiveQueueBytes(args: { readonly ports: readonly number[] }): number | null;
  kernelMemoryBytes(args: object): number | null;
  /** Its hardware and software when it joined. */
  environment(args: object): Environment;
  busy(args: object): Busy;
  /** Why a program can't be had there; null where it can. */
  lacks(args: { readonly program: ProgramName }): string | null;
  /** Why no connection leads from there to a place; null where one does. */
  unreached(args: { readonly place: Place }): Promise<string | null>;
  /** How far this machine's clock is ahead of another's, by a connection to it. */
  offset(args: { readonly peer: Peer }): Promise<Offset>;
};

export function hostVerbsOf(environment: Environment): HostVerbs {
  return {
    clock: () => ({ nowNs: ownNs() }),
    receiveQueueBytes: ({ ports }) => receiveQueueBytes(process.pid, new Set(ports)),
    kernelMemoryBytes: () => kernelMemoryBytes(),
    environment: () => environment,
    busy,
    lacks: ({ program }) => whyMissing(program),
    unreached: ({ place }) => whyUnreached(place),
    offset: ({ peer }) => exchange(peer),
  };
}
