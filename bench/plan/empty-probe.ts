import type { Arrival, Heard, Opened, SendingOptions } from "../../scenarios/scenario.ts";

/** Clients through a proxy that does nothing: what is published comes at once. Time passes only as it is told. */
export class EmptyProbe {
  #nowNs = 0;
  #published = 0;
  /** Of each client: those that are open still grow. */
  readonly #heard: { arrivals: Arrival[]; ended: Heard["ended"] }[] = [];

  pass(forMs: number): void {
    this.#nowNs += forMs * 1e6;
  }

  publish({ forMs, ratePerSecond = 1 }: SendingOptions): void {
    const startNs = this.#nowNs;
    const messages = Math.ceil((forMs * ratePerSecond) / 1_000);
    for (let index = 0; index < messages; index += 1) {
      this.#published += 1;
      const sentNs = startNs + (index * 1e9) / ratePerSecond;
      const arrival = { sequence: this.#published, sentNs, atNs: sentNs, bytesDown: 0 };
      for (const { arrivals, ended } of this.#heard) if (ended === null) arrivals.push(arrival);
    }
    this.pass(forMs);
  }

  open(): Opened {
    this.#heard.push({ arrivals: [], ended: null });
    return { id: this.#heard.length - 1, dialledNs: this.#nowNs, readyNs: 0, refusal: null };
  }

  heard(id: number): Heard {
    const { arrivals = [], ended = null } = this.#heard[id] ?? {};
    return {
      arrivals: [...arrivals],
      bytesDown: 0,
      bytesUp: 0,
      ended,
      ends: ended === null ? 0 : 1,
    };
  }

  close(id: number): number {
    const one = this.#heard[id];
    if (one !== undefined) one.ended ??= { atNs: this.#nowNs, reason: "closed" };
    return this.#nowNs;
  }

  leave(): number {
    for (const [id] of this.#heard.entries()) this.close(id);
    return this.#nowNs;
  }
}
