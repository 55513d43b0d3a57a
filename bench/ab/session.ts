import { derivedSeed, shuffled } from "../statistics/random.ts";
import { judgeFixed, nextMove } from "../verdict/stopping-rule.ts";
import type { Move, RuleLimits } from "../verdict/stopping-rule.ts";
import type { Judgement, PairedMetric } from "../verdict/evidence.ts";

export const sides = ["baseline", "candidate"] as const;
export type SideName = (typeof sides)[number];

/** One variant × one scenario. */
export interface PairedCell {
  readonly variant: string;
  readonly scenario: string;
  /** How many valid pairs are wanted of it, where it isn't for the rule to decide. */
  readonly pairs: number | null;
}

/**
 * How a trial came out; one that the server has made to fail has no figures at all, and would hardly have any
 * the next time.
 */
export type TrialStatus = "valid" | "invalid" | "failed" | "interrupted";

/** The means by which a session plays and judges pairs. */
export interface SessionOptions<C extends PairedCell> {
  readonly cells: readonly C[];
  readonly limits: RuleLimits;
  readonly seed: number;
  /** Plays one side of a cell in fresh processes, and keeps what it has shown. */
  play(cell: C, side: SideName, repetition: number): Promise<TrialStatus>;
  /** The gating metrics over the valid pairs of repetitions `from` to before `before`, if given. */
  metrics(from: number, before?: number): readonly PairedMetric[];
  /** Called before the first pair that confirms, with its repetition. */
  confirms(repetition: number): Promise<void>;
  /** Called after each pair with what comes next. */
  tell(progress: SessionProgress): void;
}

export interface SessionProgress extends Counts {
  /** The metrics over all pairs of this kind so far. */
  readonly metrics: readonly PairedMetric[];
  readonly next: "play" | "confirm" | "end";
  readonly suspects: readonly string[];
}

export interface Counts {
  readonly explored: number;
  readonly confirming: number;
  readonly invalid: number;
}

export interface Session extends Counts {
  readonly judgements: readonly Judgement[];
  /** The first repetition that confirms; null where nothing was suspected. */
  readonly confirmsFrom: number | null;
  readonly ended: "decided" | "invalid" | "failed" | "interrupted";
}

/**
 * Plays pairs until the rule has decided. In each pair every cell has both sides next to each other, in
 * random order; cells whose trials were invalid are played again, in a repetition of its own, until the pair
 * is whole: so the rule sees as many pairs of each.
 */
export async function playSession<C extends PairedCell>(
  options: SessionOptions<C>,
): Promise<Session> {
  const { cells, limits } = options;
  const counts = { explored: 0, confirming: 0, invalid: 0 };
  let repetition = 0;
  let confirmsFrom: number | null = null;
  const explored = (): readonly PairedMetric[] => options.metrics(1, confirmsFrom ?? undefined);
  const confirming = (): readonly PairedMetric[] | null =>
    confirmsFrom === null ? null : options.metrics(confirmsFrom);
  const endedBy = (ended: Session["ended"]): Session => ({
    ...counts,
    judgements: judgeFixed(explored(), confirming() ?? [], limits),
    confirmsFrom,
    ended,
  });

  for (;;) {
    const pair = counts.explored + counts.confirming + 1;
    let lacking: readonly C[] = cells.filter(({ pairs }) => pairs === null || pair <= pairs);
    while (lacking.length > 0) {
      if (counts.invalid >= maxInvalidPairs(options)) return endedBy("invalid");
      repetition += 1;
      const { ended, invalid } = await playRound(options, lacking, repetition);
      if (ended !== null) return endedBy(ended);
      counts.invalid += invalid.length;
      lacking = invalid;
    }
    counts[confirmsFrom === null ? "explored" : "confirming"] += 1;
    const metrics = confirming() ?? explored();
    const move = moveAfter(pair, cells, nextMove(explored(), confirming(), limits));
    const suspects = move.what === "confirm" ? move.suspects : [];
    options.tell({ ...counts, metrics, next: move.what, suspects });
    if (move.what === "end") {
      return { ...counts, judgements: move.judgements, confirmsFrom, ended: "decided" };
    }
    if (move.what === "confirm" && confirmsFrom === null) {
      confirmsFrom = repetition + 1;
      await options.confirms(confirmsFrom);
    }
  }
}

/** The rule's move, except that it doesn't end a session before its cells have had the pairs they want. */
function moveAfter(pair: number, cells: readonly PairedCell[], move: Move): Move {
  const wanted = Math.max(0, ...cells.map(({ pairs }) => pairs ?? 0));
  return move.what === "end" && pair < wanted ? { what: "play" } : move;
}

/** How many invalid pairs end a session: as many as there may be valid ones, over all cells. */
function maxInvalidPairs({
  cells,
  limits,
}: Pick<SessionOptions<PairedCell>, "cells" | "limits">): number {
  return limits.maxPairs * cells.length;
}

/** Plays both sides of each of these cells; `invalid` are the cells that have to be played again. */
async function playRound<C extends PairedCell>(
  options: SessionOptions<C>,
  cells: readonly C[],
  repetition: number,
): Promise<{ ended: "failed" | "interrupted" | null; invalid: readonly C[] }> {
  const invalid: C[] = [];
  for (const { cell, order } of orderOf(cells, derivedSeed(options.seed, repetition))) {
    const statuses: TrialStatus[] = [];
    for (const side of order) {
      const status = await options.play(cell, side, repetition);
      if (status === "failed" || status === "interrupted") return { ended: status, invalid };
      statuses.push(status);
    }
    if (statuses.includes("invalid")) invalid.push(cell);
  }
  return { ended: null, invalid };
}

/**
 * The cells in random order, each with its two sides in random order. The exact test relies on the order of sides
 * being drawn for each pair.
 */
export function orderOf<C extends PairedCell>(
  cells: readonly C[],
  seed: number,
): { readonly cell: C; readonly order: readonly SideName[] }[] {
  return shuffled(cells, seed).map((cell, index) => ({
    cell,
    order: shuffled(sides, derivedSeed(seed, index)),
  }));
}
