import { comparisonFormat, comparisonVersion } from "../bench/results/comparison.ts";
import type { BudgetOutcome, Change, Comparison, Side } from "../bench/results/comparison.ts";

// Comparisons made by hand, for tests of what reads them.

export function sideOf(level: number, spread = 0, trials = 2): Side {
  return { level, low: level - spread, high: level + spread, trials };
}

/** A counted metric that is the same on both sides. */
export function changeOf(overrides: Partial<Change> = {}): Change {
  return {
    variant: "sse",
    scenario: "overhead",
    phase: "steady",
    metric: "bytesPerMessage",
    unit: "bytes",
    better: "lower",
    tier: 0,
    gating: true,
    baseline: sideOf(283),
    candidate: sideOf(283),
    ratio: { estimate: 1, low: null, high: null, confidence: null },
    pValue: null,
    detectable: null,
    margin: { absolute: 0, relative: 0 },
    verdict: "pass",
    reason: "is the same",
    ...overrides,
  };
}

/** A median latency over interleaved pairs that is about the same. */
export function timingOf(overrides: Partial<Change> = {}): Change {
  return changeOf({
    scenario: "latency",
    metric: "p50",
    unit: "ns",
    tier: 1,
    baseline: sideOf(361_000, 9_000, 10),
    candidate: sideOf(364_000, 8_000, 10),
    ratio: { estimate: 1.008, low: 0.985, high: 1.03, confidence: 0.99 },
    pValue: 0.31,
    detectable: 0.081,
    margin: { absolute: 50_000, relative: 0.1 },
    reason: "no worsening of 8.1 % or more",
    ...overrides,
  });
}

export function budgetOf(overrides: Partial<BudgetOutcome> = {}): BudgetOutcome {
  return {
    variant: "websocket",
    scenario: "latency",
    phase: "steady",
    metric: "p99",
    unit: "ns",
    better: "lower",
    budget: "websocket.latency.p99 <= 50ms",
    operator: "<=",
    limit: 50e6,
    value: sideOf(3_120_000, 400_000, 6),
    outcome: "kept",
    reason: "all of its interval is within",
    ...overrides,
  };
}

export function comparisonOf(overrides: Partial<Comparison> = {}): Comparison {
  return {
    format: comparisonFormat,
    comparisonVersion,
    kind: "check",
    command: "npx bench check --baseline bench.baseline.json",
    finishedAt: "2026-11-23T08:31:05.250Z",
    baseline: { label: "bench.baseline.json", startedAt: null, trials: null, commit: null },
    candidate: {
      label: "bench-results/2026-11-23T08-30-05",
      startedAt: "2026-11-23T08:30:05.000Z",
      trials: null,
      commit: "68022b1f0c6ad1d7e6a6fa3ab71d7de5f5e0c2aa",
    },
    environment: { sameMachine: true, differences: [] },
    outcome: "pass",
    problems: [],
    changes: [],
    budgets: [],
    pairs: null,
    ...overrides,
  };
}

const variants = ["short-polling@250ms", "long-polling", "sse", "websocket"];

/** What a check usually finds: nothing. */
export function passingComparison(): Comparison {
  return comparisonOf({
    changes: variants.flatMap((variant) => [
      changeOf({ variant }),
      changeOf({
        variant,
        metric: "lost",
        unit: "count",
        baseline: sideOf(0),
        candidate: sideOf(0),
        ratio: null,
      }),
      changeOf({
        variant,
        scenario: "connections",
        phase: null,
        metric: "memory",
        baseline: sideOf(9_120, 200),
        candidate: sideOf(9_433, 150),
        ratio: { estimate: 1.0343, low: null, high: null, confidence: null },
        margin: { absolute: 4_000, relative: 0.3 },
        reason: "changed by less than is tolerated",
      }),
    ]),
    budgets: [budgetOf()],
  });
}

