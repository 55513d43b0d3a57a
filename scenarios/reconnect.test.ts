import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { reconnect } from "./reconnect.ts";
import { nothingCrossed } from "../bench/measure/measured.ts";

describe("the reconnect scenario", () => {
  it("cuts all connections between two messages, once with clients that resume and once without", async () => {
    const stage = new ScriptedStage({ workload: { durationMs: 2_000, ratePerSecond: 20 } });
    await reconnect.play(stage);
    expect(stage.calls.filter((call) => !call.includes("warm-up"))).toEqual([
      "come back full-jitter, with resume",
      "phase connect",
      "  connect 10",
      "  publish 200/s for 250 ms",
      "  publish 20/s for 250 ms",
      "phase with resume",
      "  publish 20/s for 2000 ms",
      "  cut by reset after 525 ms",
      "disconnect to 0",
      "come back full-jitter",
      "connect 10",
      "phase without resume",
      "  publish 20/s for 2000 ms",
      "  cut by reset after 525 ms",
      "disconnect to 0",
    ]);
  });

  it("cuts as often, and has clients come back as is asked for", async () => {
    const reconnecting = { policy: "fixed", baseMs: 100, capMs: 100 } as const;
    const workload = {
      durationMs: 2_000,
      ratePerSecond: 20,
      cutEveryMs: 500,
      reconnect: reconnecting,
    };
    const stage = new ScriptedStage({ workload });
    await reconnect.play(stage);
    expect(stage.calls[0]).toBe("come back fixed, with resume");
    const calls = stage.calls.slice(stage.calls.indexOf("phase with resume"));
    expect(calls.slice(0, 5)).toEqual([
      "phase with resume",
      "  publish 20/s for 2000 ms",
      "  cut by reset after 525 ms",
      "  cut by reset after 1025 ms",
      "  cut by reset after 1525 ms",
    ]);
    expect(reconnect.describe(stage.workload)).toBe(
      "10 clients, 20 msg/s, 256 B, cut every 500 ms, back after fixed from 100 ms",
    );
  });

  it.each(["none", "native"] as const)(
    "plays once where it doesn't bring clients back itself: %s",
    async (policy) => {
      const stage = new ScriptedStage({
        workload: { reconnect: { policy, baseMs: 100, capMs: 100 } },
      });
      await reconnect.play(stage);
      expect(stage.calls.filter((call) => call.startsWith("phase"))).toEqual([
        "phase connect",
        "phase cut off",
      ]);
      expect(stage.figures.map(({ table }) => table)).not.toContain(expect.any(String));
    },
  );

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
          longestUntilReceivingNs: 1,
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
