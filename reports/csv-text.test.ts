import { expect, it } from "vitest";
import { csvText } from "./csv-text.ts";

it.each([
  ["a word", "a word"],
  ["", ""],
  [null, ""],
  [undefined, ""],
  [-1.5e-7, "-1.5e-7"],
  [0, "0"],
  ["a,b", '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ["two\nlines", '"two\nlines"'],
  ["a\rb", '"a\rb"'],
  ["ends, with = inside", '"ends, with = inside"'],
])("writes %j as %j", (value, field) => {
  expect(csvText([[value, "next"]])).toBe(`${field},next\n`);
});

it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\uFF1D1", "\uFF0B1", "\uFF0D1", "\uFF20x"])(
  "has no text begin as a formula: %j",
  (text) => {
    expect(csvText([[text]])).toBe(`'${text}\n`);
  },
);

it("quotes a formula that needs it", () => {
  expect(csvText([['=HYPERLINK("a",b)']])).toBe(`"'=HYPERLINK(""a"",b)"\n`);
});

it("ends each row, also the last", () => {
  expect(csvText([["a", 1], ["b"]])).toBe("a,1\nb\n");
  expect(csvText([])).toBe("");
});
