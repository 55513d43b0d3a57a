import { describe, expect, it } from "vitest";
import { nothingCrossed } from "../bench/measure/measured.ts";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { echo } from "./echo.ts";

describe("the echo scenario", () => {
  it("has every client send on a channel of its own", async () => {
    const stage = new ScriptedStage();
    await echo.play(stage);
    expect(stage.calls).toEqual([
      "phase connect",
      "  connect 10 with channels of their own",
      "warm-up",
      "  send 200/s for 250 ms",
      "  send 20/s for 250 ms",
      "phase steady",
      "  send 20/s for 1000 ms",
      "disconnect to 0",
    ]);
  });

  it("states the bytes of a round trip less the payload up and the payload down", async () => {
    const stage = new ScriptedStage({
      measured: () => ({
        arrived: 100,
        served: 100,
        wire: { ...nothingCrossed, bytes: { down: 30_000, up: 40_000 } },
      }),
    });
    await echo.play(stage);
    // 700 bytes for each, of which 2 × 256 are payload.
    expect(stage.value("overhead")).toBe(188);
  });

  it("leaves out the payload of messages that haven't come back yet, too", async () => {
    const stage = new ScriptedStage({
      measured: () => ({
        served: 3,
        wire: { ...nothingCrossed, sentUp: 4, bytes: { down: 3 * 260, up: 4 * 264 } },
      }),
    });
    await echo.play(stage);
    expect(stage.value("overhead")).toBeCloseTo((3 * 4 + 4 * 8) / 3);
  });

  it("states no overhead when nothing came back", async () => {
    const stage = new ScriptedStage({
      measured: () => ({ wire: { ...nothingCrossed, bytes: { down: 0, up: 9_000 } } }),
    });
    await echo.play(stage);
    expect(stage.value("overhead")).toBeNull();
  });

  it("says where bytes are counted when nobody counted them here", async () => {
    const stage = new ScriptedStage({ measured: () => ({ served: 100, wire: null }) });
    await echo.play(stage);
    expect(stage.stated("overhead")).toMatchObject({
      value: null,
      note: expect.stringContaining("see the scenario overhead"),
    });
  });

  it("says why a server has no CPU time whose process isn't known", async () => {
    const stage = new ScriptedStage({ measured: () => ({ served: 100, serverCpuMs: null }) });
    await echo.play(stage);
    expect(stage.stated("cpu.server")).toMatchObject({
      value: null,
      note: expect.stringContaining("--target-pid"),
    });
  });
});
