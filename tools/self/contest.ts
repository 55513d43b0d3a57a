import { medianOf } from "../../bench/statistics/basics.ts";
import type { Library } from "./protocol.ts";
import type { ServerAddress } from "./servers.ts";
import type { Side } from "./sides.ts";

/** How the load process of one side is started. */
export type Starter = (load: Loaded, server: ServerAddress) => Promise<Side>;

export interface Loaded {
  readonly variant: string;
  readonly library: Library;
}

/** Whose load processes are compared: figures of the first are divided by those of the second. */
export interface Opponents {
  readonly first: Starter;
  readonly second: Starter;
}

export type Opponent = keyof Opponents;

/** What one pair of processes has come to. */
export type Figures = Readonly<Record<Opponent, number>>;

/** What is compared. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  /** Whether less of the unit is better. */
  readonly lessIsBetter: boolean;
  /** What the ratio is to be, where that is said. */
  readonly aim: Aim | null;
}

/** Of the ratio, unless it is of the figure of the first side. */
export interface Aim {
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly of?: "first";
}

/** Something that both sides can do. */
export interface Contest {
  readonly row: Row;
  /** What the load processes speak. */
  readonly variant: string;
  /** Whether it takes too long to be played beside all others. */
  readonly onlyWhenNamed?: boolean;
  /** Has a fresh process of each side do it, in this order. */
  play(order: readonly Opponent[]): Promise<Figures>;
  /** What else there is to say in the end, such as why its figures are doubtful. */
  remarks?(): readonly string[];
}

export type Sides = Readonly<Record<Opponent, Side>>;

/** A fresh load process of each side; none is left where one can't start. */
export async function startBoth(
  opponents: Opponents,
  load: Loaded,
  order: readonly Opponent[],
  serverOf: (opponent: Opponent) => Promise<ServerAddress>,
): Promise<Sides & AsyncDisposable> {
  const starting = order.map(
    async (name) => [name, await opponents[name](load, await serverOf(name))] as const,
  );
  const outcomes = await Promise.allSettled(starting);
  const begun = outcomes.flatMap((outcome) =>
    outcome.status === "fulfilled" ? [outcome.value] : [],
  );
  if (begun.length < outcomes.length) {
    await Promise.all(begun.map(([, side]) => side[Symbol.asyncDispose]()));
  }
  const { first, second } = Object.fromEntries(await Promise.all(starting));
  if (first === undefined || second === undefined) throw new Error("an order names both sides");
  return {
    first,
    second,
    async [Symbol.asyncDispose]() {
      await Promise.all([first, second].map((side) => side[Symbol.asyncDispose]()));
    },
  };
}

/**
 * Has the sides do something by turns, A B B A A B …, each this many times: what drifts, or stalls one turn,
 * hardly moves the median of each.
 */
export async function byTurns(
  order: readonly Opponent[],
  times: number,
  play: (opponent: Opponent) => Promise<number>,
): Promise<Figures> {
  const seen: Record<Opponent, number[]> = { first: [], second: [] };
  for (let turn = 0; turn < times; turn += 1) {
    for (const opponent of turn % 2 === 0 ? order : order.toReversed()) {
      seen[opponent].push(await play(opponent));
    }
  }
  return { first: medianOf(seen.first) ?? Number.NaN, second: medianOf(seen.second) ?? Number.NaN };
}