/** Each verdict and each outcome of a budget, in one session of `bench ab` on one machine. */
export function mixedComparison(): Comparison {
  return comparisonOf({
    kind: "ab",
    outcome: "regressed",
    command: "npx bench ab --base main --target http://127.0.0.1:3000 --seed 7",
    baseline: {
      label: "main",
      startedAt: "2026-11-23T08:30:05.000Z",
      trials: null,
      commit: "1f0c6ad1d7e6",
    },
    candidate: {
      label: "the working tree",
      startedAt: "2026-11-23T08:30:05.000Z",
      trials: null,
      commit: null,
    },
    environment: {
      sameMachine: true,
      differences: [{ name: "load before", baseline: "0.41", candidate: "0.39" }],
    },
    pairs: { explored: 9, confirming: 10, most: 20, invalid: 1 },
    changes: [
      changeOf(),
      changeOf({
        variant: "websocket",
        baseline: sideOf(4),
        candidate: sideOf(5),
        ratio: { estimate: 1.25, low: null, high: null, confidence: null },
        verdict: "regressed",
        reason: "every message costs 1 byte more",
      }),
      changeOf({
        variant: "long-polling",
        metric: "lost",
        unit: "count",
        baseline: sideOf(0),
        candidate: { level: 1, low: 0, high: 2, trials: 2 },
        ratio: null,
        verdict: "regressed",
        reason: "2 deliveries were lost in the worst trial, none before",
      }),
      changeOf({
        variant: "long-polling",
        metric: "setUpBytes",
        phase: "connect",
        baseline: sideOf(1_412),
        candidate: sideOf(1_208),
        ratio: { estimate: 0.8555, low: null, high: null, confidence: null },
        verdict: "improved",
        reason: "costs less",
      }),
      timingOf({
        candidate: sideOf(444_000, 12_000, 10),
        ratio: { estimate: 1.23, low: 1.18, high: 1.29, confidence: 0.99 },
        pValue: 0.00098,
        verdict: "regressed",
        reason: "p50 is 23 % slower (18 to 29 %), confirmed by 10 fresh pairs",
      }),
      timingOf({ variant: "websocket", detectable: 0.064 }),
      timingOf({
        variant: "long-polling",
        metric: "p90",
        baseline: sideOf(1_900_000, 700_000, 8),
        candidate: sideOf(2_100_000, 900_000, 8),
        ratio: { estimate: 1.09, low: 0.71, high: 1.6, confidence: 0.99 },
        pValue: 0.27,
        detectable: 0.42,
        margin: { absolute: 100_000, relative: 0.15 },
        verdict: "inconclusive",
        reason: "only a worsening of 42 % or more would have been found",
      }),
      timingOf({
        metric: "p99",
        gating: false,
        baseline: sideOf(2_900_000, 500_000, 10),
        candidate: sideOf(3_100_000, 600_000, 10),
        pValue: null,
        detectable: null,
        margin: { absolute: 0, relative: 0 },
        verdict: "shown",
        reason: "p99 doesn't gate",
      }),
    ],
    budgets: [
      budgetOf(),
      budgetOf({
        variant: "sse",
        scenario: "overhead",
        metric: "bytesPerMessage",
        unit: "bytes",
        budget: "sse.overhead.bytesPerMessage <= 20",
        limit: 20,
        value: sideOf(27),
        outcome: "exceeded",
        reason: "27 B in the worst trial, 20 B are allowed",
      }),
      budgetOf({
        variant: "sse",
        budget: "sse.latency.p99 <= 3ms",
        limit: 3e6,
        outcome: "unclear",
        reason: "3 ms lies within its interval",
      }),
      budgetOf({
        variant: "websocket",
        scenario: "connections",
        phase: null,
        metric: "held",
        unit: "count",
        better: "higher",
        budget: "connections.held >= 2000",
        operator: ">=",
        limit: 2_000,
        value: sideOf(2_048),
        reason: "2 048 were held",
      }),
    ],
  });
}

/** Files of different machines, of which one lacks a cell. */
export function failedComparison(): Comparison {
  return comparisonOf({
    kind: "compare",
    outcome: "failed",
    environment: {
      sameMachine: false,
      differences: [
        { name: "cpu", baseline: "AMD EPYC 7763", candidate: "Apple M2" },
        { name: "cores", baseline: "2", candidate: "8" },
      ],
    },
    problems: [
      {
        code: "missing-cell",
        text: "sse@5s × latency is missing; the candidate has sse × latency",
      },
      {
        code: "no-valid-trials",
        text: "websocket × latency: none of 5 trials of the candidate is valid",
      },
    ],
    changes: [
      timingOf({
        pValue: null,
        detectable: null,
        verdict: "shown",
        reason: "timing of different machines isn't judged",
      }),
      changeOf(),
      changeOf({
        metric: "requestsPerMessage",
        unit: "count",
        candidate: null,
        ratio: null,
        verdict: "inconclusive",
        reason: "the candidate hasn't it",
      }),
    ],
  });
}

/** Texts as a file that means no good may hold them. */
export const hostileText =
  "x|y <script>alert(1)</script> @octocat #1 `a` **b** ]]> \u001B[31mred\u001B[0m\u0000\uFFFE\u202E\n::error::pwned\r\n![i](http://e.vil/i.png)";

export function hostileComparison(): Comparison {
  return comparisonOf({
    outcome: "failed",
    command: `npx bench ab --base '${hostileText}'`,
    baseline: {
      label: hostileText,
      startedAt: "2026-11-23T08:30:05.000Z",
      trials: { played: 2, invalid: 1, reasons: [hostileText], faulty: 1, faults: [hostileText] },
      commit: hostileText,
    },
    environment: {
      sameMachine: false,
      differences: [{ name: hostileText, baseline: hostileText, candidate: hostileText }],
    },
    problems: [{ code: "configuration", text: hostileText }],
    changes: (["regressed", "inconclusive", "improved", "pass", "shown"] as const).map((verdict) =>
      timingOf({
        variant: hostileText,
        scenario: hostileText,
        phase: hostileText,
        metric: `${verdict} ${hostileText}`,
        verdict,
        reason: hostileText,
      }),
    ),
    budgets: [
      budgetOf({
        variant: hostileText,
        budget: hostileText,
        outcome: "exceeded",
        reason: hostileText,
      }),
    ],
  });
}
