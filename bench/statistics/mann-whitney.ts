import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { doubledMidRanks } from "./signed-rank.ts";
import type { OneSidedPValues } from "./signed-rank.ts";
import { sum } from "./basics.ts";

/** Additions that enumeration may take, a tenth of a second or so; beyond it is sampled. */
const maxAdditions = 5e7;
const permutations = 20_000;

/**
 * The test of Mann and Whitney (1947, On a Test of Whether one of Two Random Variables is Stochastically
 * Larger than the Other): whether the candidate's values lie above the baseline's, or below. Exact, given
 * the ranks that there are, so also with ties: all ways to choose the candidate's ranks among them count as
 * equally likely. Where those are too many to enumerate, 20 000 seeded permutations, of which the given order
 * is one (Phipson & Smyth 2010, Permutation P-values Should Never Be Zero).
 *
 * NaN where a value isn't a number; 1 on both sides where a sample is empty.
 */
export function mannWhitneyTest(
  baseline: readonly number[],
  candidate: readonly number[],
  seed = 0,
): OneSidedPValues {
  const all = [...candidate, ...baseline];
  if (all.some(Number.isNaN)) return { above: Number.NaN, below: Number.NaN };
  const ranks = doubledMidRanks(all);
  const size = candidate.length;
  const observed = sum(ranks.slice(0, size));
  return additionsFor(ranks.length, size) <= maxAdditions
    ? enumerated(ranks, size, observed)
    : sampled(ranks, size, observed, seed);
}

/** How likely it is, untied, that the statistic U of samples of these sizes is at most each number from 0. */
export function rankSumCumulative(baseline: number, candidate: number): readonly number[] {
  const ranks = Array.from({ length: baseline + candidate }, (_, index) => index + 1);
  const shares = subsetSums(ranks, candidate);
  const least = (candidate * (candidate + 1)) / 2;
  let total = 0;
  return Array.from({ length: baseline * candidate + 1 }, (_, u) => {
    total += shares[least + u] ?? 0;
    return Math.min(1, total);
  });
}

function additionsFor(all: number, size: number): number {
  return all * size * size * all;
}

function enumerated(ranks: readonly number[], size: number, observed: number): OneSidedPValues {
  const shares = subsetSums(ranks, size);
  const total = (from: number, to: number): number =>
    Math.min(
      1,
      shares.subarray(from, to).reduce((sum, share) => sum + share, 0),
    );
  return { above: total(observed, shares.length), below: total(0, observed + 1) };
}

/**
 * At [s]: the share of all subsets of `size` ranks that add up to s. Ranks are met one after another, and each
 * is taken with the chance that choosing at random leaves to it: so it stays a probability throughout.
 */
function subsetSums(ranks: readonly number[], size: number): Float64Array {
  const most = ranks.toSorted((a, b) => b - a).slice(0, size);
  const width = sum(most) + 1;
  const chosen = Array.from({ length: size + 1 }, () => new Float64Array(width));
  const [none] = chosen;
  if (none !== undefined) none[0] = 1;
  for (const [met, rank] of ranks.entries()) {
    for (let count = Math.min(met, size); count >= 0; count -= 1) {
      take(chosen, count, rank, (size - count) / (ranks.length - met));
    }
  }
  return chosen[size] ?? new Float64Array(width);
}

/** Moves the share `chance` of all subsets of `count` ranks on to those of one rank more. */
function take(chosen: readonly Float64Array[], count: number, rank: number, chance: number): void {
  const from = chosen[count];
  const to = chosen[count + 1];
  if (from === undefined) return;
  for (let at = 0; at < from.length; at += 1) {
    const share = from[at] ?? 0;
    if (share === 0) continue;
    from[at] = share * (1 - chance);
    if (to !== undefined) to[at + rank] = (to[at + rank] ?? 0) + share * chance;
  }
}

function sampled(
  ranks: readonly number[],
  size: number,
  observed: number,
  seed: number,
): OneSidedPValues {
  const generator = xoroshiro128plus(seed);
  const rest = [...ranks];
  let [above, below] = [1, 1];
  for (let permutation = 1; permutation < permutations; permutation += 1) {
    let drawn = 0;
    for (let place = 0; place < size; place += 1) {
      const other = uniformInt(generator, place, rest.length - 1);
      const rank = rest[other] ?? 0;
      rest[other] = rest[place] ?? 0;
      rest[place] = rank;
      drawn += rank;
    }
    if (drawn >= observed) above += 1;
    if (drawn <= observed) below += 1;
  }
  return { above: above / permutations, below: below / permutations };
}
