import { expect, it } from "vitest";
import { Mismatch } from "./mismatch.ts";
import { quoted } from "../../transports/protocol-error.ts";

it("leaves nothing in a text that does something to a terminal", () => {
  const hostile = "a\u001B[2Jb\u0007c\u009Bd\u202Ee\u2028f\r\ng";
  const { expected, received } = new Mismatch(hostile, quoted(hostile));
  expect(expected).toBe(String.raw`a\u001b[2Jb\u0007c\u009bd\u202ee\u2028f g`);
  expect(received).toMatch(/^[^\p{Cc}\p{Cf}\u2028]*$/u);
  expect(new Mismatch("", "x".repeat(10_000)).received).toHaveLength(400);
});
