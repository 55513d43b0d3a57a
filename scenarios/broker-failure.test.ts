import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { brokerFailure } from "./broker-failure.ts";

const ledger = {
  received: 70,
  replayed: 4,
  unsent: 15,
  untaken: 6,
  inFlight: 1,
  missed: 2,
  overrun: 0,
  unaccounted: 0,
  doubled: 2,
  reordered: 0,
};

describe("the broker-failure scenario", () => {
  it("has the broker die between two messages, and publishes for as long when it is back", async () => {
    const stage = new ScriptedStage({ workload: { clients: 40, durationMs: 2_000 } });
    await brokerFailure.play(stage);
    expect(stage.calls.filter((call) => !call.includes("for 250 ms"))).toEqual([
      "phase connect",
      "  connect 40 in rooms of 20, 10, 5, 1",
      "warm-up",
      "phase the broker fails",
      "  publish 20/s for 2000 ms",
      "  broker fails for 500 ms after 525 ms",
      "phase after that",
      "  publish 20/s for 2000 ms",
      "disconnect to 0",
    ]);
  });

  it("tells what became of every delivery, and whether any are lost when the broker is back", async () => {
    const stage = new ScriptedStage({
      measured: (name) => (name === "after that" ? { lost: 3 } : { ledger, expected: 100 }),
    });
    await brokerFailure.play(stage);
    expect(stage.value("replayed")).toBe(4);
    expect(stage.stated("lostOnBus")).toMatchObject({ value: 21, headline: true });
    expect(stage.value("unsent")).toBe(15);
    expect(stage.value("untaken")).toBe(6);
    expect(stage.value("otherwise")).toBe(3);
    expect(stage.value("expected")).toBe(100);
    expect(stage.value("after.lost")).toBe(3);
  });
});
