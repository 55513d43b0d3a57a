import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { invalidates, warningCodes, warningMeanings } from "./warnings.ts";

describe.each(warningCodes)("the warning %s", (code) => {
  it("has a meaning and advice, both one line without a full stop", () => {
    const { meaning, advice } = warningMeanings[code];
    for (const text of [meaning, advice]) expect(text).toMatch(/^[a-z].{10,}[^.\s]$/);
  });
});

describe("warnings", () => {
  it("are named in lists by a few words of their own, and never by a code", () => {
    const briefs = warningCodes.map((code) => warningMeanings[code].brief);
    expect(new Set(briefs).size).toBe(briefs.length);
    for (const brief of briefs) expect(brief).toMatch(/^[a-z']+( [a-z']+)+$/);
  });

  it("are all explained to users, with what they do to a trial", () => {
    const method = readFileSync(new URL("../../docs/method.md", import.meta.url), "utf8");
    const rows = method.split("\n").filter((line) => line.startsWith("| `"));
    for (const code of warningCodes) {
      const row = rows.find((line) => line.split("|")[1]?.includes(`\`${code}\``));
      const effect = invalidates(code) ? "is invalid" : "counts";
      const [cause, trial] = row?.split("|").slice(-3, -1) ?? [];
      expect(cause?.trim(), code).toBe(`the ${warningMeanings[code].causedBy}`);
      expect(trial?.trim(), code).toBe(effect);
    }
  });

  it("are each listed once, and all of them have a meaning", () => {
    expect(new Set(warningCodes).size).toBe(warningCodes.length);
    expect(Object.keys(warningMeanings).toSorted()).toEqual(warningCodes.toSorted());
  });

  it("make a trial invalid when its figures describe the harness, not when they describe the transport", () => {
    const invalidating = warningCodes.filter(invalidates);
    expect(invalidating).toEqual(
      expect.arrayContaining(["late-publisher", "slow-rate", "load-saturated", "clock"]),
    );
    for (const code of ["lost", "duplicated", "reordered", "corrupted", "server-saturated"]) {
      expect(invalidating).not.toContain(code);
    }
  });
});
