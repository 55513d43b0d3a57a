import { expect, test } from "vitest";
import { promptHeadBytes, promptOf, readPrompt } from "./prompt.ts";
import type { Prompt } from "./prompt.ts";

const prompt: Prompt = {
  client: 12,
  request: 345,
  answer: { firstTokenMs: 200.5, tokens: 80, tokensPerSecond: 33.3, format: "json" },
};

test.each([promptHeadBytes, 256, 64 * 1024])(
  "a prompt has exactly %s bytes, and says all",
  (bytes) => {
    const payload = promptOf(prompt, bytes);
    expect(payload.length).toBe(bytes);
    expect(readPrompt(payload)).toEqual(prompt);
  },
);

test("a prompt that can't hold what it has to say is refused", () => {
  expect(() => promptOf(prompt, promptHeadBytes - 1)).toThrow("at least");
});

test("what isn't a prompt is read as none", () => {
  expect(readPrompt(Buffer.from("hello"))).toBeNull();
  expect(readPrompt(Buffer.from("prompt 1 2 3 4 5 xml "))).toBeNull();
});
