import type { Change, Comparison, Trials } from "../../bench/results/comparison.ts";
import { listing, whole, countOf } from "../../bench/text/format.ts";
import type { Tier } from "./groups.ts";
import { addressOf } from "../../bench/results/comparison.ts";
import { briefChangeText, quantityFormat, shareText } from "../../bench/text/quantity.ts";

/** What has come of it, in one sentence without its full stop. */
export function outcomeSentence(comparison: Comparison): string {
  return sentences[comparison.outcome](comparison);
}

const sentences: Readonly<Record<Comparison["outcome"], (comparison: Comparison) => string>> = {
  failed: ({ problems }) =>
    `no conclusion is possible: ${some(
      problems.map(({ text }) => text),
      1,
    )}`,
  regressed: worseSentence,
  inconclusive: unclearSentence,
  improved: (comparison) =>
    `${some(having(comparison, "improved").map(named), 1)} got better; ${passSentence(comparison)}`,
  pass: passSentence,
};

function worseSentence(comparison: Comparison): string {
  const worse = having(comparison, "regressed").map(named);
  const exceeded = comparison.budgets.filter(({ outcome }) => outcome === "exceeded");
  const budgets = exceeded.map(({ budget }) => budget);
  return [
    ...(worse.length === 0 ? [] : [`${some(worse, 2)} got worse`]),
    ...(budgets.length === 0 ? [] : [`over budget: ${some(budgets, 2)}`]),
  ].join("; ");
}

function unclearSentence(comparison: Comparison): string {
  const { problems } = comparison;
  const budgets = comparison.budgets.filter(({ outcome }) => outcome === "unclear");
  const unclear = [
    ...problems.map(({ text }) => text),
    ...having(comparison, "inconclusive").map(addressOf),
    ...budgets.map(({ budget }) => budget),
  ];
  return `can't tell: ${some(unclear, 2)}`;
}

function having({ changes }: Comparison, verdict: Change["verdict"]): Change[] {
  return changes.filter((change) => change.verdict === verdict);
}

function named(change: Change): string {
  return `${addressOf(change)} (${briefChangeText(change)})`;
}

/** The first, and how many more. */
function some(items: readonly string[], most: number): string {
  const more = items.length - most;
  return `${items.slice(0, most).join("; ")}${more > 0 ? ` and ${whole(more)} more` : ""}`;
}

/** Says what would have been found: that nothing has changed at all can't be known of a timing. */
function passSentence({ changes, budgets }: Comparison): string {
  const counted = changes.some(({ tier, verdict }) => tier === 0 && verdict !== "shown");
  const shares = detectableOf(changes).map(([, share]) => share);
  const parts = [
    ...(counted ? ["no counted metric got worse by more than its tolerance"] : []),
    ...(shares.length > 0
      ? [`no regression of ${shareText(Math.max(...shares))} or more in timing`]
      : []),
    ...(budgets.length > 0
      ? [budgets.length === 1 ? "the budget is met" : "all budgets are met"]
      : []),
  ];
  return parts.length === 0 ? "nothing was judged" : parts.join("; ");
}

/** How small a worsening of a timing would have been seen; null where none was judged. */
export function detectableSentence({ changes }: Comparison): string | null {
  const known = detectableOf(changes);
  const unknown = timedMetrics(changes).filter((metric) =>
    known.every(([name]) => name !== metric),
  );
  const parts = known.map(([metric, share]) => `${shareText(share)} or more in ${metric}`);
  if (parts.length + unknown.length === 0) return null;
  const detected =
    parts.length === 0
      ? []
      : [`A worsening of ${listing(parts)} would have been detected in four out of five cases.`];
  const undetected =
    unknown.length === 0
      ? []
      : [`How small a worsening of ${listing(unknown)} would have been detected is unknown.`];
  return [...detected, ...undetected].join(" ");
}

/** By metric the largest, over all cells that were judged. */
function detectableOf(changes: readonly Change[]): (readonly [string, number])[] {
  return timedMetrics(changes).flatMap((metric) => {
    const shares = changes.flatMap((change) =>
      isTimed(change) && change.metric === metric && change.detectable !== null
        ? [change.detectable]
        : [],
    );
    return shares.length === 0 ? [] : [[metric, Math.max(...shares)] as const];
  });
}

function timedMetrics(changes: readonly Change[]): string[] {
  return [...new Set(changes.filter(isTimed).map(({ metric }) => metric))];
}

function isTimed({ tier, gating, verdict }: Change): boolean {
  return tier === 1 && gating && verdict !== "shown";
}

