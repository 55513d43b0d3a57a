import { describe, expect, it } from "vitest";
import type * as z from "zod";
import {
  bitRate,
  duration,
  flag,
  formatMs,
  percentage,
  realNumber,
  size,
  wholeNumber,
} from "./option-values.ts";

function complaint(schema: z.ZodType, given: unknown): string | undefined {
  return schema.safeParse(given).error?.issues[0]?.message;
}

describe("a duration", () => {
  const schema = duration(100, 3_600_000);

  it.each([
    ["100ms", 100],
    ["1s", 1_000],
    ["0.5s", 500],
    ["2 m", 120_000],
    [" 1h ", 3_600_000],
    [250, 250],
  ])("reads %j as %d ms", (given, ms) => {
    expect(schema.parse(given)).toBe(ms);
  });

  it.each([
    ["too short", "99ms"],
    ["too long", "61m"],
    ["without a unit", "500"],
    ["of an unknown unit", "5d"],
    ["of a unit that every object has", "5constructor"],
    ["negative", "-5s"],
    ["in exponents", "1e3ms"],
    ["with a comma", "1,5s"],
    ["empty", ""],
    ["not a number", Number.NaN],
    ["endless", Number.POSITIVE_INFINITY],
    ["nothing", null],
    ["a list", ["1s"]],
  ])("refuses what is %s and says what is allowed", (_why, given) => {
    const allowed = "a duration from 100ms to 60m, such as 500ms or 10s";
    expect(complaint(schema, given)).toBe(allowed);
  });
});

describe("a rate", () => {
  const schema = bitRate(8_000, 1e9);

  it.each([
    ["512kbit", 512_000],
    ["1.6Mbit", 1_600_000],
    ["1 Gbit", 1_000_000_000],
    ["9000bit", 9_000],
    [8_000, 8_000],
  ])("reads %j as %d bits a second", (given, bits) => {
    expect(schema.parse(given)).toBe(bits);
  });

  it.each(["7kbit", "2Gbit", "9000", "1mbit", "1MB", ""])("refuses %j", (given) => {
    expect(complaint(schema, given)).toBe(
      "a rate from 8000 to 1000000000 bits a second, such as 512kbit or 10Mbit",
    );
  });
});

describe("a percentage", () => {
  const schema = percentage(0.1, 100);

  it.each([
    ["5%", 5],
    ["0.5 %", 0.5],
    ["100%", 100],
    [5, 5],
  ])("reads %j as %d percent", (given, percent) => {
    expect(schema.parse(given)).toBe(percent);
  });

  it.each(["5", "0.09%", "101%", "-5%", "5%%", "5percent", "%", 0.05, Number.NaN, null])(
    "refuses %j and says what is allowed",
    (given) => {
      expect(complaint(schema, given)).toBe("a percentage from 0.1% to 100%, such as 5%");
    },
  );
});

describe("a size", () => {
  const schema = size(32, 8_388_608);

  it.each([
    ["32", 32],
    ["256B", 256],
    ["4KB", 4_000],
    ["4KiB", 4_096],
    ["1.5 KiB", 1_536],
    ["1.005KB", 1_005],
    ["2.3MB", 2_300_000],
    ["8MiB", 8_388_608],
    [1_024, 1_024],
  ])("reads %j as %d bytes", (given, bytes) => {
    expect(schema.parse(given)).toBe(bytes);
  });

  it.each(["31", "8388609", "33.5", "0.0335KB", "4kb", "4 apples", 40.5])(
    "refuses %j and says what is allowed",
    (given) => {
      const allowed = "a size from 32 to 8388608 bytes, such as 256 or 4KiB";
      expect(complaint(schema, given)).toBe(allowed);
    },
  );
});

describe("a whole number", () => {
  it.each(["1", "1000", 7])("takes %j", (given) => {
    expect(wholeNumber(1, 1_000).parse(given)).toBe(Number(given));
  });

  it.each(["0", "1001", "1.5", 2.5, "1e2", "0x10", "five", "", true, Number.NaN])(
    "refuses %j",
    (given) => {
      expect(complaint(wholeNumber(1, 1_000), given)).toBe("a whole number from 1 to 1000");
    },
  );
});

describe("a number", () => {
  it("takes fractions within its bounds, which are allowed themselves", () => {
    expect(["0.01", "2.5", 100].map((given) => realNumber(0.01, 100).parse(given))).toEqual([
      0.01, 2.5, 100,
    ]);
  });

  it.each(["0", "100.01", "-1", "∞"])("refuses %j", (given) => {
    expect(complaint(realNumber(0.01, 100), given)).toBe("a number from 0.01 to 100");
  });
});

describe("a flag", () => {
  it("is true or false, or the word for it", () => {
    expect([true, "true", false, "false"].map((given) => flag.parse(given))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each(["", "yes", "1", 1])("refuses %j", (given) => {
    expect(complaint(flag, given)).toBe("true or false");
  });
});

describe("formatMs", () => {
  it.each([
    [0, "0ms"],
    [999, "999ms"],
    [1_000, "1s"],
    [1_500, "1500ms"],
    [60_000, "1m"],
    [90_000, "90s"],
    [3_600_000, "60m"],
  ])("writes %d as %s, which is read as the same", (ms, text) => {
    expect(formatMs(ms)).toBe(text);
    expect(duration(0, 3_600_000).parse(text)).toBe(ms);
  });
});
