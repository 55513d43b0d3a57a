import { medianOf } from "../../bench/statistics/estimate.ts";
import { both, bytesAt, servedIn } from "./bytes.ts";
import type { Level, RatePhase } from "./bytes.ts";
import type { ByteCoefficients } from "./measured.ts";
import { bytesOf } from "./model.ts";

/**
 * By which share of what was measured the model is off at most, over the measured rates; null of none. Bytes
 * per delivery are held against each other, so that it doesn't matter which polls fell into the phase.
 */
export function missesBy(
  coefficients: ByteCoefficients,
  phases: readonly RatePhase[],
  payloadBytes: number,
  level: Level,
): number | null {
  const rates = [...new Set(phases.map(({ messagesPerSecond }) => messagesPerSecond))];
  const misses = rates.flatMap((messagesPerSecond) => {
    const same = phases.filter((one) => one.messagesPerSecond === messagesPerSecond);
    const perMessage = medianOf(
      same.flatMap(({ phase }) => {
        const all = bytesAt(phase, level);
        return all === null ? [] : [both(all) / servedIn(phase)];
      }),
    );
    const { value } = bytesOf(coefficients, {
      clients: 1,
      messagesPerSecond,
      payloadBytes,
      pollIntervalMs: null,
      reconnectsPerDay: 0,
    });
    if (value === null || perMessage === null || perMessage === 0) return [];
    return [Math.abs(both(value) / (perMessage * messagesPerSecond) - 1)];
  });
  return misses.length === 0 ? null : Math.max(...misses);
}
