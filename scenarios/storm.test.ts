import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import type { RestartMeasured } from "./scenario.ts";
import { storm } from "./storm.ts";

const restart: RestartMeasured = {
  downMs: 1_000,
  lost: 10,
  neverBack: 0,
  untilBack: (share) => share * 2e9,
  mostDials: { in100Ms: 7, inSecond: 30 },
  serverCpuMs: 12,
};

describe("the storm scenario", () => {
  it("restarts the server between two messages, once for each policy", async () => {
    const stage = new ScriptedStage({ workload: { durationMs: 2_500, ratePerSecond: 10 } });
    await storm.play(stage);
    const calls = stage.calls.slice(stage.calls.indexOf("come back full-jitter, with resume"));
    expect(calls).toEqual([
      ...["full-jitter", "decorrelated-jitter", "exponential", "fixed"].flatMap((policy) => [
        `come back ${policy}, with resume`,
        `phase ${policy}`,
        "  publish 10/s for 2500 ms",
        "  restart after 550 ms, down for 1000 ms",
      ]),
      "disconnect to 0",
    ]);
  });

  it("tells of each policy when clients were back, and what that took", async () => {
    const stage = new ScriptedStage({
      measured: () => ({ restart }),
    });
    await storm.play(stage);
    for (const policy of ["full-jitter", "fixed"]) {
      expect(stage.value(`${policy}.back.p50`)).toBe(1e9);
      expect(stage.value(`${policy}.mostDials.in100Ms`)).toBe(7);
      expect(stage.value(`${policy}.serverCpu`)).toBe(12);
    }
    expect(stage.figures.filter(({ headline }) => headline === true)).toMatchObject([
      { key: "full-jitter.back.p99", value: 0.99 * 2e9 },
    ]);
  });

  it("has no time of a share that never came back, and says so", async () => {
    const untilBack = (share: number): number | null => (share > 0.9 ? null : 1e9);
    const stage = new ScriptedStage({
      measured: () => ({ restart: { ...restart, neverBack: 1, untilBack } }),
    });
    await storm.play(stage);
    expect(stage.value("fixed.back.p50")).toBe(1e9);
    expect(stage.stated("fixed.back.max")).toMatchObject({ value: null, note: expect.any(String) });
    expect(stage.value("fixed.neverBack")).toBe(1);
  });
});
