import { uniformInt } from "pure-rand/distribution/uniformInt";
import { mersenne } from "pure-rand/generator/mersenne";
import type { TokenFormat } from "../../scenarios/scenario.ts";

/** A prime: then the words of an answer don't repeat within so many tokens, and a word tells where it stands. */
export const vocabularySize = 1_021;

/** Longest words, and how many letters are drawn in two throws: 4.7 on average, as words of English have. */
const longestHalf = 4;

const letters = "eeeeeetttttaaaaooooiiiinnnnsssshhhrrrddlluccmmwwffggyyppbbvkjxqz";

/** The same in every run: bytes of tokens are comparable from one to the next. */
function vocabulary(): string[] {
  const generator = mersenne(1);
  const words = new Set<string>();
  while (words.size < vocabularySize) {
    const length = uniformInt(generator, 0, longestHalf) + uniformInt(generator, 1, longestHalf);
    const spelt = Array.from(
      { length },
      () => letters[uniformInt(generator, 0, letters.length - 1)],
    );
    words.add(` ${spelt.join("")}`);
  }
  return [...words];
}

/** As a chat completion streams it; identifiers are as long as they usually are. */
function chunkOf(delta: { content?: string }, finish_reason: "stop" | null): string {
  return JSON.stringify({
    id: "chatcmpl-Bd5vGx2mQyWzT8rLk0HnPc3sJfUa7",
    object: "chat.completion.chunk",
    created: 1_764_280_800,
    model: "transport-bench",
    system_fingerprint: "fp_7c2e91d04b",
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  });
}

/** What ends an answer whose stream goes on behind it, and each in JSON. */
const done = "[DONE]";

/** What one word of the vocabulary looks like on its way, in both shapes in which clients hand it over. */
export interface TokenText {
  readonly text: string;
  readonly bytes: Buffer;
}

/** The texts of answers in one format: made once, so that nothing is encoded for each token. */
export class TokenTexts {
  readonly words: readonly TokenText[];
  /** What comes behind the last token, in order. */
  readonly ends: readonly TokenText[];
  readonly #places: ReadonlyMap<string, number>;

  /** `ends` says whether the end of a bare text has to be told by a message. */
  constructor(format: TokenFormat, { ends }: { readonly ends: boolean }) {
    const isJson = format === "json";
    const wordTexts = vocabulary().map((word) =>
      isJson ? chunkOf({ content: word }, null) : word,
    );
    this.words = wordTexts.map(inBoth);
    this.ends = [...(isJson ? [chunkOf({}, "stop")] : []), ...(isJson || ends ? [done] : [])].map(
      inBoth,
    );
    this.#places = new Map(wordTexts.map((text, place) => [text, place]));
  }

  /** The place of a word in the vocabulary; undefined for what is none. */
  placeOf(text: string): number | undefined {
    return this.#places.get(text);
  }

  /** Which of the ends it is, counted from 0; -1 for what is none. */
  endOf(text: string): number {
    return this.ends.findIndex((end) => end.text === text);
  }
}

function inBoth(text: string): TokenText {
  return { text, bytes: Buffer.from(text) };
}

/** Which word stands where in an answer: a walk through the whole vocabulary in equal steps. */
export class WordWalk {
  readonly #first: number;
  readonly #stride: number;

  constructor(seed: number) {
    this.#first = seed % vocabularySize;
    this.#stride = 1 + (Math.floor(seed / vocabularySize) % (vocabularySize - 1));
  }

  wordAt(position: number): number {
    return (this.#first + position * this.#stride) % vocabularySize;
  }
}
