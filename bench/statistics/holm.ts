/**
 * P-values adjusted for how many there are, in their own order: rejecting those below a level keeps the
 * chance of any false rejection at that level, however the tests depend on each other (Holm 1979, A Simple
 * Sequentially Rejective Multiple Test Procedure).
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p);
  const adjusted: number[] = Array.from({ length: pValues.length }, () => Number.NaN);
  let highest = 0;
  for (const [place, { p, index }] of order.entries()) {
    highest = Math.max(highest, Math.min(1, p * (order.length - place)));
    adjusted[index] = highest;
  }
  return adjusted;
}
