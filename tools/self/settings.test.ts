import { describe, expect, it } from "vitest";
import { BenchError } from "../../bench/errors/errors.ts";
import type { Contest } from "./contest.ts";
import { selfSettings, wantedOf } from "./settings.ts";

describe("the flags of bench:self", () => {
  it("have it play ten minutes against bare loops, and nine against another commit", () => {
    expect(selfSettings({})).toMatchObject({ before: null, limitMs: 600_000 });
    expect(selfSettings({ before: "main" })).toMatchObject({ before: "main", limitMs: 540_000 });
    expect(selfSettings({ minutes: "0.5", seed: "3" })).toMatchObject({ limitMs: 30_000, seed: 3 });
  });

  it.each([
    [{ minutes: "0" }, "--minutes takes a number above 0, up to 600"],
    [{ minutes: "ten" }, "--minutes takes a number above 0, up to 600"],
    [{ minutes: "" }, "--minutes takes a number above 0, up to 600"],
    [{ minutes: "601" }, "--minutes takes a number above 0, up to 600"],
    [{ seed: "1.5" }, "--seed takes a whole number from 0 to 2147483647"],
    [{ before: " " }, "--before takes a commit, such as HEAD~1 or main"],
    [{ only: "" }, "--only takes part of a name in the table, such as push"],
  ])("%j are refused in a line", (given, message) => {
    expect(() => selfSettings(given)).toThrow(new BenchError("usage", message));
  });
});

describe("what is played", () => {
  const names = ["WebSocket push", "SSE push", "WebSocket dials", "long WebSocket push"];
  const contests = names.map((name): Contest => ({
    variant: "websocket",
    onlyWhenNamed: name.startsWith("long"),
    row: { name, unit: "", lessIsBetter: false, aim: null },
    play: () => Promise.resolve({ first: 1, second: 1 }),
  }));
  const named = (given: object): string[] =>
    wantedOf(contests, selfSettings(given)).map(({ row }) => row.name);

  it("is everything that doesn't take long, or what has this in its name", () => {
    expect(named({})).toHaveLength(3);
    expect(named({ only: "websocket p" })).toEqual(["WebSocket push", "long WebSocket push"]);
  });

  it("can't be nothing", () => {
    expect(() => named({ only: "pull" })).toThrow(
      '--only takes part of a name in the table, such as push; "pull" is in none',
    );
  });
});
