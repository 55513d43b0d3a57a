import type { DirectionProfile } from "../settings/network-profile.ts";

/** For how many times its mean a jitter holds: the next is rarely so much shorter that packets have to wait for it. */
const holds = 4;

/**
 * A jitter that holds for a while, as what makes it on real networks does. If each packet had its own, those behind a
 * late one would wait for it, and a stream of packets would nearly always have the longest. Times in nanoseconds.
 */
export class HeldJitter {
  #draw = 0;
  #untilNs = Number.NEGATIVE_INFINITY;

  /** The next draw is taken. */
  release(): void {
    this.#untilNs = Number.NEGATIVE_INFINITY;
  }

  /** What what arrives now takes beside the delay; `draw`, from 0 to 1, is used if the last one holds no more. */
  addedNs(
    draw: number,
    nowNs: number,
    { jitterMs, jitterShape }: Pick<DirectionProfile, "jitterMs" | "jitterShape">,
  ): number {
    if (nowNs >= this.#untilNs) {
      this.#draw = draw;
      this.#untilNs = nowNs + holds * jitterMs * 1e6;
    }
    const share = jitterShape === "uniform" ? 2 * this.#draw : -Math.log(1 - this.#draw);
    return jitterMs * share * 1e6;
  }
}
