/** What clients ask for, each on a channel of its own: they have to be connected with `prompts`. */
export interface Prompting {
  /** How often each of them asks; as often as it is due within `forMs` when left out. */
  readonly requests?: number;
  readonly forMs?: number;
  /** The size of a prompt: the same for all requests, or of each, by its number. */
  readonly promptBytes: number | readonly number[];
  readonly answer: Answer;
  /** From when the last token was due until the next request is. */
  readonly pauseMs: number;
  /** The next request goes up as soon as the answer before is whole, and is due when it does. */
  readonly chained?: true;
  /** What a client does whose answer was cut; those that aren't to come back lose it. */
  readonly atCut?: AtCut;
  /** It ends where a token comes more than so many milliseconds late: for trying what may be too much. */
  readonly latestMs?: number;
}

/** An answer as it is due: tokens at seeded, irregular distances, from when the request was due. */
export interface Answer {
  /** From the request to the first token. */
  readonly firstTokenMs: number;
  readonly tokens: number;
  /** Their mean rate, which is exact over each answer. */
  readonly tokensPerSecond: number;
  readonly format: TokenFormat;
}

/** Deltas as chat completions stream them, or the bare text. */
export type TokenFormat = "json" | "text";

/**
 * A client whose answer was cut sends its prompt `again` and gets the answer from the start, or comes back and gets what
 * comes after the last token that it has (`resume`), or gives it up (`lose`).
 */
export type AtCut = "again" | "resume" | "lose";

/** How tokens came in a phase. Those that weren't waited for, or came twice, are in no time. */
export interface TokensMeasured {
  /** That were due. */
  readonly requests: number;
  /** That came whole. */
  readonly answers: number;
  readonly expected: number;
  readonly received: number;
  readonly lost: number;
  /** Messages that were no token that could come. */
  readonly wrong: number;
  /** Tokens that were received once more. */
  readonly again: number;
  /** From when a request was due to its first token, and to the end of its answer, in nanoseconds; null where too few came. */
  firstToken(q: number): number | null;
  answer(q: number): number | null;
  /** Null where none came whole. */
  readonly meanAnswerNs: number | null;
  /** Of the tokens received, those that came later than this after they were due, 0 to 1; null where none came. */
  laterThan(ms: number): number | null;
  /** By how much longer than it was due to the longest gap between two tokens of an answer took, in nanoseconds. */
  readonly longestStallNs: number | null;
  readonly together: Together;
  /** Null where no answer was cut. */
  readonly cuts: TokenCuts | null;
}

/**
 * Tokens that came within a millisecond of the one before, though they were due more than five after it. They make groups:
 * what came without such a pause in between.
 */
export interface Together {
  readonly tokens: number;
  /** Those that were due more than five milliseconds after the one before: all that might have. */
  readonly apart: number;
  readonly groups: number;
  /** The most tokens in a group. */
  readonly largest: number;
  /** The longest by which the last token of a group was due after its first: this one was held at least so long. */
  readonly longestNs: number;
  /** Of the same time over all groups, and of the bytes of their tokens: mean and standard deviation. */
  readonly held: Spread;
  readonly bytes: Spread;
}

export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

/** What became of answers that were cut. */
export interface TokenCuts {
  readonly answers: number;
  /** Those that were given up. */
  readonly lost: number;
  /** Prompts that were sent once more, and their bytes. */
  readonly prompts: number;
  readonly promptBytes: number;
  /** Tokens that were received a second time, and the bytes of their payloads. */
  readonly again: number;
  readonly againBytes: number;
  /** From a cut until the first token that its client didn't have, in nanoseconds; null where too few came. */
  untilGoesOn(q: number): number | null;
}
