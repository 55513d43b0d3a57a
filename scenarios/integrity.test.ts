import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { integrity } from "./integrity.ts";

describe("the integrity scenario", () => {
  it.each([
    [4_000, 2_750],
    [1_000, 11_000],
  ])("sends 11 000 messages at %d a second, however short the run", async (rate, forMs) => {
    const stage = new ScriptedStage({ workload: { ratePerSecond: rate, durationMs: 1 } });
    await integrity.play(stage);
    expect(stage.calls).toEqual([
      "phase connect",
      "  connect 10",
      "phase burst",
      `  publish ${rate}/s for ${forMs} ms`,
      "disconnect to 0",
    ]);
  });

  it("states what was counted, each kind of harm on its own", async () => {
    const counts = { expected: 22_000, lost: 1, duplicated: 2, reordered: 3, corrupted: 4 };
    const stage = new ScriptedStage({ measured: () => counts });
    await integrity.play(stage);
    expect(Object.fromEntries(stage.figures.map(({ key, value }) => [key, value]))).toEqual(counts);
  });

  it("is not played unless it is named", () => {
    expect(integrity.onlyWhenNamed).toBe(true);
  });
});
