import { describe, expect, it } from "vitest";
import { changeOf, comparisonOf, sideOf, timingOf } from "../../test/comparison-fixture.ts";
import { memorySentence, ratioSentence } from "./sentences.ts";

describe("a change that isn't that of the two columns beside it", () => {
  const medians = { baseline: sideOf(100), candidate: sideOf(104) };

  it("is explained in a sentence", () => {
    const ratio = { estimate: 0.97, low: 0.95, high: 0.99, confidence: 0.98 };
    const changes = [timingOf({ ...medians, ratio })];
    expect(ratioSentence(comparisonOf({ kind: "ab", changes }))).toMatch(/median over the pairs/);
  });

  it("needs no sentence where both are the same", () => {
    const ratio = { estimate: 1.041, low: 1, high: 1.1, confidence: 0.98 };
    const changes = [timingOf({ ...medians, ratio })];
    expect(ratioSentence(comparisonOf({ kind: "ab", changes }))).toBeNull();
  });
});

describe("memory", () => {
  it("is said to have been looked at with how small a growth would have been detected", () => {
    const margin = { absolute: 6_144, relative: 0.3 };
    const memory = changeOf({ metric: "memory", phase: null, baseline: sideOf(12_288), margin });
    expect(memorySentence(comparisonOf({ changes: [memory] }))).toBe(
      "Resident memory: growth of more than 6144 B (50 %) a client with sse would have been detected.",
    );
  });

  it("names what JavaScript holds first, where that is known, too", () => {
    const [memory, heap] = [
      changeOf({ metric: "memory", margin: { absolute: 6_144, relative: 0.3 } }),
      changeOf({ metric: "heap", margin: { absolute: 1_024, relative: 0.1 } }),
    ].map((change) => Object.assign(change, { phase: null, baseline: sideOf(8_192) }));
    const changes = [memory, heap].filter((change) => change !== undefined);
    expect(memorySentence(comparisonOf({ changes }))).toMatch(
      /^What is held in heap and buffers: growth of more than 1024 B \(13 %\) .+ Resident memory: growth of more than 6144 B/,
    );
  });
});
