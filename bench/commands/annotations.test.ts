import { describe, expect, it } from "vitest";
import {
  changeOf,
  comparisonOf,
  hostileComparison,
  mixedComparison,
  passingComparison,
} from "../../test/comparison-fixture.ts";
import { annotationLines } from "./annotations.ts";

describe("annotations for GitHub", () => {
  it("are errors for what fails, and warnings for what can't be told", () => {
    expect(annotationLines(mixedComparison())).toEqual([
      "::error title=websocket.overhead.steady.bytesPerMessage%3A regressed::every message costs 1 byte more",
      "::error title=long-polling.overhead.steady.lost%3A regressed::2 deliveries were lost in the worst trial, none before",
      "::error title=sse.latency.steady.p50%3A regressed::p50 is 23 %25 slower (18 to 29 %25), confirmed by 10 fresh pairs",
      "::error title=sse.overhead.bytesPerMessage <= 20%3A exceeded::27 B in the worst trial, 20 B are allowed",
      "::warning title=long-polling.latency.steady.p90%3A inconclusive::only a worsening of 42 %25 or more would have been found",
      "::warning title=sse.latency.p99 <= 3ms%3A unclear::3 ms lies within its interval",
    ]);
  });

  it("are none where nothing has to be looked at", () => {
    expect(annotationLines(passingComparison())).toEqual([]);
  });

  it("are ten at most of each kind, of which the last says how many are missing", () => {
    const changes = Array.from({ length: 25 }, (_, index) =>
      changeOf({ metric: `m${index}`, verdict: index % 2 === 0 ? "regressed" : "inconclusive" }),
    );
    const lines = annotationLines(comparisonOf({ changes }));
    expect(lines).toHaveLength(20);
    expect(lines[9]).toBe("::error title=and 4 more::The step's summary has them all.");
    expect(lines[19]).toBe("::warning title=and 3 more::The step's summary has them all.");
    expect(annotationLines(comparisonOf({ changes: changes.slice(0, 20) }))).toHaveLength(20);
  });

  it("stay one line and one command each, whatever is in them", () => {
    for (const line of annotationLines(hostileComparison())) {
      expect(line).toMatch(/^::(error|warning) title=[^:,\r\n]*::[^\r\n]*$/);
      expect(line).toContain(String.raw`\u001b[31mred\u001b[0m\u0000\ufffe\u202e`);
      expect(line).toMatch(/^[ -~]*$/);
    }
  });
});
