import type { Run } from "../run.ts";
import { bytesOverRate } from "./bytes-over-rate.ts";
import { bytesPerMessage } from "./bytes-per-message.ts";
import type { Chart } from "./chart.ts";
import { connectionBroadcast, connectionMemory } from "./connections.ts";
import { cpu } from "./cpu.ts";
import { lanes } from "./lanes.ts";
import { latencyByPercentile } from "./latency-by-percentile.ts";
import { latencyByVariant } from "./latency-by-variant.ts";
import { latencyOverLoss } from "./latency-over-loss.ts";
import { latencyOverTime } from "./latency-over-time.ts";
import { dialsOverTime, latenessOverTime, memoryOverTime } from "./over-phase.ts";
import { response } from "./response.ts";
import { returns } from "./returns.ts";
import { tokenArrivals } from "./token-arrivals.ts";
import { timeToNotice } from "./time-to-notice.ts";
import { sourcesOf } from "./source.ts";
import type { ChartSource } from "./source.ts";

/** A kind of chart, drawn for every scenario that states what it needs; null for the others. */
type ChartDefinition = (source: ChartSource) => Chart | null;

/** Every kind of chart, in the order in which a scenario shows them. */
const definitions: readonly ChartDefinition[] = [
  tokenArrivals,
  latencyByPercentile,
  latencyByVariant,
  latencyOverTime,
  returns,
  lanes,
  latenessOverTime,
  dialsOverTime,
  memoryOverTime,
  latencyOverLoss(20),
  latencyOverLoss(80),
  response("p99"),
  response("p50"),
  cpu,
  bytesPerMessage,
  bytesOverRate,
  connectionMemory,
  connectionBroadcast,
  timeToNotice,
];

/** All charts of the runs: those of each scenario stand together. */
export function chartsOf(runs: readonly Run[]): Chart[] {
  return sourcesOf(runs).flatMap((source) =>
    definitions.flatMap((definition) => definition(source) ?? []),
  );
}
