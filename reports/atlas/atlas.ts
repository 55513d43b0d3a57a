import type { Results, Trial } from "../../bench/results/schema.ts";
import type { RecordedProxy } from "../../bench/results/recorded-proxies.ts";
import { groupBy } from "../group-by.ts";
import { beyondFront, frontOf, placeOf } from "./place.ts";
import type { Place } from "./place.ts";
import { hasFindings, sideOf } from "./side.ts";
import type { Side } from "./side.ts";

/** What was found behind each proxy, transport by transport, as it comes and corrected. */
export interface Atlas {
  readonly scenario: string;
  /** The label of its run; null where there is only one. */
  readonly run: string | null;
  readonly fronts: readonly Front[];
  readonly proxies: readonly AtlasProxy[];
}

/** Transports for which clients speak the same with the proxy. */
export interface Front {
  /** `HTTP/1.1` */
  readonly name: string;
  readonly columns: readonly AtlasColumn[];
}

export interface AtlasColumn {
  /** The variant without its proxy. */
  readonly name: string;
  /** Where it stands under what clients speak: `SSE`, `SSE:eventsource`. */
  readonly title: string;
  /** `HTTP/1.1`, `HTTP/2`, … */
  readonly front: string;
}

export interface AtlasProxy {
  readonly name: string;
  /** With its version, where that is known. */
  readonly title: string;
  readonly configurations: readonly AtlasConfiguration[];
}

export interface AtlasConfiguration {
  /** `default`, `corrected`, … */
  readonly name: string;
  /** Null where the results don't have it. */
  readonly recorded: RecordedProxy | null;
  /** By the names of columns; a cell that wasn't played isn't there. */
  readonly cells: ReadonlyMap<string, AtlasCell>;
}

export interface AtlasCell {
  readonly variant: string;
  readonly side: Side;
}

/** Null for a scenario that doesn't look for what proxies do: it is a matter of its figures, and not of its name. */
export function atlasOf(
  { variants, cells, trials: all, environment }: Results,
  scenario: string,
  run: string | null,
): Atlas | null {
  const trials = all.filter((trial) => trial.scenario === scenario);
  if (!trials.some(hasFindings)) return null;
  const known = new Set([
    ...cells.filter((cell) => cell.scenario === scenario).map(({ variant }) => variant),
    ...trials.map(({ variant }) => variant),
  ]);
  const placed = variants
    .filter(({ name }) => known.has(name))
    .flatMap((variant): Placed[] => {
      const place = placeOf(variant.name);
      return place === null
        ? []
        : [{ ...place, ...columnOf(place, variant), variant: variant.name }];
    });
  if (placed.length === 0) return null;
  const proxies = [...groupBy(placed, ({ proxy }) => proxy)].map(([name, own]) =>
    proxyOf(name, own, trials, environment.proxies ?? []),
  );
  return { scenario, run, fronts: frontsOf(placed), proxies };
}

interface Placed extends Place, AtlasColumn {
  readonly variant: string;
}

function columnOf(
  { column }: Place,
  { transport, title }: Results["variants"][number],
): AtlasColumn {
  return {
    name: column,
    title: title + beyondFront(column, transport),
    front: frontOf(column),
  };
}

function frontsOf(placed: readonly Placed[]): Front[] {
  return [...groupBy(placed, ({ front }) => front)].map(([name, own]) => ({
    name,
    columns: [...groupBy(own, ({ column }) => column).values()].flatMap(([first]) =>
      first === undefined ? [] : [{ name: first.name, title: first.title, front: first.front }],
    ),
  }));
}

function proxyOf(
  name: string,
  placed: readonly Placed[],
  trials: readonly Trial[],
  recorded: readonly RecordedProxy[],
): AtlasProxy {
  const own = recorded.filter((one) => one.name === name);
  const played = groupBy(placed, ({ configuration }) => configuration);
  return {
    name,
    title: own[0]?.program ?? name,
    configurations: inOrder([...played.keys()]).map((configuration) => ({
      name: configuration,
      recorded: own.find((one) => one.configuration === configuration) ?? null,
      cells: new Map(
        (played.get(configuration) ?? []).map(({ column, variant }) => [
          column,
          { variant, side: sideOf(trials.filter((trial) => trial.variant === variant)) },
        ]),
      ),
    })),
  };
}

/** The two that belong together first, both of them also where only one was played. */
function inOrder(names: readonly string[]): string[] {
  const pair = ["default", "corrected"];
  const others = names.filter((name) => !pair.includes(name));
  return others.length === names.length ? others : [...pair, ...others];
}
