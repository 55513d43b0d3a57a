/** One timed metric over interleaved pairs, in the order in which they were played. */
export interface PairedMetric {
  /** Tells it from the others: variant, scenario and metric. */
  readonly name: string;
  /** For each pair `ln(candidate / baseline)`, turned so that above zero is worse. */
  readonly differences: readonly number[];
  /** For each pair by how much the candidate is worse, in the metric's unit. */
  readonly absolute: readonly number[];
  /** What is tolerated, as a share of the baseline: 0.1 for 10 %. */
  readonly margin: number;
  /** A change that is smaller than this in the metric's unit is none. */
  readonly leastAbsolute: number;
}

/** What the pairs have shown of a metric. */
export interface Judgement {
  readonly name: string;
  readonly verdict: "pass" | "improved" | "inconclusive" | "regressed";
  /** Candidate over baseline in the direction of worse: the Hodges-Lehmann estimate with its interval. */
  readonly ratio: {
    readonly estimate: number;
    readonly low: number;
    readonly high: number;
    readonly confidence: number;
  } | null;
  /** One-sided, that the candidate is no worse, adjusted by Holm; of the confirming pairs where there are any. */
  readonly pValue: number | null;
  /** The least worsening, as a share, that would have been detected in four out of five cases. */
  readonly detectable: number | null;
  /** One sentence. */
  readonly reason: string;
}
