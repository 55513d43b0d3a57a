import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { mersenne } from "pure-rand/generator/mersenne";
import type { RelayDirection } from "../settings/relay-profile.ts";
import { HeldJitter } from "./held-jitter.ts";
import { LinkClock } from "./link-clock.ts";

/**
 * One direction of a network that a relay plays by its profile: a link that all connections share, as packets do. Times
 * are in milliseconds, on any clock that goes forward.
 */
export class RelayLink {
  readonly #profile: RelayDirection;
  readonly #clock: LinkClock;
  readonly #jitter = new HeldJitter();
  #draws = mersenne(0);
  /** When all that was handed over so far has been sent, by the clock of the link. */
  #freeNs = 0;

  constructor(profile: RelayDirection, seed: number, nowMs: number) {
    this.#profile = profile;
    this.#clock = new LinkClock(nowMs * 1e6);
    this.begin(seed, nowMs);
  }

  /** From here on jitter is by the draws of this seed, and a period of outages begins. */
  begin(seed: number, nowMs: number): void {
    this.#draws = mersenne(seed);
    this.#jitter.release();
    this.#clock.schedule(this.#profile.outages, nowMs * 1e6);
  }

  /**
   * When a piece of so many bytes arrives that is handed over now; 0 for what takes no room, the beginning and the end
   * of a connection.
   */
  arrivalMs(bytes: number, nowMs: number): number {
    const { delayMs, bitsPerSecond } = this.#profile;
    const linkNs = this.#clock.at(nowMs * 1e6);
    const fromNs = Math.max(this.#freeNs, linkNs);
    const sentNs = bitsPerSecond === null ? linkNs : fromNs + (bytes * 8e9) / bitsPerSecond;
    if (bytes > 0) this.#freeNs = sentNs;
    const addedNs = this.#jitter.addedNs(uniformFloat64(this.#draws), linkNs, this.#profile);
    return this.#clock.whenNs(sentNs + delayMs * 1e6 + addedNs) / 1e6;
  }
}

/** Whether it is more than a wire. */
export function isImpaired({ delayMs, jitterMs, bitsPerSecond, outages }: RelayDirection): boolean {
  return delayMs > 0 || jitterMs > 0 || bitsPerSecond !== null || outages !== null;
}
