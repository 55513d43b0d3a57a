import type { EndpointMeasured, Times } from "../../scenarios/scenario.ts";
import { percentileNs, shareNs } from "../results/percentile.ts";
import type { RecordedEndpoint } from "../results/recorded-endpoint.ts";
import type { Histogram } from "../results/schema.ts";

/** What an endpoint was asked, as scenarios see it. */
export function endpointOf(recorded: RecordedEndpoint): EndpointMeasured {
  const { wait, firstTokenDue, firstByte, firstToken, answer, gaps, pace } = recorded;
  return {
    ...recorded,
    wait: wait === undefined ? null : timesOf(wait),
    firstTokenDue: firstTokenDue === undefined ? null : timesOf(firstTokenDue),
    firstByte: timesOf(firstByte),
    firstToken: timesOf(firstToken),
    answer: timesOf(answer),
    gaps: timesOf(gaps),
    pace: timesOf(pace),
  };
}

function timesOf(histogram: Histogram): Times {
  return {
    count: histogram.count,
    medianNs: shareNs(histogram, Math.ceil(histogram.count / 2)),
    longestNs: histogram.maxNs,
    at: (q) => percentileNs(histogram, q),
  };
}
