import type { Results, Trial } from "../../bench/results/schema.ts";
import { counted } from "../counted.ts";
import type { Run } from "../run.ts";
import { subjectName } from "../summary.ts";
import { byteCoefficients, rateOf, ratePhasesOf } from "./byte-coefficients.ts";
import { bytesAt } from "./bytes.ts";
import type { Level } from "./bytes.ts";
import type { Coefficients } from "./measured.ts";
import { missesBy } from "./misses.ts";
import { phasesOf, statedBy } from "./stated.ts";
import type { Variant } from "./stated.ts";
import { cpuOf, memoryOf, stalenessOf } from "./steady.ts";

/**
 * What each variant of each run costs for each of what it does, over the valid trials: bytes from the
 * scenario that states `overhead.at<rate>`, CPU time and staleness from the first that pushes one way, and
 * memory from the one that states its slope. Bytes are those of IP where they were counted.
 */
export function coefficientsOf(runs: readonly Run[]): Coefficients[] {
  return runs.flatMap(({ label, results }) =>
    results.variants.map((variant) => variantCoefficients(results, variant, label)),
  );
}

function variantCoefficients(results: Results, variant: Variant, run: string | null): Coefficients {
  const { name, reference } = variant;
  const rates = statedBy(results, name, ({ key }) => rateOf(key) !== null);
  const oneWay = statedBy(results, name, ({ key }) => key === "cpu.server", isOneWay);
  const phases = counted(rates.trials.flatMap(({ phases }) => phases));
  const level: Level =
    phases.length > 0 && phases.every((one) => bytesAt(one, "ip") !== null) ? "ip" : "tcp";
  const bytes = byteCoefficients(rates, variant, level);
  return {
    ...bytes,
    missesBy: missesBy(bytes, ratePhasesOf(rates.trials), rates.payloadBytes, level),
    name: subjectName({ variant: name, run }),
    variant: name,
    run,
    reference,
    level,
    cpu: cpuOf(oneWay, variant),
    staleness: stalenessOf(oneWay, variant),
    memory: memoryOf(statedBy(results, name, ({ key }) => key === "memory")),
  };
}

/** Nothing is sent up: what is measured is the way down alone. */
function isOneWay(trial: Trial): boolean {
  const [phase] = phasesOf([trial], "cpu.server");
  if (phase === undefined) return false;
  // Only what goes to all has a last client.
  if (phase.wire === null) return phase.latency.lastClient.count > 0;
  return phase.wire.parts.upstream.up === 0;
}
