import { expect, it } from "vitest";
import { environment, resultsOf, trialsOf } from "../test/results-fixture.ts";
import type { Results } from "../bench/results/schema.ts";
import { sideBySide } from "./side-by-side.ts";

function resultsWith(values: readonly number[], kernel = "6.1.0"): Results {
  const trials = trialsOf("sse", "p50", values, { unit: "ns", headline: true });
  const host = { ...environment.host, kernel, loadBefore: values.length };
  return resultsOf(trials, { environment: { ...environment, host } });
}

it("two runs side by side say what differs around them, and in their headline figures", () => {
  const text = sideBySide(resultsWith([1e6, 1.1e6]), resultsWith([2e6, 2.2e6], "6.2.0"));
  expect(text.split("\n")).toEqual([
    "SIDE BY SIDE, then → now",
    "What differs in the environment:",
    '  host.kernel: "6.1.0" → "6.2.0"',
    "  latency sse, p50: 1.05 ms → 2.10 ms (intervals apart)",
    "Two runs at different times say little about small differences in time.",
  ]);
});

it("two runs side by side in one environment say that nothing differs, and what is missing", () => {
  const text = sideBySide(resultsWith([1e6, 2e6]), resultsOf([]));
  expect(text).toContain("The environments do not differ.");
  expect(text).toContain("latency sse, p50: 1.50 ms → none");
});

it("two runs side by side do nothing to a terminal", () => {
  const text = sideBySide(resultsWith([1]), resultsWith([1], "\u001B[31m\u0007evil\nforged"));
  // oxlint-disable-next-line no-control-regex
  expect(text.match(/[^\P{Cc}\n]/gu)).toBeNull();
  expect(text).not.toMatch(/^forged/m);
});
