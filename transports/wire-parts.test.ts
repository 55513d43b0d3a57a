import { describe, expect, it } from "vitest";
import { partSchema } from "../bench/results/recorded-wire.ts";
import { factsOf, isNumbered, numberedParts, partNames, partsPer, perPart } from "./wire-parts.ts";

describe("the parts of what crosses a wire", () => {
  it("are each spent on one thing", () => {
    const all = (["connection", "message", "time", "nothing"] as const).flatMap(partsPer);
    expect(all.toSorted()).toEqual(partNames.toSorted());
  });

  it("have something for each of them, in the order of the list", () => {
    const labels = perPart((part) => factsOf(part).label);
    expect(Object.keys(labels)).toEqual(partNames);
    expect(labels.emptyPolls).toBe("empty polls");
  });

  it("have numbers in them or not", () => {
    expect(partNames.filter(isNumbered)).toEqual(numberedParts);
    expect(isNumbered("heartbeats")).toBe(false);
  });

  it("have labels and colours of their own, since a chart shows them side by side", () => {
    const facts = partNames.map(factsOf);
    expect(new Set(facts.map(({ label }) => label)).size).toBe(partNames.length);
    expect(new Set(facts.map(({ colour }) => colour)).size).toBe(partNames.length);
  });

  it("are nothing in results from before they were told apart, and else never left out", () => {
    const facts = factsOf("heartbeats");
    expect(partSchema({ ...facts, isLater: true }).parse(undefined)).toEqual({ down: 0, up: 0 });
    expect(partSchema(facts).safeParse(undefined).success).toBe(false);
  });
});
