import type { Phase, Results, Trial } from "../../bench/results/schema.ts";
import type { Run } from "../run.ts";
import { subjectName } from "../summary.ts";
import {
  bytesAt,
  clientsIn,
  idleBytes,
  medianTraffic,
  messageBytes,
  scaled,
  servedIn,
} from "./bytes.ts";
import type { Level, RatePhase } from "./bytes.ts";
import type { Coefficients, Traffic } from "./measured.ts";
import { gridRange, noteOf, nowhere, phasesOf, rangeOf, statedBy } from "./stated.ts";
import type { Stated, Variant } from "./stated.ts";
import { cpuOf, memoryOf, stalenessOf } from "./steady.ts";

/**
 * What each variant of each run costs for each of what it does, over the valid trials: bytes from the
 * scenario that states `overhead.at<rate>`, CPU time and staleness from the first that pushes one way, and
 * memory from the one that states its slope. Bytes are those of IP where they were counted, up to `most`.
 */
export function coefficientsOf(runs: readonly Run[], most: Level = "ip"): Coefficients[] {
  return runs.flatMap(({ label, results }) =>
    results.variants.map((variant) => variantCoefficients(results, variant, label, most)),
  );
}

function variantCoefficients(
  results: Results,
  variant: Variant,
  run: string | null,
  most: Level,
): Coefficients {
  const { name, reference, delivery, pollIntervalMs } = variant;
  const rates = statedBy(results, name, ({ key }) => rateOf(key) !== null);
  const oneWay = statedBy(results, name, ({ key }) => key === "cpu.server", isOneWay);
  const phases = rates.trials.flatMap(({ phases }) => phases);
  const level: Level =
    most === "ip" && phases.length > 0 && phases.every((one) => bytesAt(one, "ip") !== null)
      ? "ip"
      : "tcp";
  return {
    name: subjectName({ variant: name, run }),
    variant: name,
    run,
    reference,
    delivery,
    pollIntervalMs,
    level,
    ...bytesOf(rates, variant, level),
    cpu: cpuOf(oneWay, variant),
    staleness: stalenessOf(oneWay, variant),
    memory: memoryOf(statedBy(results, name, ({ key }) => key === "memory")),
  };
}

/** Nothing is sent up: what is measured is the way down alone. */
function isOneWay(trial: Trial): boolean {
  const [phase] = phasesOf([trial], "cpu.server");
  return phase !== undefined && phase.wire.parts.upstream.up === 0;
}

function rateOf(key: string): number | null {
  const [, rate] = /^overhead\.at(.+)$/.exec(key) ?? [];
  return rate === undefined || !Number.isFinite(Number(rate)) ? null : Number(rate);
}

function bytesOf(
  { trials, payloadBytes, why }: Stated,
  { delivery, pollIntervalMs }: Variant,
  level: Level,
): Pick<Coefficients, "messages" | "idle" | "setUp"> {
  const keys = new Set(trials.flatMap(({ figures }) => figures.map(({ key }) => key)));
  const phases = [...keys].flatMap((key): RatePhase[] => {
    const messagesPerSecond = rateOf(key);
    if (messagesPerSecond === null) return [];
    return phasesOf(trials, key)
      .filter((phase) => servedIn(phase) > 0)
      .map((phase) => ({ messagesPerSecond, phase }));
  });
  const idlePhases = phasesOf(trials, "idle");
  const idle = idleBytes(idlePhases, level);
  const setUps = phasesOf(trials, "setUp");
  const rates = phases.map(({ messagesPerSecond }) => messagesPerSecond);
  const polling = delivery === "push" ? "none" : pollIntervalMs === null ? "held" : "grid";
  return {
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
                scaled(setUpBytes(phase, level), 1 / Math.max(1, clientsIn(phase))),
              ),
            ),
            measured: { ...nowhere, clients: rangeOf(setUps.map(({ clients }) => clients)) },
          },
  };
}

/** IP bytes aren't told apart by parts: a first poll that is held is in those of the set-up, too. */
function setUpBytes(phase: Phase, level: Level): Traffic {
  return (level === "ip" ? bytesAt(phase, level) : null) ?? phase.wire.parts.setUp;
}
