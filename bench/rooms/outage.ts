import type { BusFate, Losses } from "../measure/losses.ts";

/** When a broker was away, on the clock that all processes share. */
export interface Outage {
  readonly fromNs: number;
  readonly untilNs: number;
}

/** What became of the deliveries of a phase in which a broker was away, but for those that came as always. */
export type OutageFates = Omit<Losses, "overrun"> & {
  /** Due while it was away, and received. */
  readonly replayed: number;
};

/** Adds up what became of one delivery after the other. */
export class OutageBooks {
  readonly #outage: Outage;
  readonly #onBus: Record<BusFate, number> = { unsent: 0, untaken: 0 };
  #inFlight = 0;
  #missed = 0;
  #unaccounted = 0;
  #replayed = 0;

  constructor(outage: Outage) {
    this.#outage = outage;
  }

  received(dueNs: number): void {
    const { fromNs, untilNs } = this.#outage;
    if (dueNs >= fromNs && dueNs < untilNs) this.#replayed += 1;
  }

  /** `onBus` is null where its server had it. */
  lost(dueNs: number, onBus: BusFate | null): void {
    const { fromNs, untilNs } = this.#outage;
    if (onBus !== null) this.#onBus[onBus] += 1;
    else if (dueNs >= untilNs) this.#unaccounted += 1;
    else if (dueNs >= fromNs) this.#missed += 1;
    else this.#inFlight += 1;
  }

  get fates(): OutageFates {
    return {
      ...this.#onBus,
      inFlight: this.#inFlight,
      missed: this.#missed,
      unaccounted: this.#unaccounted,
      replayed: this.#replayed,
    };
  }
}
