import { groupBy } from "./group-by.ts";

// Bundled for browsers: nothing here may import from Node.

/** A variant, as far as it matters for where it stands. */
export interface Grouped {
  readonly variant: string;
  readonly transport: string;
  readonly reference: boolean;
}

/**
 * Variants of a transport stand together, first of them the base of their group; transports and variants keep
 * the order in which they first appear, references last.
 */
export function inGroups<T extends Grouped>(items: readonly T[]): T[] {
  const groups = [...groupBy(items, ({ transport }) => transport).values()].map((group) => {
    const base = baseIn(group);
    const variants = [...groupBy(group, ({ variant }) => variant)];
    return variants.toSorted(([a], [b]) => Number(b === base) - Number(a === base));
  });
  return groups
    .flatMap((variants) => variants.flatMap(([, same]) => same))
    .toSorted((a, b) => Number(a.reference) - Number(b.reference));
}

/** The variant that the others of its transport are held against: the plain one, or else the first. */
function baseIn(group: readonly Grouped[]): string | null {
  const plain = group.find(({ variant, transport }) => variant === transport);
  return (plain ?? group[0])?.variant ?? null;
}

/** Where a variant stands among those of its transport. */
export interface Place {
  /** The base of its group; its own name where it is that itself. */
  readonly base: string;
  /** For those below a base what they have beyond their transport, such as `+tls`; null for the others. */
  readonly beyond: string | null;
}

/** By variant. */
export function placesOf(items: readonly Grouped[]): ReadonlyMap<string, Place> {
  const groups = [...groupBy(items, ({ transport }) => transport).values()];
  return new Map(
    groups.flatMap((group) => {
      const base = baseIn(group) ?? "";
      return group.map(({ variant, transport }): [string, Place] => [
        variant,
        { base, beyond: variant === base ? null : beyondOf(variant, transport) },
      ]);
    }),
  );
}

function beyondOf(variant: string, transport: string): string {
  const rest = variant.startsWith(transport) ? variant.slice(transport.length) : "";
  return rest === "" ? variant : rest;
}
