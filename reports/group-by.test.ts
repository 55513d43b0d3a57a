import { describe, expect, it } from "vitest";
import { groupBy } from "./group-by.ts";

describe("what is grouped by a key", () => {
  it("keeps its order, and that in which the keys first appear", () => {
    const groups = groupBy(["pear", "apple", "plum", "fig", "avocado"], (name) => name[0]);
    expect([...groups]).toEqual([
      ["p", ["pear", "plum"]],
      ["a", ["apple", "avocado"]],
      ["f", ["fig"]],
    ]);
  });

  it("is nothing where there is nothing", () => {
    expect(groupBy([], String).size).toBe(0);
  });
});
