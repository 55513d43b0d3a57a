/** Which packets are lost; probabilities from 0 to 1. */
export type Loss =
  | { readonly kind: "random"; readonly probability: number }
  /**
   * Bursts: a chain of two states, a good one and a bad one, that moves once for each packet and in which packets are
   * lost with a probability of the state's own (Gilbert 1960, Capacity of a Burst-Noise Channel; Elliott 1963,
   * Estimates of Error Rates for Codes on Burst-Noise Channels). `toBad` and `toGood` are their P and p.
   */
  | {
      readonly kind: "bursts";
      readonly toBad: number;
      readonly toGood: number;
      readonly inBad: number;
      readonly inGood: number;
    };

export const noLoss: Loss = { kind: "random", probability: 0 };

/** The share of packets that is lost in the long run: each state's loss, weighted by how often the chain is in it. */
export function meanLoss(loss: Loss): number {
  if (loss.kind === "random") return loss.probability;
  const { toBad, toGood, inBad, inGood } = loss;
  return (toBad * inBad + toGood * inGood) / (toBad + toGood);
}

/**
 * Bursts of `meanLength` packets on average that make up `share` of all packets: every packet of the bad state is
 * lost and none of the good one, in which the length of a burst is geometric with mean 1/`toGood`.
 */
export function burstLoss(share: number, meanLength: number): Loss {
  const toGood = 1 / meanLength;
  return { kind: "bursts", toBad: (toGood * share) / (1 - share), toGood, inBad: 1, inGood: 0 };
}
