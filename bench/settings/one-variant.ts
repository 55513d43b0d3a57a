import { usageError } from "../errors/errors.ts";
import { loadAdapters, withoutSpecifier } from "./load-adapters.ts";
import { asFlag, named } from "./naming.ts";
import { parseVariant } from "./variant.ts";
import type { Variant } from "./variant.ts";

/** The variant of a command that takes one, by its flags. Throws a `BenchError`. */
export async function oneVariant(transport: string, adapters: readonly string[]): Promise<Variant> {
  await loadAdapters({ adapters: [...adapters], transports: [transport] }, (key) =>
    asFlag(key === "transports" ? "transport" : key),
  );
  return named("transport", asFlag, () => {
    const [text = transport, ...others] = withoutSpecifier(transport, "transports");
    if (others.length === 0) return parseVariant(text);
    const all = [text, ...others].join(", ");
    throw usageError(`${transport} defines ${all}: give it as ${asFlag("adapters")}, and name one`);
  });
}
