import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { slowConsumer } from "./slow-consumer.ts";

describe("the slow-consumer scenario", () => {
  it("has some clients stop reading after a phase in which all read, and read again within the phase", async () => {
    const stage = new ScriptedStage({ workload: { durationMs: 6_000 } });
    await slowConsumer.play(stage);
    expect(stage.calls.filter((call) => !call.includes("/s for 250 ms"))).toEqual([
      "phase connect",
      "  connect 10",
      "come back full-jitter, with resume",
      "warm-up",
      "phase all read",
      "  publish 20/s for 6000 ms",
      "phase some don't read",
      "  publish 20/s for 6000 ms",
      "  stop reading 0.2 after 300 ms for 3900 ms",
      "disconnect to 0",
    ]);
  });

  it("tells how much more memory grew than while all were reading, for each that didn't", async () => {
    const stage = new ScriptedStage({
      measured: (name) => ({
        serverMemory: {
          heapGrowth: () => (name === "all read" ? 1_000 : 9_000),
        },
        stoppedReaders: { count: 4, disconnected: 1, caughtUp: 4, longestCatchUpNs: 7 },
      }),
    });
    await slowConsumer.play(stage);
    expect(stage.value("memory.heap")).toBe(8_000);
    expect(stage.value("memory.perReader")).toBe(2_000);
    expect(stage.value("readers.disconnected")).toBe(1);
    expect(stage.value("readers.catchUp")).toBe(7);
  });

  it("knows nothing of the memory of a server that isn't the harness's own, and says so", async () => {
    const stage = new ScriptedStage();
    await slowConsumer.play(stage);
    expect(stage.stated("memory.heap")).toMatchObject({
      value: null,
      note: expect.stringMatching(/process is unknown/),
    });
  });
});
