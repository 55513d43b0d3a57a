import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { badDay } from "./bad-day.ts";

const day = [
  "  publish 4/s for 10000 ms",
  "  cut by reset after 1125 ms",
  "  cut by end after 2125 ms",
  '  carry both ways {"isStalled":true} after 3125 ms',
  "  restore after 4125 ms",
  "  restart after 4625 ms, down for 1000 ms",
  '  carry both ways {"delayMs":150,"jitterMs":50,"bytesPerSecond":64000} after 7625 ms',
  "  restore after 9625 ms",
];

const ledger = {
  received: 70,
  replayed: 20,
  unsent: 0,
  untaken: 0,
  inFlight: 4,
  missed: 5,
  overrun: 1,
  unaccounted: 0,
  doubled: 0,
  reordered: 0,
};

describe("the bad day", () => {
  it("is the same for clients that resume and for clients that don't", async () => {
    const stage = new ScriptedStage({ workload: { durationMs: 10_000, ratePerSecond: 4 } });
    await badDay.play(stage);
    expect(stage.calls.filter((call) => !/warm-up|publish (?!4\/s for 10000)/.test(call))).toEqual([
      "come back full-jitter, with resume",
      "connect 10",
      "phase with resume",
      ...day,
      "come back full-jitter",
      "disconnect to 0",
      "connect 10",
      "phase without resume",
      ...day,
      "disconnect to 0",
    ]);
  });

  it("sums up how late messages arrive with resume, and how many do without", async () => {
    const stage = new ScriptedStage({
      measured: () => ({ ledger, expected: 100, delivery: (q) => q * 1e9 }),
    });
    await badDay.play(stage);
    expect(stage.value("resume.p99")).toBe(0.99e9);
    expect(stage.value("fresh.arrived")).toBe(90);
    expect(stage.value("fresh.overrun")).toBe(1);
    const headlines = stage.figures.filter(({ headline }) => headline === true);
    expect(headlines.map(({ key }) => key)).toEqual(["resume.p99", "fresh.arrived"]);
  });
});
