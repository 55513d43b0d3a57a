import { describe, expect, it } from "vitest";
import { groupedBy } from "./grouped.ts";

describe("what is grouped by a key", () => {
  it("keeps its order, and that in which the keys first appear", () => {
    const groups = groupedBy(["pear", "apple", "plum", "fig", "avocado"], (name) => name[0]);
    expect([...groups]).toEqual([
      ["p", ["pear", "plum"]],
      ["a", ["apple", "avocado"]],
      ["f", ["fig"]],
    ]);
  });

  it("is nothing where there is nothing", () => {
    expect(groupedBy([], String).size).toBe(0);
  });
});
