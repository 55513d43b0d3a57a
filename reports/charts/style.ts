import { crc32 } from "node:zlib";
import { variantsOf } from "../run.ts";
import type { Run } from "../run.ts";
import { subjectName } from "../summary.ts";
import type { Style } from "./chart.ts";
import { colourCount } from "./theme.ts";

/** The well-known ones always keep their colours, so that two pages can lie beside each other. */
const known: Readonly<Record<string, number>> = {
  websocket: 0,
  sse: 1,
  "long-polling": 2,
  "short-polling": 3,
};

/**
 * A style for each variant of each run, by `subjectName`: the same colour for the same transport
 * everywhere, and another shade of it, dash and marker for each of its variants and runs.
 */
export function stylesOf(runs: readonly Run[]): ReadonlyMap<string, Style> {
  return stylesFor(
    runs.flatMap(({ label, results }) =>
      variantsOf(results).map((variant) => Object.assign(variant, { run: label })),
    ),
  );
}

/** A variant of a run, as far as it matters for its style. */
export interface Styled {
  readonly name: string;
  readonly transport: string;
  readonly reference: boolean;
  readonly run: string | null;
}

/** The same for variants of which no more is known. */
export function stylesFor(variants: readonly Styled[]): ReadonlyMap<string, Style> {
  const colours = coloursOf(
    variants.filter(({ reference }) => !reference).map(({ transport }) => transport),
  );
  const used = new Map<string, number>();
  return new Map(
    variants.map(({ name, transport, reference, run }) => {
      const before = used.get(transport) ?? 0;
      used.set(transport, before + 1);
      const colour = reference ? "floor" : (colours.get(transport) ?? 0);
      const marker = (colour === "floor" ? colourCount : colour) + before;
      const shade = before === 0 ? {} : { shade: before };
      return [subjectName({ variant: name, run }), { colour, ...shade, dash: before, marker }];
    }),
  );
}

/** An unknown transport takes a place by its name, or the next that is free. */
function coloursOf(transports: readonly string[]): ReadonlyMap<string, number> {
  const taken = new Map<string, number>();
  for (const transport of new Set(transports)) {
    const place = known[transport];
    if (place !== undefined) taken.set(transport, place);
  }
  for (const transport of new Set(transports)) {
    if (taken.has(transport)) continue;
    const free = Array.from({ length: colourCount }, (_, index) => index).filter(
      (place) => ![...taken.values()].includes(place),
    );
    const hash = crc32(transport);
    taken.set(transport, free[hash % free.length] ?? hash % colourCount);
  }
  return taken;
}