/** `142 counted metrics of 4 variants passed, 140 of them the same to the digit`; null without any. */
export function passedSentence(kind: "counted" | "timed", { passed }: Tier): string | null {
  if (passed.length === 0) return null;
  const variants = new Set(passed.map(({ variant }) => variant)).size;
  const same = passed.filter(({ baseline, candidate }) => baseline?.level === candidate?.level);
  const metrics = countOf(passed.length, `${kind} metric`);
  const of = `${metrics} of ${countOf(variants, "variant")} passed`;
  if (kind === "timed") return `${of}.`;
  if (same.length === passed.length) return `${of}: all the same.`;
  return `${of}: ${whole(same.length)} the same, the rest within their tolerance.`;
}

/** What became of the trials of both sides, where not all of them were as they should be; one sentence each. */
export function trialsSentences({ baseline, candidate }: Comparison): string[] {
  return [
    ...trialsSentence("baseline", baseline.trials),
    ...trialsSentence("candidate", candidate.trials),
  ];
}

function trialsSentence(side: "baseline" | "candidate", trials: Trials | null): string[] {
  if (trials === null || trials.invalid + trials.faulty === 0) return [];
  const { played, invalid, reasons, faulty, faults } = trials;
  const parts = [
    ...(invalid === 0
      ? []
      : [`${whole(invalid)} invalid because of the machine (${some(reasons, 3)}), left out`]),
    ...(faulty === 0
      ? []
      : [`${whole(faulty)} in which the server was at fault (${some(faults, 3)}), counted`]),
  ];
  const all = countOf(played, "trial");
  return [`Of ${all} of the ${side}: ${parts.join("; ")}.`];
}

/** Ratios that differ by less look the same. */
const visible = 0.01;

/** Why a change isn't that of the two columns beside it; null where it is, or where nothing was timed. */
export function ratioSentence({ kind, changes }: Comparison): string | null {
  const differs = changes.some(({ tier, baseline, candidate, ratio }) => {
    if (tier !== 1 || ratio === null || baseline === null || candidate === null) return false;
    return Math.abs(ratio.estimate - candidate.level / baseline.level) > visible;
  });
  if (!differs) return null;
  return kind === "ab"
    ? "Each change is the median over the pairs, whose two trials ran next to each other; it differs from the ratio of the two medians beside it if the machine's speed drifted."
    : "Each change is the median over all pairs of one trial of either side, and may differ from the ratio of the two medians beside it.";
}

/** How small a growth of memory would have been found, where it was judged; null without any. */
export function memorySentence({ changes }: Comparison): string | null {
  const sentences = [
    growthSentence("What is held in heap and buffers", "heap", changes),
    growthSentence("Resident memory", "memory", changes),
  ].filter((sentence) => sentence !== null);
  return sentences.length === 0 ? null : sentences.join(" ");
}

function growthSentence(
  what: string,
  name: "heap" | "memory",
  changes: Comparison["changes"],
): string | null {
  const parts = changes.flatMap(({ metric, gating, verdict, variant, baseline, margin, unit }) => {
    if (metric !== name || !gating || verdict === "shown" || baseline === null) return [];
    const least = Math.max(margin.absolute, margin.relative * baseline.level);
    const bytes = quantityFormat(unit, [Math.ceil(least)])(Math.ceil(least));
    const share = baseline.level > 0 ? ` (${shareText(least / baseline.level)})` : "";
    return [{ amount: `${bytes}${share} a client`, variant }];
  });
  const [first, ...others] = parts;
  if (first === undefined) return null;
  const isSame = others.length > 0 && others.every(({ amount }) => amount === first.amount);
  const least = isSame
    ? first.amount
    : listing(parts.map(({ amount, variant }) => `${amount} with ${variant}`));
  return `${what}: growth of more than ${least} would have been detected.`;
}

/** How many pairs were played; null where none were. */
export function pairsSentence({ pairs }: Comparison): string | null {
  if (pairs === null) return null;
  const { explored, confirming, most, invalid } = pairs;
  return [
    `${explored} of at most ${most} interleaved pairs`,
    ...(confirming === 0 ? [] : [`${confirming} fresh ones to confirm`]),
    ...(invalid === 0 ? [] : [`${invalid} more that were invalid`]),
  ].join(", ");
}

/** Whether timing could be judged, and what differs; empty where neither matters. */
export function machineSentence({ environment, changes }: Comparison): string {
  const { sameMachine, differences, ofHosts = false } = environment;
  const same = ofHosts ? "The same hosts" : "One machine";
  const timed = changes.some(({ tier }) => tier === 1);
  if (sameMachine && differences.length === 0) return `${same}. No recorded difference.`;
  if (sameMachine) return `${same}. What differs:`;
  if (differences.length > 0) {
    return `Different machines${timed ? ": timing is shown, and not judged" : ""}. What differs:`;
  }
  return timed ? "The baseline's machine isn't known: timing is shown, and not judged." : "";
}
