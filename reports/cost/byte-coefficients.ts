import { partsPer, scaleBytes, sumBytes } from "../../bench/results/wire-parts.ts";
import type { Trial } from "../../bench/results/schema.ts";
import {
  bytesAt,
  clientsIn,
  countedPhases,
  idleBytes,
  medianTraffic,
  messageBytes,
  servedIn,
} from "./bytes.ts";
import type { CountedPhase, Level, RatePhase } from "./bytes.ts";
import type { ByteCoefficients } from "./measured.ts";
import { gridRange, noteOf, nowhere, phasesOf, rangeOf } from "./stated.ts";
import type { Stated, Variant } from "./stated.ts";
import type { WireBytes } from "../../bench/results/wire-parts.ts";

/** The rate of a figure `overhead.at<rate>`; null for the others. */
export function rateOf(key: string): number | null {
  const [, rate] = /^overhead\.at(.+)$/.exec(key) ?? [];
  return rate === undefined || !Number.isFinite(Number(rate)) ? null : Number(rate);
}

/** Every phase at a stated rate in which something was delivered. */
export function ratePhasesOf(trials: readonly Trial[]): RatePhase[] {
  const keys = new Set(trials.flatMap(({ figures }) => figures.map(({ key }) => key)));
  return [...keys].flatMap((key): RatePhase[] => {
    const messagesPerSecond = rateOf(key);
    if (messagesPerSecond === null) return [];
    return countedPhases(phasesOf(trials, key))
      .filter((phase) => servedIn(phase) > 0)
      .map((phase) => ({ messagesPerSecond, phase }));
  });
}

/** From trials of a scenario that states `overhead.at<rate>`, `idle` and `setUp` with their phases. */
export function byteCoefficients(
  { trials, payloadBytes, why }: Stated,
  { delivery, pollIntervalMs }: Pick<Variant, "delivery" | "pollIntervalMs">,
  level: Level,
): ByteCoefficients {
  const phases = ratePhasesOf(trials);
  const idlePhases = countedPhases(phasesOf(trials, "idle"));
  const idle = idleBytes(idlePhases, level);
  const setUps = countedPhases(phasesOf(trials, "setUp"));
  const rates = phases.map(({ messagesPerSecond }) => messagesPerSecond);
  const polling = delivery === "push" ? "none" : pollIntervalMs === null ? "held" : "grid";
  return {
    delivery,
    pollIntervalMs,
    messages:
      phases.length === 0
        ? { value: null, why }
        : {
            value: messageBytes(phases, payloadBytes, level, idle, polling),
            measured: {
              clients: rangeOf(phases.map(({ phase }) => phase.clients)),
              messagesPerSecond: rangeOf(idle === null ? rates : [0, ...rates]),
              payloadBytes: rangeOf([payloadBytes]),
              pollIntervalMs: gridRange(pollIntervalMs),
            },
          },
    idle:
      idle === null
        ? { value: null, why: `cost when idle: ${noteOf(trials, "idle") ?? why}` }
        : {
            value: idle,
            measured: { ...nowhere, clients: rangeOf(idlePhases.map(({ clients }) => clients)) },
          },
    setUp:
      setUps.length === 0
        ? { value: null, why: `set-up: ${why}` }
        : {
            value: medianTraffic(
              setUps.map((phase) =>
                scaleBytes(setUpBytes(phase, level), 1 / Math.max(1, clientsIn(phase))),
              ),
            ),
            measured: { ...nowhere, clients: rangeOf(setUps.map(({ clients }) => clients)) },
          },
  };
}

/** IP bytes aren't told apart by parts: a first poll that is held is in those of the set-up, too. */
function setUpBytes(phase: CountedPhase, level: Level): WireBytes {
  const { parts } = phase.wire;
  const perConnection = partsPer("connection").map((part) => parts[part]);
  return (level === "ip" ? bytesAt(phase, level) : null) ?? sumBytes(perConnection);
}
