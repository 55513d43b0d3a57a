import type { Phase, Wire } from "../bench/results/schema.ts";

/** A phase whose bytes somebody counted. */
export type CountedPhase = Phase & { readonly wire: Wire };

export function counted(phases: readonly Phase[]): CountedPhase[] {
  return phases.filter((phase): phase is CountedPhase => phase.wire !== null);
}
