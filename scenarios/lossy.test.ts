import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { lossy } from "./lossy.ts";

const ms = 1e6;

describe("the lossy scenario", () => {
  it("plays each loss at each round trip, over connections that were made without any", async () => {
    const stage = new ScriptedStage({ workload: { durationMs: 2_500 } });
    await lossy.play(stage);
    const network = (name: string, delay: string, loss: string): string[] => [
      `become ${delay}`,
      "disconnect to 0",
      "warm-up",
      "  connect 10",
      `become ${delay},${loss}`,
      `phase ${name}`,
      "  publish 20/s for 2500 ms",
    ];
    const played = stage.calls.slice(stage.calls.findIndex((call) => call.startsWith("become")));
    expect(played.slice(0, 14)).toEqual([
      ...network("20 ms, 0 %", "delay=10ms", "loss=0%"),
      ...network("20 ms, 0.1 %", "delay=10ms", "loss=0.1%"),
    ]);
    expect(played.filter((call) => call.startsWith("phase"))).toHaveLength(8);
    expect(played.slice(-8)).toEqual([
      ...network("80 ms, 3 %", "delay=40ms", "loss=3%"),
      "disconnect to 0",
    ]);
  });

  it("tells stalls beyond the network's delay, and what repairing cost beyond what goes without", async () => {
    const stage = new ScriptedStage({
      measured: (name) => ({
        delivery: (q) => q * 100 * ms,
        maxDeliveryNs: 240 * ms,
        delivered: 100,
        link: {
          ipBytes: { down: name.endsWith(" 3 %") ? 33_000 : 30_000, up: 0 },
          segments: { down: 100, up: 100 },
          acknowledgements: { down: 0, up: 100 },
        },
        network: {
          down: { packets: 100, lost: 4, retransmitted: 3 },
          up: { packets: 100, lost: 2, retransmitted: 0 },
        },
      }),
    });
    await lossy.play(stage);
    expect(stage.value("p99.rtt80.at1")).toBe(99 * ms);
    expect(stage.value("p50.rtt20.at0.1")).toBe(50 * ms);
    expect(stage.value("stall.rtt20.at0")).toBe(230 * ms);
    expect(stage.value("stall.rtt80.at0")).toBe(200 * ms);
    expect(stage.value("repair.rtt20.at3")).toBeCloseTo(10);
    expect(stage.value("repair.rtt20.at1")).toBe(0);
    expect(stage.value("repair.rtt20.at0")).toBeUndefined();
    expect(stage.value("again.rtt20.at1")).toBe(1.5);
    expect(stage.value("lost.rtt20.at1")).toBe(3);
    expect(stage.figures.filter(({ headline }) => headline).map(({ key }) => key)).toEqual([
      "p99.rtt80.at1",
    ]);
  });
});
