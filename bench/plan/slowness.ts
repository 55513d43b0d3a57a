/** What loading this command takes on the machine whose slowness is 1, in milliseconds. */
const usualLoadingMs = 400;

const least = 0.2;
const most = 20;

/**
 * How many times slower this machine seems to be, as busy as it is, than the one on which the times of
 * `rehearsal.ts` were measured: judged by how long it has taken until this module was reached, when nearly
 * all else of the command has been read. The processes of a trial load much the same.
 */
export const ownSlowness: number = bounded(performance.now() / usualLoadingMs);

/** What trials have shown is better than a first guess, and one of them that met with a mishap is outvoted. */
export function learnt(guess: number, observed: readonly number[]): number {
  const sorted = [guess, ...observed].toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = guess, high = guess] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return bounded((low + high) / 2);
}

function bounded(slowness: number): number {
  return Math.min(most, Math.max(least, slowness));
}
