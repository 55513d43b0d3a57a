import { distinct, fileSafe } from "../charts/file-safe.ts";
import type { Atlas, AtlasCell, AtlasColumn, AtlasProxy, Front } from "./atlas.ts";

/** An atlas with the ids that its parts have in a page. */
export interface PlacedAtlas {
  readonly atlas: Atlas;
  readonly id: string;
  readonly fronts: readonly { readonly id: string; readonly front: Front }[];
  readonly proxies: readonly PlacedProxy[];
}

export interface PlacedProxy {
  /** Of what tells its configurations. */
  readonly id: string;
  /** Of its row. */
  readonly rowId: string;
  readonly proxy: AtlasProxy;
  readonly cells: readonly PlacedCell[];
}

/** A proxy and a transport. */
export interface PlacedCell {
  /** Of what tells all of it. */
  readonly id: string;
  /** Of its place in the matrix. */
  readonly linkId: string;
  readonly column: AtlasColumn;
  /** In the order of the proxy's configurations; null for what wasn't played. */
  readonly sides: readonly (AtlasCell | null)[];
}

export function placedAtlas(atlas: Atlas, id: string): PlacedAtlas {
  const columns = atlas.fronts.flatMap((front) => front.columns);
  const wanted = [
    ...atlas.fronts.map(({ name }) => `${id}-${fileSafe(name)}`),
    ...atlas.proxies.flatMap(({ name }) => [
      `${id}-${fileSafe(name)}`,
      ...columns.map((column) => `${id}-${fileSafe(name)}-${fileSafe(column.name)}`),
    ]),
  ];
  // They stay the same from page to page, as long as things have the same names.
  const ids = distinct(wanted)[Symbol.iterator]();
  const next = (): string => ids.next().value ?? "";
  return {
    atlas,
    id,
    fronts: atlas.fronts.map((front) => ({ id: next(), front })),
    proxies: atlas.proxies.map((proxy) => {
      const own = next();
      return {
        id: own,
        rowId: `${own}--row`,
        proxy,
        cells: columns.map((column) => {
          const cell = next();
          const sides = proxy.configurations.map(({ cells }) => cells.get(column.name) ?? null);
          return { id: cell, linkId: `${cell}--cell`, column, sides };
        }),
      };
    }),
  };
}
