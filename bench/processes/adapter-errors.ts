import { asError } from "../../transports/protocol-error.ts";
import { placed } from "../settings/error-place.ts";
import { loadVariant } from "../settings/variant.ts";
import type { RecordedVariant, Variant } from "../settings/variant.ts";
import { explainErrors } from "./serve-verbs.ts";

/** Loads the variant of a trial; errors of this process are then told with their place in its adapter, if it has one. */
export async function trialVariant(recorded: RecordedVariant): Promise<Variant> {
  const variant = await loadVariant(recorded);
  if (variant.adapter !== undefined) explainErrors((thrown) => placedReason(thrown, null));
  return variant;
}

/** The variant of a trial with a client that can send: the default one, where that of the trial only receives. */
export async function sendingVariant(recorded: RecordedVariant): Promise<Variant> {
  const variant = await trialVariant(recorded);
  return variant.bound.sends ? variant : await trialVariant({ ...recorded, client: "default" });
}

/**
 * The error where what a client's `connect` threw is a mistake in its adapter, and not the server's answer: then other
 * clients needn't try. Null where it is no such thing.
 */
export function mistakeIn({ adapter }: Variant, thrown: unknown): Error | null {
  const kinds = [TypeError, ReferenceError, RangeError];
  // That of `fetch` wraps another.
  const isMistake =
    kinds.some((kind) => thrown instanceof kind) && asError(thrown).cause === undefined;
  if (adapter === undefined || !isMistake) return null;
  return new Error(placedReason(thrown, adapter));
}

function placedReason(thrown: unknown, path: string | null): string {
  const { message, stack = "" } = asError(thrown);
  return placed(path, message, stack);
}
