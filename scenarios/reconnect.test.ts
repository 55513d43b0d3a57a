import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { reconnect } from "./reconnect.ts";
import { nothingCrossed } from "../bench/measure/measured.ts";

describe("the reconnect scenario", () => {
  it("cuts all connections between two messages, once with clients that resume and once without", async () => {
    const stage = new ScriptedStage({ workload: { durationMs: 2_000, ratePerSecond: 20 } });
    await reconnect.play(stage);
    expect(stage.calls.filter((call) => !call.includes("warm-up"))).toEqual([
      "phase connect",
      "  connect 10",
      "  publish 200/s for 250 ms",
      "  publish 20/s for 250 ms",
      "come back full-jitter, with resume",
      "phase with resume",
      "  publish 20/s for 2000 ms",
      "  cut by reset after 525 ms",
      "come back full-jitter",
      "phase without resume",
      "  publish 20/s for 2000 ms",
      "  cut by reset after 525 ms",
      "disconnect to 0",
    ]);
  });

  it("divides set-up bytes by the clients that came back", async () => {
    const stage = new ScriptedStage({
      measured: () => ({
        wire: { ...nothingCrossed, parts: { ...nothingCrossed.parts, setUp: 2_400 } },
        absences: {
          count: 10,
          lasting: 2,
          dials: 12,
          failedDials: 2,
          untilSubscribed: () => 1,
          untilReceiving: () => 1,
        },
      }),
    });
    await reconnect.play(stage);
    expect(stage.figures.find(({ key }) => key === "resume.setUp")?.value).toBe(300);
  });

  it("has no figures of returns where nobody returned, and says so", async () => {
    const stage = new ScriptedStage();
    await reconnect.play(stage);
    for (const key of ["resume.receiving.p50", "resume.setUp"]) {
      const figure = stage.figures.find((one) => one.key === key);
      expect(figure).toMatchObject({ value: null, note: expect.stringMatching(/too few/) });
    }
  });
});
