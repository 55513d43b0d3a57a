import type { NotPlayed } from "../results/not-played.ts";
import { meanLoss } from "./packet-loss.ts";
import { unimpaired } from "./network-profile.ts";
import type { DirectionProfile, NetworkProfile } from "./network-profile.ts";

/** The most that a relay holds of one direction of a connection, in bytes. */
export const maxHeldBytes = 262_144;

/** What both a network of packets and a relay of TCP connections can play. */
type Shared = Pick<
  DirectionProfile,
  "delayMs" | "jitterMs" | "jitterShape" | "bitsPerSecond" | "outages"
>;

/** What a relay does with one direction of the TCP connections that it passes on: one link for all of them. */
export interface RelayDirection extends Shared {
  /** Bytes of a connection are held back until there are so many, or the first has waited for so long. */
  readonly hold: { readonly bytes: number; readonly forMs: number } | null;
  /** The most bytes that are passed on at once; null for as many as there are. */
  readonly sliceBytes: number | null;
  /** A connection is ended in which nothing has come for so long; null for never. */
  readonly idleTimeoutMs: number | null;
}

/** A network as a relay of TCP connections plays it. */
export interface RelayProfile {
  /** As it was asked for, with `relay:` before it. */
  readonly name: string;
  readonly down: RelayDirection;
  readonly up: RelayDirection;
  /** What the network of that name does to packets, and a relay doesn't. */
  readonly notPlayed: readonly NotPlayed[];
}

/** Does nothing to connections. */
export const passedOn: RelayDirection = {
  delayMs: unimpaired.delayMs,
  jitterMs: unimpaired.jitterMs,
  jitterShape: unimpaired.jitterShape,
  bitsPerSecond: unimpaired.bitsPerSecond,
  outages: unimpaired.outages,
  hold: null,
  sliceBytes: null,
  idleTimeoutMs: null,
};

export function isForRelay(network: NetworkProfile | RelayProfile): network is RelayProfile {
  return "notPlayed" in network;
}

/** What is left of a network of packets without packets. */
export function relayed(direction: DirectionProfile): RelayDirection {
  const { delayMs, jitterMs, jitterShape, bitsPerSecond, outages } = direction;
  return { ...passedOn, delayMs, jitterMs, jitterShape, bitsPerSecond, outages };
}

/** What that leaves out; of a queue, that it is bounded and drops. */
export function leftOut({ down, up }: Pick<NetworkProfile, "down" | "up">): NotPlayed[] {
  const some = (is: (direction: DirectionProfile) => boolean): boolean => is(down) || is(up);
  return [
    ...(some(({ loss }) => meanLoss(loss) > 0) ? (["loss"] as const) : []),
    ...(some(({ bitsPerSecond }) => bitsPerSecond !== null) ? (["queue"] as const) : []),
  ];
}
