import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { nothingCrossed } from "../bench/measure/measured.ts";
import { offlineQueue } from "./offline-queue.ts";

const ledger = {
  received: 20,
  replayed: 50,
  unsent: 0,
  untaken: 0,
  inFlight: 7,
  missed: 20,
  overrun: 2,
  unaccounted: 1,
  doubled: 3,
  reordered: 4,
};

const outboxes = {
  mostKept: 9,
  sentAgain: 30,
  repeated: 10,
  unacknowledged: 0,
  untilAcknowledged: () => 1,
  longestUntilAcknowledgedNs: 1,
};

describe("the offline-queue scenario", () => {
  it("cuts clients off that go on sending, in four ways", async () => {
    const stage = new ScriptedStage({ workload: { durationMs: 2_000, ratePerSecond: 5 } });
    await offlineQueue.play(stage);
    const cutOff = ["  send 5/s for 2000 ms", "  cut by reset after 500 ms, for 500 ms"];
    expect(stage.calls.filter((call) => !call.includes("warm-up"))).toEqual([
      "phase connect",
      "  connect 10 with channels of their own",
      "  send 5/s for 500 ms",
      'carry both ways {"delayMs":20}',
      "come back full-jitter, with resume, keeping what was sent",
      "drop repeats",
      "phase with resume",
      ...cutOff,
      "come back full-jitter, keeping what was sent",
      "answer repeats",
      "phase without resume",
      ...cutOff,
      "come back full-jitter, keeping what was sent",
      "take repeats",
      "phase without numbers",
      ...cutOff,
      "come back full-jitter, with resume",
      "take repeats",
      "phase without queue",
      ...cutOff,
      "disconnect to 0",
    ]);
  });

  it("tells all that is lost, and where nothing is kept, when", async () => {
    const stage = new ScriptedStage({ measured: () => ({ ledger, outboxes }) });
    await offlineQueue.play(stage);
    expect(stage.value("resume.lost")).toBe(30);
    expect([stage.value("unkept.inFlight"), stage.value("unkept.missed")]).toEqual([7, 20]);
    expect(stage.stated("unkept.kept")).toBeUndefined();
  });

  it("calls repeats in vain that the server dropped, and taken twice that it didn't", async () => {
    const stage = new ScriptedStage({ measured: () => ({ ledger, outboxes }) });
    await offlineQueue.play(stage);
    expect([stage.value("fresh.repeated"), stage.value("unnumbered.twice")]).toEqual([10, 10]);
  });

  it("reckons the bytes of repeats by what a message took to be sent up", async () => {
    const parts = { ...nothingCrossed.parts, upstream: 30_000 };
    const wire = { ...nothingCrossed, parts, sentUp: 100 };
    const stage = new ScriptedStage({ measured: () => ({ wire, outboxes }) });
    await offlineQueue.play(stage);
    expect([stage.value("resume.upstream"), stage.value("resume.repeats")]).toEqual([300, 3_000]);
  });

  it("has no figures of queues where nobody had one, and says so", async () => {
    const stage = new ScriptedStage();
    await offlineQueue.play(stage);
    expect(stage.stated("resume.acknowledged.p50")).toMatchObject({
      value: null,
      note: expect.stringMatching(/too few/),
    });
  });
});
