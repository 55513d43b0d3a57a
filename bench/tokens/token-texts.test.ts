import { expect, test } from "vitest";
import { TokenTexts, WordWalk, vocabularySize } from "./token-texts.ts";

const bytesOf = (texts: TokenTexts): number =>
  texts.words.reduce((all, { bytes }) => all + bytes.length, 0) / texts.words.length;

test("an answer has each word of the vocabulary once before any comes again", () => {
  for (const seed of [1, 1_021, 2_147_483_647]) {
    const walk = new WordWalk(seed);
    const places = Array.from({ length: vocabularySize }, (_, position) => walk.wordAt(position));
    expect(new Set(places).size).toBe(vocabularySize);
    expect(walk.wordAt(vocabularySize)).toBe(places[0]);
  }
});

test("a JSON delta is a chunk of a chat completion, and the last one says why it ends", () => {
  const { words, ends } = new TokenTexts("json", { ends: false });
  const chunk = JSON.parse(words[0]?.text ?? "");
  expect(chunk.object).toBe("chat.completion.chunk");
  expect(chunk.choices[0].delta.content).toMatch(/^ [a-z]+$/);
  expect(JSON.parse(ends[0]?.text ?? "").choices[0].finish_reason).toBe("stop");
  expect(ends[1]?.text).toBe("[DONE]");
});

test("bare text ends by a message only where its stream doesn't", () => {
  expect(new TokenTexts("text", { ends: true }).ends.map(({ text }) => text)).toEqual(["[DONE]"]);
  expect(new TokenTexts("text", { ends: false }).ends).toEqual([]);
});

test("tokens are as long as is documented", () => {
  expect(bytesOf(new TokenTexts("text", { ends: true }))).toBeCloseTo(5.67, 2);
  expect(bytesOf(new TokenTexts("json", { ends: true }))).toBeCloseTo(254, 0);
});

test("a word is known by its text", () => {
  const texts = new TokenTexts("text", { ends: true });
  expect(texts.placeOf(texts.words[17]?.text ?? "")).toBe(17);
  expect(texts.placeOf(" no such word")).toBeUndefined();
});
