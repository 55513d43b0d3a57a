import { describe, expect, test } from "vitest";
import { measuredTokens } from "../test/measured-tokens-fixture.ts";
import { ScriptedStage } from "../test/scripted-stage.ts";
import type { MeasuredPhase } from "./scenario.ts";
import { tokens } from "./tokens.ts";

/** A server that serves so many streams in time. */
function serving(streams: number): (name: string, clients: number) => Partial<MeasuredPhase> {
  return (_name, clients) => ({
    expected: 6_000,
    delivered: 6_000,
    lost: 0,
    delivery: () => (clients <= streams ? 2e6 : 300e6),
    tokens: measuredTokens({ requests: 100, answers: 100, expected: 6_000, received: 6_000 }),
  });
}

describe("the scenario tokens", () => {
  test("plays three rates, and then as many streams as are served", async () => {
    const stage = new ScriptedStage({
      workload: { clients: 50, ratePerSecond: 80, payloadBytes: 1_024 },
      measured: serving(450),
    });
    await tokens.play(stage);
    expect(stage.calls.slice(0, 11)).toEqual([
      "phase connect",
      "  connect 50 with channels of their own to prompt",
      "warm-up",
      "  prompt 1024 B for 500 ms: 60 tokens at 80/s as json",
      "phase 20 tokens/s",
      "  prompt 1024 B for 1000 ms: 15 tokens at 20/s as json",
      "phase 80 tokens/s",
      "  prompt 1024 B for 1000 ms: 60 tokens at 80/s as json",
      "phase 300 tokens/s",
      "  prompt 1024 B for 1000 ms: 225 tokens at 300/s as json",
      "connect 200 with channels of their own to prompt",
    ]);
    expect(stage.stated("streams")).toMatchObject({ value: 400, bound: "range", most: 476 });
    expect(stage.value("buffer")).toBe("none");
    expect(stage.value("late.p99")).toBe(2e6);
    expect(stage.value("late.p99.at300")).toBe(2e6);
  });

  test("takes what the user asks for", async () => {
    const asked = { promptBytes: 500, tokens: 10, tokenRates: [50], firstTokenMs: 0 };
    const stage = new ScriptedStage({
      workload: { clients: 5, maxConnections: 10, tokenFormat: "text", ...asked },
      measured: serving(450),
    });
    await tokens.play(stage);
    expect(stage.calls).toContain("  prompt 500 B for 1000 ms: 10 tokens at 50/s as text");
    expect(stage.calls.filter((call) => call.startsWith("phase"))).toEqual([
      "phase connect",
      "phase 50 tokens/s",
      "phase 10 streams",
    ]);
    expect(stage.stated("streams")).toMatchObject({ value: 10, bound: "at least" });
  });

  test("tries each number that isn't served once more, and none below a quarter of the clients", async () => {
    const stage = new ScriptedStage({ workload: { clients: 40 }, measured: serving(0) });
    await tokens.play(stage);
    expect(stage.calls.filter((call) => call.includes("stream"))).toEqual(
      [160, 80, 40, 20, 10].flatMap((streams) => [
        `phase ${streams} streams`,
        `phase ${streams} streams again`,
      ]),
    );
    expect(stage.value("streams")).toBeNull();
  });
});
