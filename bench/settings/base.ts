import { knownAre, nearest, usageError } from "../errors/errors.ts";
import { parseVariant } from "./variant.ts";

/**
 * The variant that `--base` names, as it is called among `names`; null where it isn't given. `place` is where
 * it should be, such as `--transports`. Throws a `BenchError` if it isn't there.
 */
export function baseAmong(
  given: string | undefined,
  names: readonly string[],
  place: string,
): string | null {
  if (given === undefined) return null;
  const base =
    names.find((name) => name === given) ?? names.find((name) => name === ownName(given));
  if (base !== undefined) return base;
  throw usageError(
    `--base: ${JSON.stringify(given)} is not in ${place}; ${nearest(given, names)}${knownAre(names)}`,
  );
}

/** `websocket+heartbeat=5s` of `ws+heartbeat=5s`; of what isn't a variant itself. */
function ownName(given: string): string {
  try {
    return parseVariant(given).name;
  } catch {
    return given;
  }
}
