import { describe, expect, it } from "vitest";
import { judgeFixed, limitsFor, nextMove } from "./stopping-rule.ts";
import type { Move } from "./stopping-rule.ts";
import type { Judgement, PairedMetric } from "./evidence.ts";

const limits = { minPairs: 7, maxPairs: 20, confirmingPairs: 10, alpha: 0.01 };

/** A calm pattern of pairs around a change, in ln: never two of the same size. */
const calm = [0.02, -0.03, 0.01, -0.01, 0.035, -0.024, 0.004, 0.015, -0.017, 0.027];

/** A metric of around 10 ms, in nanoseconds, that is worse by so much in each pair. */
function metric(differences: readonly number[], over: Partial<PairedMetric> = {}): PairedMetric {
  return {
    name: "p50",
    differences,
    absolute: differences.map((one) => 1e7 * Math.expm1(one)),
    margin: 0.1,
    minAbsolute: 1e5,
    ...over,
  };
}

function around(change: number, pairs: number, noise = 1): number[] {
  return Array.from({ length: pairs }, (_, index) => {
    const turn = 1 + Math.floor(index / calm.length) / 10;
    return Math.log1p(change) + noise * turn * (calm[index % calm.length] ?? 0);
  });
}

function verdictsOf(move: Move): string[] {
  return move.what === "end" ? move.judgements.map(({ verdict }) => verdict) : [move.what];
}

function onlyOf(judgements: readonly Judgement[]): Judgement {
  const [only] = judgements;
  if (only === undefined) throw new Error("nothing was judged");
  return only;
}

function endOf(move: Move): Judgement {
  if (move.what !== "end") throw new Error(`it goes on: ${move.what}`);
  return onlyOf(move.judgements);
}

