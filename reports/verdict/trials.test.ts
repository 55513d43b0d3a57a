import { describe, expect, it } from "vitest";
import { comparisonOf } from "../../test/comparison-fixture.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { terminal } from "./terminal.ts";

const base = comparisonOf();
const trials = {
  played: 8,
  invalid: 2,
  reasons: ["stolen processor time"],
  faulty: 1,
  faults: ["44 lost, 1 disconnected"],
};
const invalidated = comparisonOf({
  outcome: "inconclusive",
  candidate: { ...base.candidate, trials },
  problems: [
    {
      code: "machine",
      text: "sse.latency: no valid trial in the candidate (stolen processor time)",
    },
  ],
});

describe("the trials of a comparison", () => {
  it.each([
    ["the terminal", terminal.render(invalidated, { colour: false })],
    ["Markdown", markdown.render(invalidated)],
    ["JUnit", junit.render(invalidated)],
  ])(
    "are counted in %s: what the machine has invalidated, and what the server did wrong",
    (_, text) => {
      const words = text.replaceAll(/\s+/g, " ").replaceAll("\\", "");
      expect(words).toContain(
        "Of 8 trials of the candidate: 2 invalid because of the machine (stolen processor time), left out; " +
          "1 in which the server was at fault (44 lost, 1 disconnected), counted.",
      );
      expect(words).toContain("can't tell: sse.latency: no valid trial");
    },
  );

  it("are an error to no test report where only the machine was at fault", () => {
    expect(junit.render(invalidated)).toMatch(/tests="2" failures="0" errors="0" skipped="2"/);
  });

  it("are not mentioned where nothing went wrong", () => {
    const fine = { ...trials, invalid: 0, reasons: [], faulty: 0, faults: [] };
    const comparison = comparisonOf({ candidate: { ...base.candidate, trials: fine } });
    expect(terminal.render(comparison, { colour: false })).not.toContain("trials");
  });
});
