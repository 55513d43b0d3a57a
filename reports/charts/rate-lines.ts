import type { Estimate } from "../../bench/statistics/estimate.ts";
import { byteCoefficients } from "../cost/byte-coefficients.ts";
import { clientBytesPerSecond } from "../cost/model.ts";
import { mapped } from "./estimates.ts";
import { seriesOf } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";

/** What a client takes beyond the payload at each message rate: as measured, and by the model in between. */
export interface RateLine {
  readonly subject: Subject;
  readonly payloadBytes: number;
  /** Bytes per second and client, by rate, lowest first; at least two. */
  readonly measured: readonly Measured[];
  readonly at: (messagesPerSecond: number) => number;
}

export interface Measured {
  readonly messagesPerSecond: number;
  readonly estimate: Estimate;
}

/** The same with the payload. */
export function withPayload(line: RateLine): RateLine {
  const { payloadBytes, measured } = line;
  return {
    ...line,
    measured: measured.map(({ messagesPerSecond, estimate }) => ({
      messagesPerSecond,
      estimate: mapped(estimate, (value) => value + payloadBytes * messagesPerSecond),
    })),
    at: (messagesPerSecond) => line.at(messagesPerSecond) + payloadBytes * messagesPerSecond,
  };
}

/** Null where fewer than two rates were measured. */
export function rateLineOf(source: ChartSource, subject: Subject): RateLine | null {
  const { workload, trials, delivery, pollIntervalMs } = subject;
  if (workload === null) return null;
  const { payloadBytes } = workload;
  const measured = seriesOf(source, subject, "overhead").flatMap(({ at, cell }): Measured[] => {
    const { estimate } = cell;
    return estimate === null || at <= 0
      ? []
      : [
          {
            messagesPerSecond: at,
            estimate: mapped(estimate, (value) => at * value),
          },
        ];
  });
  if (measured.length < 2) return null;
  const coefficients = byteCoefficients(
    { trials, payloadBytes, why: "" },
    { delivery, pollIntervalMs },
    "tcp",
  );
  const at = (messagesPerSecond: number): number => {
    const bytes = clientBytesPerSecond(coefficients, messagesPerSecond, payloadBytes);
    return bytes === null ? Number.NaN : bytes - payloadBytes * messagesPerSecond;
  };
  return { subject, payloadBytes, measured, at };
}
