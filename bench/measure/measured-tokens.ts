import type { TokensMeasured } from "../../scenarios/scenario.ts";
import { percentileNs, shareAbove } from "../results/percentile.ts";
import type { Histogram, Phase } from "../results/schema.ts";

/** The tokens of a phase as scenarios see them. */
export function tokensOf(
  { firstToken, answer, cuts, courses: _notToldOf, ...tokens }: NonNullable<Phase["tokens"]>,
  lateness: Histogram,
): TokensMeasured {
  return {
    ...tokens,
    firstToken: (q) => percentileNs(firstToken, q),
    answer: (q) => percentileNs(answer, q),
    meanAnswerNs: answer.meanNs,
    laterThan: (ms) => shareAbove(lateness, ms * 1e6),
    cuts: cuts === undefined ? null : cutsOf(cuts),
  };
}

function cutsOf({
  untilGoesOn,
  ...counts
}: NonNullable<NonNullable<Phase["tokens"]>["cuts"]>): NonNullable<TokensMeasured["cuts"]> {
  return { ...counts, untilGoesOn: (q) => percentileNs(untilGoesOn, q) };
}
