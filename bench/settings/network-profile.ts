import { noLoss } from "./packet-loss.ts";
import type { Loss } from "./packet-loss.ts";

/** Ethernet's usual one, so that packets are as large as on most real paths. */
export const mtuBytes = 1_500;

/** An outage at the end of each period, in milliseconds. */
export interface Outages {
  readonly everyMs: number;
  readonly forMs: number;
}

/** What one direction of a network does to the packets that it carries. */
export interface DirectionProfile {
  /** The least that a packet takes beside waiting in the queue and being sent. */
  readonly delayMs: number;
  /**
   * What is added to it on average. It changes every few times its length, and never reorders packets.
   */
  readonly jitterMs: number;
  /** Uniform from 0 to twice `jitterMs`, or exponential. */
  readonly jitterShape: "uniform" | "exponential";
  readonly loss: Loss;
  /** The probability, from 0 to 1, that a packet is held back for `reorderByMs`, while others overtake it. */
  readonly reorder: number;
  readonly reorderByMs: number;
  /** Null without a limit. */
  readonly bitsPerSecond: number | null;
  /** The longest queue before the link, which drops what arrives when it is full. */
  readonly queueBytes: number;
  /** When nothing is forwarded, and all waits; null for never. */
  readonly outages: Outages | null;
}

/** A network by what it does in each direction; `down` is server to client. */
export interface NetworkProfile {
  /** As it was asked for. */
  readonly name: string;
  readonly down: DirectionProfile;
  readonly up: DirectionProfile;
}

/** Does nothing to packets. */
export const unimpaired: DirectionProfile = {
  delayMs: 0,
  jitterMs: 0,
  jitterShape: "uniform",
  loss: noLoss,
  reorder: 0,
  reorderByMs: 5,
  bitsPerSecond: null,
  queueBytes: 1_000_000,
  outages: null,
};

/** Where a script has yet to say what packets meet. */
export const plainNetwork: NetworkProfile = { name: "", down: unimpaired, up: unimpaired };
