import { expect, it } from "vitest";
import { baselineHead } from "../bench/check/baseline.ts";
import { mixedComparison } from "./comparison-fixture.ts";
import { mutated } from "./fuzz/mutated.ts";
import { wrongWithBaseline, wrongWithComparison, wrongWithResults } from "./fuzz/tried.ts";
import { pageResults } from "./page-fixture.ts";
import { usualProxyResults } from "./proxies-fixture.ts";

// `npm run fuzz` goes on for longer, from any seed; `.ci/run` has it do so.
const seeds = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

it("reports whatever results file isn't refused, without a trace of what is wrong in it", async () => {
  for (const [usual, count] of [
    [pageResults(), 20],
    [usualProxyResults, 20],
  ] as const) {
    for (const seed of seeds(count)) {
      const text = JSON.stringify(mutated(usual, seed));
      expect([seed, await wrongWithResults(text, usual)]).toEqual([seed, []]);
    }
  }
});

it("reports whatever comparison isn't refused", async () => {
  const usual = mixedComparison();
  for (const seed of seeds(500)) {
    const text = JSON.stringify(mutated(usual, seed));
    expect([seed, await wrongWithComparison(text)]).toEqual([seed, []]);
  }
});

it("reads or refuses any baseline", () => {
  const workload = {
    clients: 1,
    durationMs: 1,
    maxConnections: 1,
    payloadBytes: 1,
    ratePerSecond: 1,
  };
  const usual = {
    ...baselineHead,
    node: 20,
    server: "built-in",
    scenarios: { latency: { ...workload, warmUpMs: 1 } },
    counted: { sse: { latency: { steady: { bytesPerMessage: 283, lost: 0 } } } },
  };
  for (const seed of seeds(500)) {
    expect([seed, wrongWithBaseline(JSON.stringify(mutated(usual, seed)))]).toEqual([seed, []]);
  }
});
