import { describe, expect, it } from "vitest";
import {
  byteFormat,
  capital,
  columnFormat,
  countOf,
  digits,
  listing,
  percentileName,
  shortListing,
  signed,
  timeSpan,
  whole,
} from "./format.ts";

describe("a figure", () => {
  it.each([
    [0, "0"],
    [0.362, "0.362"],
    [0.000_123_4, "0.000123"],
    [1, "1.00"],
    [9.994, "9.99"],
    [9.996, "10.0"],
    [41.94, "41.9"],
    [362.4, "362"],
    [999.6, "1000"],
    [1_234, "1230"],
    [19_683, "19 700"],
    [1_234_567, "1 230 000"],
    [-41.94, "−41.9"],
  ])("of %d is written %s", (value, text) => {
    expect(digits(value)).toBe(text);
  });

  it.each([
    [0, "0"],
    [12, "12"],
    [4_096, "4096"],
    [12_288, "12 288"],
    [1_234_567, "1 234 567"],
  ])("that counts %d is written in full, %s", (value, text) => {
    expect(whole(value)).toBe(text);
  });
});

describe("a column", () => {
  it.each([
    ["ns", [1, 999_999], "µs", 250_000, "250"],
    ["ns", [1, 1_000_000], "ms", 250_000, "0.250"],
    ["ns", [-1_000_000, 1], "ms", -250_000, "−0.250"],
    ["ns", [], "ms", 5e6, "5.00"],
    ["ms", [1], "", 12.34, "12.3"],
    ["bytes", [1], "", 1_234, "1230"],
    ["count", [1], "", 12_288, "12 288"],
    ["percent", [1], "%", 0.5, "0.500"],
  ] as const)(
    "in %s with %j is in %s, and %d is written %s",
    (unit, values, shown, value, text) => {
      const format = columnFormat(unit, values);
      expect(format.unit).toBe(shown);
      expect(format.number(value)).toBe(text);
    },
  );
});

describe("a percentile's name", () => {
  it.each([
    [1.25, "p20"],
    [2, "p50"],
    [10, "p90"],
    [10 ** 1.5, "p96.8"],
    [100, "p99"],
    [750, "p99.87"],
    [1_000, "p99.9"],
    [10_000, "p99.99"],
    [1e6, "p99.9999"],
  ])("of one in %d is %s", (oneIn, text) => {
    expect(percentileName(oneIn)).toBe(text);
  });
});

describe("bytes", () => {
  it.each([
    [[0.4, 0.2], "B", ["0.400", "0.200"]],
    [[999], "B", ["999"]],
    [[270_000, 4_070, 0], "kB", ["270", "4.07", "0"]],
    [[7.11e11, 1.4e12], "TB", ["0.711", "1.40"]],
    [[270_000, 0.054], "kB", ["270", "< 0.001"]],
  ])("of %j are in %s: %j", (values, unit, texts) => {
    const format = byteFormat(values);
    expect(format.unit).toBe(unit);
    expect(values.map((value) => format.number(value))).toEqual(texts);
  });
});

describe("a time span", () => {
  it.each([
    [0, "0 s"],
    [499, "0 s"],
    [45_000, "45 s"],
    [59_600, "1 min 0 s"],
    [125_000, "2 min 5 s"],
    [3_600_000, "60 min 0 s"],
  ])("of %d ms is %s", (ms, text) => {
    expect(timeSpan(ms)).toBe(text);
  });
});

describe("a count", () => {
  it.each([
    [0, "0 trials"],
    [1, "1 trial"],
    [2, "2 trials"],
    [12_000, "12 000 trials"],
  ])("of %d is %s", (count, text) => {
    expect(countOf(count, "trial")).toBe(text);
  });

  it("has a plural of its own where an s doesn't make it", () => {
    expect(countOf(1, "delivery", "deliveries")).toBe("1 delivery");
    expect(countOf(2, "delivery", "deliveries")).toBe("2 deliveries");
  });
});

describe("a sentence's beginning", () => {
  it.each([
    ["", ""],
    ["half", "Half"],
    ["90 %", "90 %"],
  ])("of %j is %j", (text, begun) => {
    expect(capital(text)).toBe(begun);
  });
});

describe("a listing", () => {
  it.each([
    [[], ""],
    [["a"], "a"],
    [["a", "b"], "a and b"],
    [["a", "b", "c"], "a, b and c"],
  ])("of %j is %j", (items, text) => {
    expect(listing(items)).toBe(text);
  });
});

describe("a short listing", () => {
  it("has all of few, and of many the first and how many more", () => {
    expect(shortListing(["a", "b", "c", "d"])).toBe("a, b, c and d");
    expect(shortListing(["a", "b", "c", "d", "e"])).toBe("a, b, c and 2 more");
  });
});

describe("what is added", () => {
  it.each([
    [22, "bytes", "+22.0"],
    [-0.3e6, "ns", "−0.300"],
    [0, "bytes", "0"],
    [-12_345, "count", "−12 345"],
    [0.4, "count", "0"],
  ] as const)("of %d %s is written %s", (value, unit, text) => {
    expect(signed(value, columnFormat(unit, [5e6]))).toBe(text);
  });

  it.each([
    [0.0502, 0.01, "+0.05"],
    [-0.00181, 100, "0"],
    [1604, 10, "+1600"],
    [-1606, 10, "−1610"],
    [22.0004, 0.1, "+22.0"],
  ])("of %d B is told in steps of %d as %s", (value, step, text) => {
    expect(signed(value, columnFormat("bytes", []), step)).toBe(text);
  });

  it("has its step from the last digit of a figure, in the figure's own unit", () => {
    const bytes = columnFormat("bytes", []);
    expect([52_124, 289, 21, 4, 0.5, 0].map((value) => bytes.step(value))).toEqual([
      100, 1, 0.1, 0.01, 0.001, 0,
    ]);
    expect(columnFormat("ns", [5e6]).step(5e6)).toBeCloseTo(1e4);
    expect(columnFormat("count", []).step(1_000)).toBe(1);
  });
});
