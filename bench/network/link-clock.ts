import type { Outages } from "../settings/network-profile.ts";

/**
 * The time of a link, which stands still while nothing is forwarded: what waits there waits on, and goes on afterwards
 * as if nothing had been. Both times in nanoseconds.
 */
export class LinkClock {
  /** Where the present rule began. */
  #sinceNs: number;
  #linkNs = 0;
  #everyNs = Number.POSITIVE_INFINITY;
  #upNs = Number.POSITIVE_INFINITY;
  #isStalled = false;

  constructor(nowNs: number) {
    this.#sinceNs = nowNs;
  }

  /** The first outage begins when a period is nearly over, counted from now. */
  schedule(outages: Outages | null, nowNs: number): void {
    this.#begin(nowNs);
    this.#everyNs = outages === null ? Number.POSITIVE_INFINITY : outages.everyMs * 1e6;
    this.#upNs = outages === null ? this.#everyNs : (outages.everyMs - outages.forMs) * 1e6;
  }

  /** Stands still until it is told otherwise; periods count anew from then. */
  stall(isStalled: boolean, nowNs: number): void {
    this.#begin(nowNs);
    this.#isStalled = isStalled;
  }

  #begin(nowNs: number): void {
    this.#linkNs = this.at(nowNs);
    this.#sinceNs = nowNs;
  }

  at(nowNs: number): number {
    if (this.#isStalled) return this.#linkNs;
    const elapsedNs = nowNs - this.#sinceNs;
    if (this.#everyNs === Number.POSITIVE_INFINITY) return this.#linkNs + elapsedNs;
    const periods = Math.floor(elapsedNs / this.#everyNs);
    const within = Math.min(elapsedNs - periods * this.#everyNs, this.#upNs);
    return this.#linkNs + periods * this.#upNs + within;
  }

  /** When the link's time will be this; infinite while it stands still for who knows how long. */
  whenNs(linkNs: number): number {
    if (this.#isStalled) return Number.POSITIVE_INFINITY;
    const missingNs = Math.max(0, linkNs - this.#linkNs);
    if (this.#everyNs === Number.POSITIVE_INFINITY) return this.#sinceNs + missingNs;
    // What is due when an outage begins, as all that arrives within it may be, goes after it.
    const periods = Math.floor(missingNs / this.#upNs);
    return this.#sinceNs + periods * this.#everyNs + (missingNs - periods * this.#upNs);
  }
}
