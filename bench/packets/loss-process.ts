import type { Loss } from "../settings/packet-loss.ts";

/** Decides packet by packet; the draws are given, uniform in [0, 1), so that a packet's are its own. */
export class LossProcess {
  readonly #loss: Loss;
  #isBad = false;

  constructor(loss: Loss) {
    this.#loss = loss;
  }

  /** Whether the next packet is lost. `moves` decides whether the chain then changes its state. */
  loses(draw: number, moves: number): boolean {
    const loss = this.#loss;
    if (loss.kind === "random") return draw < loss.probability;
    const isLost = draw < (this.#isBad ? loss.inBad : loss.inGood);
    if (moves < (this.#isBad ? loss.toGood : loss.toBad)) this.#isBad = !this.#isBad;
    return isLost;
  }
}
