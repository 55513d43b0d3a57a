import { markdownTable } from "markdown-table";
import { digits, listing } from "../../bench/text/format.ts";
import { shareOf, shareWithInterval } from "./share.ts";
import type { TokenPart } from "./token-plan.ts";

/** What a trial came to. */
export interface TokenTrial {
  readonly variant: string;
  readonly rate: number;
  /** What the detector says; null where it says nothing. */
  readonly buffer: string | null;
  /** The longest that tokens were held; null where none were. */
  readonly heldMs: number | null;
}

export interface TokenOutcome {
  readonly parts: readonly { readonly part: TokenPart; readonly trials: readonly TokenTrial[] }[];
  /** Trials that were wanted and have no figure, and why. */
  readonly failures: readonly string[];
  readonly seconds: number;
  readonly command: string;
}

/** What was named of all that was planted, in Markdown, and whether all is as it has to be. */
export function tokenText({ parts, failures, seconds, command }: TokenOutcome): {
  readonly text: string;
  readonly isProved: boolean;
} {
  const judged = parts.map(({ part, trials }) => {
    const named = shareOf(trials, ({ buffer }) => buffer !== null);
    const wanted = part.name === "clean" ? 0 : named.total;
    return { part, trials, named, isRight: named.total > 0 && named.hits === wanted };
  });
  const table = markdownTable([
    ["planted", "named", "share (95 %)", "held, at most"],
    ...judged.map(({ part, trials, named }) => [
      part.what,
      `${named.hits} of ${named.total}`,
      named.total === 0 ? "" : shareWithInterval(named),
      rangeOf(trials.flatMap(({ heldMs }) => heldMs ?? [])),
    ]),
  ]);
  const wrong = judged.flatMap(({ part, trials }) => wrongIn(part, trials));
  const notes = [
    ...(wrong.length === 0 ? [] : [`Wrong: ${listing(wrong)}.`]),
    ...(failures.length === 0 ? [] : [`Failed: ${listing([...new Set(failures)])}.`]),
  ];
  const played = `In ${digits(seconds)} s: \`${command}\`.`;
  return {
    text: `${table}\n\n${[played, ...notes].join(" ")}`,
    isProved: failures.length === 0 && judged.every(({ isRight }) => isRight),
  };
}

/** Which were missed, or imagined. */
function wrongIn({ name }: TokenPart, trials: readonly TokenTrial[]): string[] {
  const isWrong = ({ buffer }: TokenTrial): boolean => (buffer === null) !== (name === "clean");
  return trials
    .filter(isWrong)
    .map(({ variant, rate, buffer }) => `${variant} at ${rate}/s (${buffer ?? "missed"})`);
}

function rangeOf(values: readonly number[]): string {
  if (values.length === 0) return "";
  return `${digits(Math.min(...values))} to ${digits(Math.max(...values))} ms`;
}
