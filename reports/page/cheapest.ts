import type { Coefficients } from "../cost/measured.ts";
import type { Cost } from "../cost/model.ts";

interface Costed {
  readonly coefficients: Coefficients;
  readonly cost: Cost;
}

/** What the model is off by where it can be held against what was measured: 1 %. */
const tolerance = 1.01;

/** All that come near the least; nobody, where that is everybody, or where a figure is a bound. */
export function cheapestOf(costed: readonly Costed[]): ReadonlySet<string> {
  const known = costed.flatMap(({ coefficients: { name, reference }, cost: { pricePerMonth } }) =>
    reference || pricePerMonth.value === null
      ? []
      : [{ name, price: pricePerMonth.value, atLeast: pricePerMonth.atLeast }],
  );
  const least = Math.min(...known.map(({ price }) => price));
  const best = known.filter(({ price }) => price <= least * tolerance);
  const isSure = best.every(({ atLeast }) => !atLeast);
  return new Set(isSure && best.length < known.length ? best.map(({ name }) => name) : []);
}
