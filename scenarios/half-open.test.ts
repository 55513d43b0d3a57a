import { describe, expect, it } from "vitest";
import { nothingCrossed } from "../bench/measure/measured.ts";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { halfOpen } from "./half-open.ts";

const workload = { clients: 10, durationMs: 1_600 };

describe("the half-open scenario", () => {
  it("spreads clients over an interval, lets them idle for whole cycles, and takes away what they hear", async () => {
    const stage = new ScriptedStage({ workload });
    await halfOpen.play(stage);
    const settings = '{"everyMs":100,"timeoutMs":100,"missesAllowed":0}';
    expect(stage.calls.slice(0, 12)).toEqual([
      "connect 10 over 400 ms",
      "phase without a detector",
      "  fall silent both ways for 1600 ms",
      "disconnect to 0",
      "restore",
      `connect 10 over 100 ms with ${settings}`,
      "phase every 100 ms, idle",
      "  idle 400 ms",
      "phase every 100 ms, silent",
      "  fall silent both ways for 300 ms",
      "disconnect to 0",
      "restore",
    ]);
  });

  it("plays other settings, and silence of one side only, at one interval", async () => {
    const stage = new ScriptedStage({ workload });
    await halfOpen.play(stage);
    expect(stage.calls.filter((call) => /connect 10|fall/.test(call)).slice(-8)).toEqual([
      'connect 10 over 100 ms with {"everyMs":100,"timeoutMs":100,"missesAllowed":2}',
      "  fall silent both ways for 500 ms",
      'connect 10 over 100 ms with {"everyMs":100,"timeoutMs":50,"missesAllowed":0}',
      "  fall silent both ways for 250 ms",
      'connect 10 over 100 ms with {"everyMs":100,"timeoutMs":100,"missesAllowed":0}',
      "  fall silent down for 600 ms",
      'connect 10 over 100 ms with {"everyMs":100,"timeoutMs":100,"missesAllowed":0}',
      "  fall silent up for 600 ms",
    ]);
  });

  it("says how long nobody noticed, and how many did in time", async () => {
    const stage = new ScriptedStage({
      workload,
      noticed: (_silence, heartbeats) => ({
        clients: { of: 10, count: 10, after: (q) => 1e6 * q * (heartbeats?.everyMs ?? 0) },
        server: { of: 10, count: 4, after: () => null },
      }),
    });
    await halfOpen.play(stage);
    expect(stage.value("noticed.client.p50")).toBe(100e6);
    expect(stage.value("noticed.client.max")).toBe(200e6);
    expect(stage.stated("noticed.client.at400")?.about).toMatch(/after 400 to 800 ms/);
    expect(stage.stated("noticed.server.p50")).toMatchObject({
      value: 600e6,
      bound: "at least",
      note: "only 4 of 10 noticed within 0.6 s",
    });
    expect(stage.stated("misses.client")?.about).toMatch(/after 300 to 400 ms/);
  });

  it("scales the whole bytes of a heartbeat to an hour, with the variant's own interval, too", async () => {
    const stage = new ScriptedStage({
      workload,
      transport: { idleCycleMs: 30_000 },
      // 8 bytes each 200 ms, of which a late timer has kept a few back.
      measured: (name, clients) => ({
        durationMs: 1_000,
        wire: { ...nothingCrossed, bytes: { down: 0, up: idleBytes(name) * clients } },
      }),
    });
    await halfOpen.play(stage);
    expect(stage.value("heartbeats")).toBe(8 * 5 * 3_600);
    expect(stage.value("own.heartbeats")).toBe(8 * 120);
  });

  it("divides the bytes of polls by their number", async () => {
    const stage = new ScriptedStage({
      workload,
      measured: (name, clients) => {
        const requests = Math.round((0.97 * clients * 1_000) / intervalIn(name));
        return {
          durationMs: 1_000,
          wire: { ...nothingCrossed, bytes: { down: 0, up: 217 * requests }, requests },
        };
      },
    });
    await halfOpen.play(stage);
    expect(stage.value("heartbeats")).toBe(217 * 5 * 3_600);
  });

  it("has no more than the variant's own where heartbeats can't be set", async () => {
    const stage = new ScriptedStage({ workload, transport: { setsHeartbeats: false } });
    await halfOpen.play(stage);
    expect(stage.calls.filter((call) => call.includes("phase"))).toEqual([
      "phase without a detector",
    ]);
    expect(stage.stated("heartbeats")).toMatchObject({
      value: null,
      note: expect.stringMatching(/can.t be set/),
    });
    expect(stage.stated("own.client")).toMatchObject({ note: "not noticed within 1.6 s" });
  });
});

/** Of one client in a second. */
function idleBytes(phase: string): number {
  return (7.9 * 1_000) / intervalIn(phase);
}

function intervalIn(phase: string): number {
  return Number(/every (\d+) ms/.exec(phase)?.[1] ?? 1_000);
}
