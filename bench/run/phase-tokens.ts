import { mergeHistograms } from "../measure/histogram.ts";
import type { Collected } from "../processes/protocol.ts";
import type { Phase } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";
import { spreadOf } from "../tokens/moments.ts";
import type { TokenReport } from "../tokens/token-recorder.ts";

/** What was asked for in a phase. */
export interface Prompted {
  readonly requests: number;
  readonly tokens: number;
}

/** Answers of each load process that are kept token by token are told of only so far as they are few in all. */
const mostCourses = 4;

/** What came of prompts, from the reports of load processes. */
export function phaseTokens(
  asked: Prompted,
  recordings: readonly Collected[],
): NonNullable<Phase["tokens"]> {
  const reports = recordings.flatMap(({ tokens }) => tokens ?? []);
  const received = sum(recordings.map(({ delivered }) => delivered));
  const all = (count: (report: TokenReport) => number): number => sum(reports.map(count));
  const stalls = reports.flatMap(({ longestStallNs }) => longestStallNs ?? []);
  return {
    requests: asked.requests,
    answers: all(({ answers }) => answers),
    expected: asked.tokens,
    received,
    lost: Math.max(0, asked.tokens - received),
    wrong: all(({ wrong }) => wrong),
    again: all(({ again }) => again),
    firstToken: mergeHistograms(reports.map(({ firstToken }) => firstToken)),
    answer: mergeHistograms(reports.map(({ answer }) => answer)),
    longestStallNs: stalls.length === 0 ? null : Math.max(...stalls),
    together: togetherOf(reports.map(({ together }) => together)),
    ...cutsOf(reports.map(({ cuts }) => cuts)),
    courses: reports.flatMap(({ courses }) => courses).slice(0, mostCourses),
  };
}

function togetherOf(
  parts: readonly TokenReport["together"][],
): NonNullable<Phase["tokens"]>["together"] {
  const most = (value: (part: TokenReport["together"]) => number): number =>
    Math.max(0, ...parts.map(value));
  return {
    tokens: sum(parts.map(({ tokens }) => tokens)),
    apart: sum(parts.map(({ apart }) => apart)),
    groups: sum(parts.map(({ groups }) => groups)),
    largest: most(({ largest }) => largest),
    longestNs: most(({ longestNs }) => longestNs),
    held: spreadOf(parts.map(({ held }) => held)),
    bytes: spreadOf(parts.map(({ bytes }) => bytes)),
  };
}

function cutsOf(parts: readonly TokenReport["cuts"][]): Pick<NonNullable<Phase["tokens"]>, "cuts"> {
  const answers = sum(parts.map((part) => part.answers));
  if (answers === 0) return {};
  return {
    cuts: {
      answers,
      lost: sum(parts.map(({ lost }) => lost)),
      prompts: sum(parts.map(({ prompts }) => prompts)),
      promptBytes: sum(parts.map(({ promptBytes }) => promptBytes)),
      again: sum(parts.map(({ again }) => again)),
      againBytes: sum(parts.map(({ againBytes }) => againBytes)),
      untilGoesOn: mergeHistograms(parts.map(({ untilGoesOn }) => untilGoesOn)),
    },
  };
}
