import type { RestartMeasured } from "../../scenarios/scenario.ts";
import { shareNs } from "../results/percentile.ts";
import type { Phase } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";

/** The last restart of a phase, as scenarios see it. */
export function restartOf({ restarts, absences }: Phase): RestartMeasured | null {
  const restart = restarts?.at(-1);
  const untilBack = absences?.untilBack;
  const course = absences?.course;
  if (restart === undefined || absences === undefined) return null;
  if (untilBack === undefined || course === undefined) return null;
  const { lasting } = absences;
  const lost = untilBack.count + lasting;
  const { stepMs, dials } = course;
  // Where some never came back, it is all that was used.
  const lastBackMs = lasting > 0 ? Number.POSITIVE_INFINITY : (untilBack.maxNs ?? 0) / 1e6;
  const steps = Math.max(0, Math.ceil((lastBackMs - restart.downMs) / stepMs));
  return {
    downMs: restart.downMs,
    lost,
    neverBack: lasting,
    untilBack: (share) => shareNs(untilBack, share * lost),
    mostDials: { in100Ms: mostIn(dials, 1), inSecond: mostIn(dials, 1_000 / stepMs) },
    serverCpuMs: sum(restart.cpuMs.slice(0, steps)),
  };
}

/** The largest sum of that many neighbours. */
export function mostIn(counts: readonly number[], neighbours: number): number {
  return Math.max(0, ...counts.map((_, at) => sum(counts.slice(at, at + neighbours))));
}
