import type { Change, Comparison, Side } from "../../bench/results/comparison.ts";
import { addressOf } from "../../bench/results/metric-address.ts";

/** What the candidate came to, for tools that keep their own history. */
export interface Measured extends Pick<
  Change,
  "variant" | "scenario" | "phase" | "metric" | "unit" | "better"
> {
  readonly value: Side;
  /** What this comparison says of it. */
  readonly verdict: string;
}

/** Each metric of the candidate once: also those that only a budget asked for. */
export function measuredOf({ changes, budgets }: Comparison): Measured[] {
  const all = [
    ...changes.map(({ candidate, verdict, ...rest }) => ({ ...rest, value: candidate, verdict })),
    ...budgets.map(({ outcome, ...rest }) => ({ ...rest, verdict: `budget ${outcome}` })),
  ];
  const known = new Map<string, Measured>();
  for (const measured of all) {
    const { value } = measured;
    const address = addressOf(measured);
    if (value !== null && !known.has(address)) known.set(address, { ...measured, value });
  }
  return [...known.values()];
}
