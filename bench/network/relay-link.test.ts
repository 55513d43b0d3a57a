import { describe, expect, it } from "vitest";
import { passedOn } from "../settings/relay-profile.ts";
import type { RelayDirection } from "../settings/relay-profile.ts";
import { RelayLink, isImpaired } from "./relay-link.ts";

function link(profile: Partial<RelayDirection>, nowMs = 0): RelayLink {
  return new RelayLink({ ...passedOn, ...profile }, 1, nowMs);
}

describe("the link of a relay", () => {
  it("delays all alike", () => {
    expect(link({ delayMs: 40 }).arrivalMs(100, 1_000)).toBeCloseTo(1_040, 6);
  });

  it("sends one piece after the other, of all connections, at its rate", () => {
    const shared = link({ delayMs: 10, bitsPerSecond: 8_000 });
    expect(shared.arrivalMs(100, 0)).toBeCloseTo(110, 6);
    expect(shared.arrivalMs(100, 50)).toBeCloseTo(210, 6);
    expect(shared.arrivalMs(100, 500)).toBeCloseTo(610, 6);
  });

  it("has what takes no room wait for what is before it, and nothing wait for that", () => {
    const shared = link({ bitsPerSecond: 8_000 });
    shared.arrivalMs(100, 0);
    expect(shared.arrivalMs(0, 50)).toBeCloseTo(100, 6);
    // The answer to one that has yet to arrive.
    expect(shared.arrivalMs(0, 5_000)).toBeCloseTo(5_000, 6);
    expect(shared.arrivalMs(100, 60)).toBeCloseTo(200, 6);
  });

  it("adds a jitter whose mean is what was asked for", () => {
    for (const jitterShape of ["uniform", "exponential"] as const) {
      const jittery = link({ jitterMs: 10, jitterShape });
      const added = Array.from(
        { length: 5_000 },
        (_, at) => jittery.arrivalMs(1, at * 50) - at * 50,
      );
      const mean = added.reduce((total, ms) => total + ms, 0) / added.length;
      expect(mean).toBeGreaterThan(9);
      expect(mean).toBeLessThan(11);
    }
  });

  it("forwards nothing at the end of each period, which a phase begins anew", () => {
    const train = link({ delayMs: 5, outages: { everyMs: 1_000, forMs: 200 } });
    expect(train.arrivalMs(1, 700)).toBeCloseTo(705, 6);
    expect(train.arrivalMs(1, 850)).toBeCloseTo(1_005, 6);
    expect(train.arrivalMs(1, 797)).toBeCloseTo(1_002, 6);
    train.begin(1, 850);
    expect(train.arrivalMs(1, 850)).toBeCloseTo(855, 6);
    expect(train.arrivalMs(1, 1_700)).toBeCloseTo(1_855, 6);
  });

  it("draws the same from the same seed, phase by phase", () => {
    const jittery = link({ jitterMs: 10 });
    const first = jittery.arrivalMs(1, 0);
    const second = jittery.arrivalMs(1, 1_000) - 1_000;
    expect(second).not.toBeCloseTo(first, 6);
    jittery.begin(1, 2_000);
    expect(jittery.arrivalMs(1, 2_000) - 2_000).toBeCloseTo(first, 6);
  });

  it("is none where connections meet nothing but what holds them back, cuts them up or ends them", () => {
    const held = { hold: { bytes: 10, forMs: 10 }, sliceBytes: 4, idleTimeoutMs: 1_000 };
    expect(isImpaired({ ...passedOn, ...held })).toBe(false);
    for (const change of [
      { delayMs: 1 },
      { jitterMs: 1 },
      { bitsPerSecond: 8_000 },
      { outages: { everyMs: 100, forMs: 10 } },
    ]) {
      expect(isImpaired({ ...passedOn, ...change })).toBe(true);
    }
  });
});