describe("exploring", () => {
  it("plays seven pairs before it decides anything", () => {
    for (const change of [-0.5, 0, 0.5]) {
      expect(nextMove([metric(around(change, 6))], null, limits).what).toBe("play");
      expect(nextMove([metric(around(change, 7))], null, limits).what).not.toBe("play");
    }
  });

  it("ends early where no metric is worse by what is tolerated", () => {
    const judgement = endOf(nextMove([metric(around(0.01, 7))], null, limits));
    expect(judgement).toMatchObject({ name: "p50", verdict: "pass" });
    expect(judgement.reason).toMatch(
      /^no worsening of 10 % or more: \+1.\d % \(−2 to \+4.6 %\) over 7 pairs$/,
    );
    expect(judgement.ratio?.confidence).toBeCloseTo(1 - 2 / 128, 12);
  });

  it("goes on as long as one metric isn't clear", () => {
    const clear = metric(around(0, 9));
    const open = metric(around(0.09, 9), { name: "p90" });
    expect(nextMove([clear, open], null, limits).what).toBe("play");
  });

  it("asks for fresh pairs of what is suspected, and names no more than that", () => {
    const metrics = [
      metric(around(0, 8)),
      metric(around(0.25, 8), { name: "p90" }),
      metric(around(0.4, 8), { name: "cpu" }),
    ];
    expect(nextMove(metrics, null, limits)).toEqual({
      what: "confirm",
      suspects: ["p90", "cpu"],
    });
  });

  it("doesn't suspect what is significant, but tolerated", () => {
    const tolerated = metric(around(0.08, 20, 0.3));
    expect(verdictsOf(nextMove([tolerated], null, limits))).toEqual(["pass"]);
    const tiny = metric(around(0.3, 20), { minAbsolute: 4e6 });
    expect(verdictsOf(nextMove([tiny], null, limits))).toEqual(["pass"]);
  });

  it("finds an improvement, which doesn't fail", () => {
    const judgement = endOf(nextMove([metric(around(-0.3, 9))], null, limits));
    expect(judgement.verdict).toBe("improved");
    expect(judgement.reason).toMatch(/^30 % better \(2\d to 3\d %\) over 9 pairs$/);
  });

  it("passes after the last pair what wasn't found, and says what would have been", () => {
    const judgement = endOf(nextMove([metric(around(0.06, 20, 3))], null, limits));
    expect(judgement.verdict).toBe("pass");
    expect(judgement.reason).toMatch(
      /^not shown to be worse by 10 % or more: .* a worsening of \d\d % would have/,
    );
    expect(judgement.detectable).toBeGreaterThan(0.1);
    expect(judgement.detectable).toBeLessThan(0.3);
  });

  it("can't tell where noise would hide a worsening of 30 %", () => {
    const judgement = endOf(nextMove([metric(around(0.04, 20, 12))], null, limits));
    expect(judgement.verdict).toBe("inconclusive");
    expect(judgement.reason).toMatch(/^can't tell: /);
    expect(judgement.detectable).toBeGreaterThan(0.3);
  });

  it("doesn't pass what looks worse than is tolerated, though stalls hide the proof", () => {
    const stalled = around(0.3, 20).map((one, index) => (index % 6 === 0 ? one - 0.7 : one));
    const judgement = endOf(nextMove([metric(stalled)], null, limits));
    expect(judgement.verdict).toBe("inconclusive");
    expect(judgement.ratio?.estimate).toBeGreaterThan(1.2);
  });

  it("doesn't ask for more than its user does, who tolerates 80 %", () => {
    const tolerant = metric(around(0.4, 20, 12), { margin: 0.8 });
    const judgement = endOf(nextMove([tolerant], null, limits));
    expect(judgement.verdict).toBe("pass");
    expect(judgement.detectable).toBeGreaterThan(0.8);
  });

  it("counts what is tolerated in the metric's unit into what it can detect", () => {
    const coarse = metric(around(0.02, 7), { minAbsolute: 4e6 });
    expect(endOf(nextMove([coarse], null, limits)).reason).toMatch(/^no worsening of 40 % or more/);
  });
});

describe("confirming", () => {
  const suspected = [metric(around(0.25, 7)), metric(around(0, 7), { name: "p90" })];

  it("fails what the fresh pairs show again", () => {
    const fresh = [metric(around(0.23, 10)), metric(around(0, 10), { name: "p90" })];
    const move = nextMove(suspected, fresh, limits);
    expect(verdictsOf(move)).toEqual(["regressed", "pass"]);
    const judgement = endOf(move);
    expect(judgement.reason).toMatch(/^23 % worse \(2\d to 2\d %\), confirmed by 10 fresh pairs$/);
    expect(judgement.pValue).toBe(1 / 1_024);
  });

  it("goes on until there are as many fresh pairs as were asked for", () => {
    const fresh = [metric(around(0.23, 9))];
    expect(nextMove(suspected, fresh, limits).what).toBe("confirm");
  });

  it("acquits by the fresh pairs alone, however clear the first ones were", () => {
    const judgement = endOf(nextMove(suspected, [metric(around(0, 10))], limits));
    expect(judgement.verdict).toBe("pass");
    expect(judgement.reason).toMatch(/^suspected, but not confirmed by 10 fresh pairs: /);
  });

  it("can't tell where the fresh pairs lean the same way without proving it", () => {
    const leaning = around(0.2, 10).map((one, index) => (index < 3 ? -one : one));
    expect(verdictsOf(nextMove(suspected, [metric(leaning)], limits))[0]).toBe("inconclusive");
  });

  it("adjusts for several suspects", () => {
    const worse = around(0.3, 10).map((one, index) => (index === 0 ? -0.08 : one));
    const names = ["p50", "p90", "cpu"];
    const first = names.map((name) => metric(around(0.3, 7), { name }));
    const fresh = names.map((name) => metric(worse, { name }));
    const alone = nextMove(first.slice(0, 1), fresh, limits);
    const together = nextMove(first, fresh, limits);
    expect(endOf(alone).pValue).toBeCloseTo(2 / 1_024, 12);
    expect(endOf(together).pValue).toBeCloseTo(6 / 1_024, 12);
  });

  it("fails nobody whom only the confirming pairs have made suspect, and doesn't pass them", () => {
    const p90 = metric(around(0.25, 10), { name: "p90" });
    const move = nextMove(suspected, [metric(around(0.23, 10)), p90], limits);
    expect(verdictsOf(move)).toEqual(["regressed", "inconclusive"]);
  });

  it("can't tell without the fresh pairs that were asked for", () => {
    const other = metric(around(0, 10), { name: "p90" });
    const judgement = endOf(nextMove(suspected, [other], limits));
    expect(judgement).toMatchObject({ verdict: "inconclusive", pValue: null });
  });
});

describe("what isn't sound", () => {
  it.each([
    ["a difference that isn't a number", metric([...around(0, 9), Number.NaN])],
    ["an infinite one", metric([...around(0.5, 9), Number.POSITIVE_INFINITY])],
    ["values of different number", metric(around(0.5, 9), { absolute: [1] })],
    ["a margin that isn't one", metric(around(0.5, 9), { margin: Number.NaN })],
    ["a margin below zero", metric(around(0, 9), { minAbsolute: -1 })],
  ])("never passes: %s", (_, unsound) => {
    const sound = metric(around(0, 9), { name: "p90" });
    expect(verdictsOf(nextMove([unsound, sound], null, limits))).toEqual(["inconclusive", "pass"]);
    expect(verdictsOf({ what: "end", judgements: judgeFixed([unsound], null, limits) })).toEqual([
      "inconclusive",
    ]);
  });

  it("waits for values of a metric that has none yet, and doesn't pass it", () => {
    const none = metric([]);
    expect(nextMove([none], null, limits).what).toBe("play");
    const other = metric(around(0, 20), { name: "p90" });
    expect(verdictsOf(nextMove([none, other], null, limits))).toEqual(["inconclusive", "pass"]);
  });

  it("takes differences that are all zero for no change", () => {
    const same = metric(Array.from({ length: 7 }, () => 0));
    expect(verdictsOf(nextMove([same], null, limits))).toEqual(["pass"]);
  });
});

describe("pairs that were played before", () => {
  it("fails by them alone where there are no others, adjusted for all metrics", () => {
    const metrics = [metric(around(0.3, 10)), metric(around(0, 10), { name: "p90" })];
    const judgements = judgeFixed(metrics, null, limits);
    expect(judgements.map(({ verdict }) => verdict)).toEqual(["regressed", "pass"]);
    expect(onlyOf(judgements).pValue).toBeCloseTo(2 / 1_024, 12);
  });

  it("are too few where an exact test can't reach the level", () => {
    const judgement = onlyOf(judgeFixed([metric(around(0.5, 6))], null, limits));
    expect(judgement.verdict).toBe("inconclusive");
    expect(judgement.reason).toBe("6 pairs of valid trials; at least 7 are needed");
  });

  it("never pass where they are too few to fail any of several metrics", () => {
    const metrics = ["p50", "p90", "cpu"].map((name) => metric(around(0.2, 7), { name }));
    const [one, ...others] = judgeFixed(metrics, null, limits);
    expect([one, ...others].map((judgement) => judgement?.verdict)).toEqual(
      metrics.map(() => "inconclusive"),
    );
    expect(one?.reason).toMatch(/too few pairs to show any worsening$/);
    expect(judgeFixed(metrics.slice(0, 1), null, limits)[0]?.verdict).toBe("regressed");
  });

  it("are judged as when they were played", () => {
    for (const change of [-0.3, 0, 0.06, 0.25]) {
      const metrics = [metric(around(change, 20, 3)), metric(around(0, 20), { name: "p90" })];
      const fresh = [metric(around(change, 10, 3))];
      const move = nextMove(metrics, fresh, limits);
      expect({ what: "end", judgements: judgeFixed(metrics, fresh, limits) }).toEqual(move);
    }
  });

  it("fail nobody whose confirmation was cut short", () => {
    const judgement = onlyOf(judgeFixed([metric(around(0.3, 9))], [], limits));
    expect(judgement.verdict).toBe("inconclusive");
    expect(judgement.reason).toMatch(/^suspected, but not confirmed: 0 pairs of valid trials/);
  });

  it("are judged by the confirming ones where something was suspected", () => {
    const first = [metric(around(0.3, 7))];
    const verdict = (fresh: readonly number[]): string =>
      onlyOf(judgeFixed(first, [metric(fresh)], limits)).verdict;
    expect(verdict(around(0.3, 10))).toBe("regressed");
    expect(verdict(around(0, 10))).toBe("pass");
    expect(verdict(around(0.3, 4))).toBe("inconclusive");
  });
});

it("confirms by as many pairs as it explores at most, and by ten at least", () => {
  expect([7, 20, 60].map((most) => limitsFor(most).confirmingPairs)).toEqual([10, 20, 60]);
});
