import { describe, expect, it } from "vitest";
import { playedHost } from "../../test/hosts-fixture.ts";
import { environment, figureOf, phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { comparisonSchema } from "../results/comparison.ts";
import type { Change, Comparison } from "../results/comparison.ts";
import type { PlayedHost, Results, Trial } from "../results/schema.ts";
import type { CountedPhase } from "../../reports/cost/bytes.ts";
import { changeCells } from "../text/quantity.ts";
import { comparisonOf } from "./compare.ts";

function compared(baseline: Results, candidate: Results): Comparison {
  const comparison = comparisonOf(baseline, candidate, {
    kind: "compare",
    command: "npx bench compare a b",
    settings: {},
    labels: { baseline: "a", candidate: "b" },
  });
  return comparisonSchema.parse(comparison);
}

function changed(comparison: Comparison, metric: string): Change | undefined {
  return comparison.changes.find((change) => change.metric === metric);
}

function counted(overrides: Partial<CountedPhase> = {}, trial: Partial<Trial> = {}): Results {
  return resultsOf([trialOf("sse", { phases: [phaseOf(overrides)], ...trial })]);
}

/** Trials whose median delivery took so many milliseconds. */
function timed(...p50s: readonly number[]): Results {
  return resultsOf(
    p50s.map((ms, index) =>
      trialOf("sse", {
        repetition: index + 1,
        figures: [figureOf("delivery.p50", ms * 1e6, { unit: "ns", phase: "steady" })],
      }),
    ),
  );
}

const { wire, deliveries } = phaseOf();

function withBytes(down: number, answers = 0): Partial<CountedPhase> {
  return { wire: { ...wire, answers, parts: { ...wire.parts, deliveries: { down, up: 0 } } } };
}

describe("a comparison of what is counted", () => {
  it("passes where nothing has changed", () => {
    const comparison = compared(counted(), counted());
    expect(comparison).toMatchObject({ outcome: "pass", problems: [] });
    expect(new Set(comparison.changes.map(({ verdict }) => verdict))).toEqual(new Set(["pass"]));
  });

  it.each(["lost", "duplicated", "reordered", "corrupted"] as const)(
    "regresses when a single message is %s",
    (harm) => {
      const comparison = compared(counted(), counted({ deliveries: { ...deliveries, [harm]: 1 } }));
      expect(comparison.outcome).toBe("regressed");
      expect(changed(comparison, harm)).toMatchObject({
        verdict: "regressed",
        reason: "0 became 1",
      });
    },
  );

  it("doesn't count what was lost where it was tried how much is too much", () => {
    const tried = { isAttempt: true, deliveries: { ...deliveries, lost: 9 } } as const;
    expect(compared(counted({ isAttempt: true }), counted(tried)).changes).toEqual([]);
  });

  it("regresses when a single client was dropped, also where nothing was published", () => {
    const idle = { ...deliveries, intended: 0, expected: 0, delivered: 0 };
    const [before, now] = [0, 1].map((disconnected) => counted({ deliveries: idle, disconnected }));
    const change = before && now && changed(compared(before, now), "disconnected");
    expect(change).toMatchObject({ verdict: "regressed", reason: "0 became 1" });
  });

  it("can't tell who caused a loss in a trial that the machine has invalidated", () => {
    const lossy = { phases: [phaseOf({ deliveries: { ...deliveries, lost: 3 } })] };
    const spoilt = trialOf("sse", { ...lossy, repetition: 2, outcome: { status: "invalid" } });
    const good = trialOf("sse", { phases: [phaseOf()] });
    const comparison = compared(counted(), resultsOf([good, spoilt]));
    expect(comparison.outcome).toBe("inconclusive");
    expect(changed(comparison, "lost")).toMatchObject({
      verdict: "inconclusive",
      reason: expect.stringMatching(/^0 as before, but 3 in trial 2, which is invalid/),
    });
    // It is no excuse for a loss in a trial that counts.
    const both = compared(counted(), resultsOf([trialOf("sse", lossy), spoilt]));
    expect(both.outcome).toBe("regressed");
  });

  it("goes by the worst trial for losses", () => {
    const candidate = resultsOf([
      trialOf("sse", { phases: [phaseOf()] }),
      trialOf("sse", {
        repetition: 2,
        phases: [phaseOf({ deliveries: { ...deliveries, lost: 1 } })],
      }),
      trialOf("sse", { repetition: 3, phases: [phaseOf()] }),
    ]);
    const change = changed(compared(counted(), candidate), "lost");
    expect(change).toMatchObject({ verdict: "regressed", candidate: { level: 1, high: 1 } });
  });

  it.each([
    [11_000 + 40, "regressed"],
    [11_000 + 19, "pass"],
    [11_000 - 40, "improved"],
  ])("finds one byte more or less a message: %d bytes are %s", (bytes, verdict) => {
    const comparison = compared(counted(), counted(withBytes(bytes)));
    expect(changed(comparison, "bytesPerMessage")?.verdict).toBe(verdict);
    expect(comparison.outcome).toBe(verdict);
  });

  it.each([
    // 40 deliveries in 20 answers, each a head of 200 bytes, 5 digits and two messages of 260.
    [{}, "pass", "pass"],
    // A busy machine finds four at once, in bodies whose lengths have a digit more.
    [{ answers: 10, digitBytes: 60, heads: 2_000 }, "pass", "pass"],
    // An old server counts in four digits.
    [{ digitBytes: 220 }, "pass", "pass"],
    [{ heads: 4_020 }, "regressed", "pass"],
    [{ heads: 3_980 }, "improved", "pass"],
    [{ bodyBytes: 40 * 261 }, "pass", "regressed"],
  ])("of polls finds one byte more in a head or a body: %j", (now, ofAnswer, ofFraming) => {
    const pulled = (of: typeof now): Results => {
      const given = { answers: 20, digitBytes: 100, heads: 4_000, bodyBytes: 40 * 260, ...of };
      const { answers, digitBytes, heads, bodyBytes } = given;
      const down = heads + digitBytes + bodyBytes;
      const parts = { ...wire.parts, deliveries: { down, up: 0 } };
      const results = counted({ wire: { ...wire, answers, digitBytes, bodyBytes, parts } });
      const variants = results.variants.map((one) => ({ ...one, delivery: "pull" as const }));
      return { ...results, variants };
    };
    const comparison = compared(pulled({}), pulled(now));
    expect(changed(comparison, "bytesPerAnswer")?.verdict).toBe(ofAnswer);
    expect(changed(comparison, "framingBytes")?.verdict).toBe(ofFraming);
  });

  it.each([
    ["passes", 7_400, "pass"],
    ["fails", 7_401, "regressed"],
  ] as const)("%s where a heap of 6376 B a client became %d B, and says so", (...row) => {
    const [, bytes, outcome] = row;
    const heap = (of: number): Results =>
      resultsOf([trialOf("sse", { figures: [figureOf("heap", of)] })]);
    const comparison = compared(heap(6_376), heap(bytes));
    expect(comparison.outcome).toBe(outcome);
    expect(changed(comparison, "heap")?.detectable).toBeCloseTo(1_024 / 6_376, 9);
  });

  it.each(["memory", "heap"])("doesn't judge %s on another major version of Node", (metric) => {
    const memory = (bytes: number, node: string): Results => {
      const figures = [figureOf(metric, bytes)];
      const software = { ...environment.software, versions: { node } };
      return resultsOf([trialOf("sse", { figures })], {
        environment: { ...environment, software },
      });
    };
    const before = memory(8_000, "20.19.0");
    expect(compared(before, memory(18_240, "20.20.2")).outcome).toBe("regressed");
    expect(compared(before, memory(8_900, "20.20.2")).outcome).toBe("pass");
    expect(changed(compared(before, memory(18_240, "24.1.0")), metric)?.verdict).toBe("shown");
  });
});

describe("a comparison of timing", () => {
  const seven = [1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06] as const;
  const times = (factor: number): Results => timed(...seven.map((ms) => ms * factor));

  it("of runs at different times believes only what is enormous", () => {
    const verdicts = [1, 1.05, 1.3, 1.9, 0.4].map(
      (factor) => changed(compared(times(1), times(factor)), "p50")?.verdict,
    );
    expect(verdicts).toEqual(["pass", "pass", "inconclusive", "regressed", "improved"]);
  });

  it("of how much is served believes only what is enormously less", () => {
    const serving = (factor: number, bound: "range" | "at least" = "range"): Results =>
      resultsOf(
        seven.map((value, index) =>
          trialOf("sse", {
            repetition: index + 1,
            figures: [
              figureOf("throughput", 1e5 * value * factor, {
                unit: "per second",
                better: "higher",
                bound,
              }),
            ],
          }),
        ),
      );
    const verdicts = [1, 1.05, 1 / 1.4, 1 / 1.9, 1 / 0.4].map(
      (factor) => changed(compared(serving(1), serving(factor)), "throughput")?.verdict,
    );
    expect(verdicts).toEqual(["pass", "pass", "inconclusive", "regressed", "improved"]);
    // The clients were what limited.
    const lower = compared(serving(1), serving(0.5, "at least"));
    expect(changed(lower, "throughput")).toMatchObject({ verdict: "shown" });
  });

  it("says what it would have found, and sends whoever wants to know more to bench ab", () => {
    const pass = changed(compared(times(1), times(1)), "p50");
    expect(pass?.detectable).toBeGreaterThan(0.1);
    expect(pass?.detectable).toBeLessThan(0.3);
    expect(changed(compared(times(1), times(1.3)), "p50")?.reason).toContain("bench ab");
  });

  it("can't tell by few trials", () => {
    const comparison = compared(timed(1, 1.1, 1.2), timed(1, 1.1, 1.2));
    expect(comparison.outcome).toBe("inconclusive");
    expect(changed(comparison, "p50")?.reason).toContain("too few");
  });

  it("of different machines only shows it", () => {
    const host = { ...environment.host, cpu: "Another CPU" };
    const other = { ...times(9), environment: { ...environment, host } };
    const comparison = compared(times(1), other);
    expect(changed(comparison, "p50")).toMatchObject({ verdict: "shown", gating: false });
    expect(comparison).toMatchObject({
      outcome: "pass",
      environment: { sameMachine: false, differences: [{ name: "host.cpu" }] },
    });
  });

  it("judges interleaved pairs by the pairs, however much the machine drifts", () => {
    const paired = (side: "baseline" | "candidate", factor: number): Results => {
      const drifting = seven.map((ms, index) => ms * 3 ** index * factor);
      const results = timed(...drifting);
      const pairing = { session: "s", side, confirmsFrom: null };
      return { ...results, run: { ...results.run, pairing } };
    };
    const comparison = compared(paired("baseline", 1), paired("candidate", 1.2));
    expect(changed(comparison, "p50")?.verdict).toBe("regressed");
    expect(comparison.pairs).toMatchObject({ explored: 7, confirming: 0, invalid: 0 });
    expect(compared(paired("baseline", 1), paired("candidate", 1)).outcome).toBe("pass");
  });
});

describe("a comparison of runs on several machines", () => {
  const seven = [1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06] as const;
  const server = playedHost("north", ["servers"]);
  const on = (hosts: readonly PlayedHost[], factor = 1, clockBoundNs = 20_000): Results => {
    const results = timed(...seven.map((ms) => ms * factor));
    for (const { figures } of results.trials) {
      for (const figure of figures) figure.clockBoundNs = clockBoundNs;
    }
    return { ...results, environment: { ...environment, hosts: [...hosts] } };
  };
  const both = [server, playedHost("south", ["clients"])];

  it("judges timing between machines that are the same, from wherever they are told what to do", () => {
    const host = { ...environment.host, cpu: "A laptop" };
    const renamed = on([server, playedHost("east", ["clients"])], 1.9);
    const comparison = compared(on(both), {
      ...renamed,
      environment: { ...renamed.environment, host },
    });
    expect(comparison.environment).toMatchObject({ sameMachine: true, ofHosts: true });
    expect(changed(comparison, "p50")).toMatchObject({
      verdict: "regressed",
      candidate: { clockBound: 20_000 },
    });
    const [shown] = comparison.changes.filter(({ metric }) => metric === "p50").map(changeCells);
    expect(shown?.slice(0, 2)).toEqual(["1.03 ms ±0.0200 ms", "1.96 ms ±0.0200 ms"]);
  });

  it.each([
    ["others", [server, playedHost("south", ["clients"], { cores: 64 })]],
    [
      "others that do the same by another Node",
      [server, playedHost("s", ["clients"], { node: "24.1.0" })],
    ],
    [
      "the same in other roles",
      [{ ...server, ran: ["clients" as const] }, playedHost("s", ["servers"], { cores: 2 })],
    ],
    ["fewer", [server]],
    ["more", [...both, playedHost("west", ["clients"])]],
    ["none", []],
  ])("shows it only, beside %s", (_, hosts) => {
    const other = hosts.length === 0 ? timed(...seven.map((ms) => 9 * ms)) : on(hosts, 9);
    for (const comparison of [compared(on(both), other), compared(other, on(both))]) {
      expect(comparison.environment.sameMachine).toBe(false);
      expect(changed(comparison, "p50")).toMatchObject({ verdict: "shown", gating: false });
    }
  });

  it("neither alarms nor passes where clocks may be too far apart on either side", () => {
    for (const [before, now] of [
      [on(both, 1, 200_000), on(both, 9)],
      [on(both), on(both, 1, 200_000)],
    ] as const) {
      const comparison = compared(before, now);
      expect(comparison.outcome).toBe("inconclusive");
      expect(changed(comparison, "p50")).toMatchObject({
        verdict: "inconclusive",
        reason: "can't tell: the clocks of its machines may be apart by more than 10 % of it",
      });
      const cells = comparison.changes.flatMap(changeCells);
      expect(cells).toContain("(1.03 ms ±0.200 ms)");
    }
  });
});

describe("a comparison fails closed", () => {
  const base = counted();

  it.each<[string, Results, string, string]>([
    [
      "was interrupted",
      { ...base, run: { ...base.run, status: "interrupted" } },
      "interrupted",
      "candidate",
    ],
    [
      "has a failed trial",
      counted({}, { outcome: { status: "failed", by: "server", reason: "EMFILE", stderr: "" } }),
      "failed-trials",
      "EMFILE",
    ],
    ["has no trial", { ...base, trials: [] }, "no-valid-trials", "sse.latency"],
    [
      "has no such cell",
      resultsOf([trialOf("sse:eventsource", { phases: [phaseOf()] })]),
      "missing-cell",
      "sse.latency is missing from the candidate, which has sse:eventsource",
    ],
    [
      "has other phases",
      counted({ name: "stready" }),
      "missing-metric",
      "sse.latency.steady: the candidate has no lost, duplicated",
    ],
    [
      "had another workload",
      {
        ...base,
        cells: base.cells.map((cell) => ({ ...cell, workload: { ...cell.workload, clients: 3 } })),
      },
      "configuration",
      "clients was 2 and is 3",
    ],
    [
      "was played over a network",
      {
        ...base,
        cells: base.cells.map((cell) => ({
          ...cell,
          workload: { ...cell.workload, network: "4g" },
        })),
      },
      "configuration",
      "network was not set and is 4g",
    ],
    [
      "was served by several servers",
      {
        ...base,
        cells: base.cells.map((cell) => ({
          ...cell,
          workload: { ...cell.workload, servers: 3 },
        })),
      },
      "configuration",
      "servers was not set and is 3",
    ],
    [
      "had other options",
      { ...base, variants: base.variants.map((one) => ({ ...one, options: { heartbeatMs: 1 } })) },
      "configuration",
      "heartbeatMs",
    ],
    [
      "was of another server",
      {
        ...base,
        run: { ...base.run, target: { url: "http://127.0.0.1:1", command: null, observed: false } },
      },
      "configuration",
      "user's own server",
    ],
    ["has no number", counted(withBytes(Number.POSITIVE_INFINITY)), "not-a-number", "Infinity"],
  ])("when the candidate %s", (_, candidate, code, text) => {
    const comparison = comparisonOf(base, candidate, {
      kind: "compare",
      command: "",
      settings: {},
      labels: { baseline: "a", candidate: "b" },
    });
    expect(comparison.outcome).toBe("failed");
    const problem = comparison.problems.find((one) => one.code === code);
    expect(problem?.text).toContain(text);
  });

  it("but knows nothing where the machine has invalidated all trials of a cell, on either side", () => {
    const warnings = [{ code: "steal", phase: "steady", detail: "3 %" }] as const;
    const byMachine = { status: "failed", by: "machine", reason: "EMFILE", stderr: "" } as const;
    const spoilt = resultsOf([
      trialOf("sse", { outcome: { status: "invalid" }, warnings: [...warnings] }),
      trialOf("sse", { repetition: 2, outcome: byMachine }),
    ]);
    for (const [before, now, side] of [
      [base, spoilt, "candidate"],
      [spoilt, base, "baseline"],
    ] as const) {
      const { outcome, problems } = compared(before, now);
      expect(outcome).toBe("inconclusive");
      const text = `sse.latency: no valid trial in the ${side} (stolen processor time, EMFILE)`;
      expect(problems).toEqual([{ code: "machine", text }]);
    }
  });

  it("and not because of a trial that the machine made fail and that was replaced", () => {
    const failed = { status: "failed", by: "machine", reason: "EMFILE", stderr: "" } as const;
    const comparison = compared(
      base,
      resultsOf([
        trialOf("sse", { outcome: failed }),
        trialOf("sse", { repetition: 2, phases: [phaseOf()] }),
      ]),
    );
    expect(comparison).toMatchObject({ outcome: "pass", problems: [] });
    expect(comparison.candidate.trials).toMatchObject({ played: 2, invalid: 1, faulty: 0 });
  });

  it("when the baseline was measured with a fault, and not when the candidate was", () => {
    const faulty = { ...base, run: { ...base.run, fault: '{"kind":"drop"}' } };
    expect(compared(faulty, base).problems).toMatchObject([{ code: "fault" }]);
    expect(compared(base, faulty).outcome).toBe("pass");
  });

  it("when a ratio would need to divide by zero", () => {
    expect(compared(timed(0, 1), timed(1, 1)).problems).toMatchObject([{ code: "not-a-number" }]);
  });

  it("but not for a cap on connections that nothing searches for", () => {
    const cells = base.cells.map((cell) => ({
      ...cell,
      workload: { ...cell.workload, maxConnections: 7 },
    }));
    expect(compared(base, { ...base, cells }).outcome).toBe("pass");
  });
});
