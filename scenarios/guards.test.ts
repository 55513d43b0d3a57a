import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { guards } from "./guards.ts";
import type { IntrudersMeasured } from "./scenario.ts";

function kind(
  name: string,
  endings: Record<string, number>,
  longestMs: number | null = 3,
): IntrudersMeasured {
  const attempts = Object.values(endings).reduce((sum, count) => sum + count, 0);
  return { kind: name, attempts, endings, longestMs, mostBytes: 70_000 };
}

async function played(...intruders: IntrudersMeasured[]): Promise<ScriptedStage> {
  const memory = [
    { residentBytes: 0, heapBytes: 100 },
    { residentBytes: 0, heapBytes: 130 },
  ];
  const stage = new ScriptedStage({
    memory: () => memory.shift() ?? { residentBytes: null, heapBytes: null },
    measured: (name) => ({
      ...(name === "intruders" && { intruders, lost: 0 }),
      delivery: (q) => (name === "alone" ? 1_000 : 2_000) * q,
      serverMemory: { heapGrowth: () => (name === "alone" ? 1_000 : 1_500) },
    }),
  });
  await guards.play(stage);
  return stage;
}

describe("the guards scenario", () => {
  it("has intruders try while the others are served as before, alone", async () => {
    const stage = new ScriptedStage({ workload: { durationMs: 6_000 } });
    await guards.play(stage);
    expect(stage.calls.filter((call) => !call.includes("/s for 250 ms"))).toEqual([
      "phase connect",
      "  connect 10",
      "warm-up",
      "phase alone",
      "  publish 20/s for 6000 ms",
      "server's memory",
      "phase intruders",
      "  publish 20/s for 6000 ms",
      "  intrude for 6000 ms",
      "server's memory",
      "disconnect to 0",
    ]);
  });

  it("sets limits that no client of the trial comes near, however many there are", () => {
    const { perAddress, perSecond } =
      guards.guards?.({
        clients: 500,
        ratePerSecond: 100,
        payloadBytes: 256,
        warmUpMs: 0,
        durationMs: 0,
        maxConnections: 0,
      }) ?? {};
    expect(perAddress).toBeGreaterThan(1_000);
    expect(perSecond).toBeGreaterThan(1_000);
  });

  it("tells how each kind was refused, and what the others noticed", async () => {
    const stage = await played(
      kind("oversized", { 413: 5 }),
      kind("silent", { closed: 1, 408: 7 }),
      kind("no-token", { "not refused": 2 }, null),
    );
    expect(stage.value("refused.oversized")).toBe("413");
    expect(stage.value("refused.silent")).toBe("408 (7), closed (1)");
    expect(stage.value("refused.no-token")).toBe("not refused");
    expect(stage.stated("refusedMs.no-token")).toMatchObject({
      value: null,
      note: "none was refused",
    });
    expect(stage.value("taken.oversized")).toBe(70_000);
    expect(stage.stated("refused.pings")).toMatchObject({
      value: null,
      note: expect.stringMatching(/no such thing/),
    });
    expect(stage.value("alone.p99")).toBe(990);
    expect(stage.value("tried.p99")).toBe(1_980);
    expect(stage.value("memory.heap")).toBe(500);
    expect(stage.value("memory.kept")).toBe(30);
  });

  it("counts who wasn't refused, and who otherwise than the standards say", async () => {
    const stage = await played(
      kind("flood", { 429: 5, reset: 2 }),
      kind("slow-head", { closed: 1 }),
      kind("origin", { "not refused": 4 }),
    );
    expect(stage.value("intruders.attempts")).toBe(12);
    expect(stage.value("intruders.passed")).toBe(4);
    expect(stage.value("intruders.refused")).toBeCloseTo((100 * 8) / 12);
    expect(stage.value("intruders.otherwise")).toBe(3);
  });
});
