import type { AnswersAsked, Scenario } from "../../scenarios/scenario.ts";
import { duration, realNumber, size, wholeNumber } from "../../transports/option-values.ts";
import { maxMessageBytes } from "../../transports/transport.ts";
import * as z from "zod";
import { usageError } from "../errors/errors.ts";
import { tokenFormats } from "../results/recorded-answers.ts";
import { listing } from "../text/format.ts";
import { promptHeadBytes } from "../tokens/prompt.ts";
import type { Naming } from "./naming.ts";

const rate = realNumber(0.1, 100_000);

const rates = z
  .unknown()
  .transform((given) => (typeof given === "string" ? given.split(",") : [given].flat()))
  .pipe(z.array(rate).min(1, "numbers separated by commas"));

export const answersSettings = {
  prompt: size(promptHeadBytes, maxMessageBytes),
  tokens: wholeNumber(2, 100_000),
  tokenRate: rates,
  firstToken: duration(0, 600_000),
  tokenFormat: z.enum(tokenFormats, { error: `one of ${tokenFormats.join(", ")}` }),
};

type Settings = {
  readonly [Key in keyof typeof answersSettings]?:
    | z.infer<(typeof answersSettings)[Key]>
    | undefined;
};

/** Under which name a workload has what a setting says. */
const fields = {
  prompt: "promptBytes",
  tokens: "tokens",
  tokenRate: "tokenRates",
  firstToken: "firstTokenMs",
  tokenFormat: "tokenFormat",
} as const satisfies Record<keyof typeof answersSettings, keyof AnswersAsked>;

const keys = ["prompt", "tokens", "tokenRate", "firstToken", "tokenFormat"] as const;

/** The part of a workload that settings say; throws where no scenario takes it over. */
export function answersOf(
  settings: Settings,
  scenarios: readonly Scenario[],
  naming: Naming,
): AnswersAsked {
  for (const key of keys) {
    const isTaken = scenarios.some(({ takes = [] }) => takes.includes(fields[key]));
    if (settings[key] === undefined || isTaken) continue;
    const names = scenarios.map(({ name }) => name);
    throw usageError(`${naming(key)} has no effect on ${listing(names)}`);
  }
  const { prompt, tokens, tokenRate, firstToken, tokenFormat } = settings;
  return {
    ...(prompt !== undefined && { promptBytes: prompt }),
    ...(tokens !== undefined && { tokens }),
    ...(tokenRate !== undefined && { tokenRates: tokenRate }),
    ...(firstToken !== undefined && { firstTokenMs: firstToken }),
    ...(tokenFormat !== undefined && { tokenFormat }),
  };
}

/** What a scenario takes over of it. */
export function answersTakenBy(
  { takes = [] }: Scenario,
  { promptBytes, tokens, tokenRates, firstTokenMs, tokenFormat }: AnswersAsked,
): AnswersAsked {
  const all = { promptBytes, tokens, tokenRates, firstTokenMs, tokenFormat };
  return Object.fromEntries(
    Object.entries(all).filter(
      ([field, value]) => value !== undefined && takes.some((taken) => taken === field),
    ),
  );
}
