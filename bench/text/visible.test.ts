import { describe, expect, it } from "vitest";
import { visible, visibleIn, visibleJson } from "./visible.ts";

describe("a text made visible", () => {
  it.each([
    ["a colour of a terminal", "\u001B[31m", String.raw`\u001b[31m`],
    ["a byte of zero", "a\u0000b", String.raw`a\u0000b`],
    ["a control character of C1", "\u009B2J", String.raw`\u009b2J`],
    ["a delete", "\u007F", String.raw`\u007f`],
    ["an override of the direction", "\u202Efdp.exe", String.raw`\u202efdp.exe`],
    ["an isolate of the direction", "\u2066x\u2069", String.raw`\u2066x\u2069`],
    ["a mark of the direction", "\u200Fx\u061C", String.raw`\u200fx\u061c`],
    ["a separator of lines", "a\u2028b\u2029c", String.raw`a\u2028b\u2029c`],
    ["a character without width", "ad\u200Bmin\uFEFF", String.raw`ad\u200bmin\ufeff`],
    ["a filler that looks like a space", "a\u3164b", String.raw`a\u3164b`],
    ["a tag beyond the first plane", "a\u{E0041}", String.raw`a\u{e0041}`],
    ["half of a surrogate pair", "a\uD800b", String.raw`a\ud800b`],
    ["what is no character", "a\uFFFEb", String.raw`a\ufffeb`],
  ])("has an escape for %s", (_what, given, shown) => {
    expect(visible(given)).toBe(shown);
  });

  it("has a space for any white space that ends or moves a line", () => {
    expect(visible("a\r\n\tb\n\n c\fd")).toBe("a b c d");
  });

  it.each(["sse:eventsource", "½ µs – „Prüfung“, 日本 😀", "  two  spaces", ""])(
    "is what it was where all of it can be seen: %j",
    (text) => {
      expect(visible(text)).toBe(text.replaceAll(/ +/g, " "));
    },
  );
});

it("makes every text of any data visible, and the names of its fields", () => {
  const given = {
    "k\u0000": ["\u202Ex", { label: "one\n\u001Btwo", note: "a\nb" }],
    n: 1,
    no: null,
  };
  expect(visibleIn(given, "label")).toEqual({
    [String.raw`k\u0000`]: [
      String.raw`\u202ex`,
      { label: `one\n${String.raw`\u001b`}two`, note: "a b" },
    ],
    n: 1,
    no: null,
  });
});

it("leaves plain data as JSON would hold it", () => {
  const given = { a: undefined, b: [undefined, Number.NaN, 1, true], ["__proto__"]: { c: "x" } };
  expect(JSON.stringify(visibleIn(given))).toBe(JSON.stringify(given));
});

it("leaves a JSON document the same to those who parse it", () => {
  const value = { "\u202Ea": "\u009B \u2028 \u{E0041} \u001B é" };
  const document = visibleJson(JSON.stringify(value, null, 2));
  expect(JSON.parse(document)).toEqual(value);
  expect(document).toMatch(/^[\n !-~é]+$/);
});
