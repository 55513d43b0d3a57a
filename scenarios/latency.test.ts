import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { latency } from "./latency.ts";
import type { MeasuredPhase } from "./scenario.ts";

/** 1 000 deliveries, a tenth of them lost; a percentile q came after q seconds. */
const measured = (): Partial<MeasuredPhase> => ({
  expected: 1_000,
  delivered: 900,
  lost: 100,
  arrived: 500,
  served: 800,
  delivery: (q) => (q > 0.95 ? null : q * 1e9),
  lastClient: (q) => 2e9 * q,
  maxDeliveryNs: 3e9,
  serverCpuMs: 40,
  loadCpuMs: 75,
});

describe("the latency scenario", () => {
  it("connects, warms up, measures and disconnects, in this order", async () => {
    const stage = new ScriptedStage();
    await latency.play(stage);
    expect(stage.calls).toEqual([
      "phase connect",
      "  connect 10",
      "warm-up",
      "  publish 200/s for 250 ms",
      "  publish 20/s for 250 ms",
      "phase steady",
      "  publish 20/s for 1000 ms",
      "disconnect to 0",
    ]);
  });

  it.each([
    // Ten times the rate, but not more than 10 000 deliveries a second, and never less than the rate.
    [50, 20, 200],
    [100, 20, 100],
    [1_000, 2, 10],
    [1_000, 500, 500],
  ])(
    "hurries the warm-up of %d clients at %d/s to %d/s",
    async (clients, ratePerSecond, hurried) => {
      const stage = new ScriptedStage({ workload: { clients, ratePerSecond } });
      await latency.play(stage);
      expect(stage.calls).toContain(`  publish ${hurried}/s for 250 ms`);
    },
  );

  it("warms up for at least one poll interval", async () => {
    const stage = new ScriptedStage({ transport: { pollIntervalMs: 2_000 } });
    await latency.play(stage);
    expect(stage.calls).toContain("  publish 20/s for 2000 ms");
  });

  it.each([
    ["delivery.p50", 0.5e9],
    ["delivery.p90", 0.9e9],
    ["delivery.p99", null],
    ["delivery.max", 3e9],
    ["loss", 10],
    ["lastClient.p50", 1e9],
    // 40 ms for 800 deliveries with the canary's, and 75 for the fleet's 500.
    ["cpu.server", 50],
    ["cpu.client", 150],
  ])("states %s as %j", async (key, value) => {
    const stage = new ScriptedStage({ measured });
    await latency.play(stage);
    expect(stage.value(key)).toBe(value);
  });

  it("tells why a percentile is missing, and has one headline", async () => {
    const stage = new ScriptedStage({ measured });
    await latency.play(stage);
    expect(stage.stated("delivery.p99")?.note).toBe("too few deliveries for this percentile");
    expect(stage.stated("delivery.p90")?.note).toBeUndefined();
    expect(stage.figures.filter(({ headline }) => headline).map(({ key }) => key)).toEqual([
      "delivery.p50",
    ]);
  });

  it("states neither loss nor CPU time of nothing", async () => {
    const stage = new ScriptedStage();
    await latency.play(stage);
    for (const key of ["loss", "cpu.server", "cpu.client", "delivery.max"]) {
      expect(stage.value(key), key).toBeNull();
    }
  });
});
