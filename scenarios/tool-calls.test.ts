import { describe, expect, it } from "vitest";
import { measuredTokens } from "../test/measured-tokens-fixture.ts";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { nothingCrossed } from "../bench/measure/measured.ts";
import { calls, newBytes, toolCalls, wholeBytes } from "./tool-calls.ts";

const workload = { clients: 2, ratePerSecond: 200, payloadBytes: 1_000, durationMs: 8_420 };

describe("the tool-calls scenario", () => {
  it("plays chains on fresh connections, for half of the time each", async () => {
    const stage = new ScriptedStage({ workload });
    await toolCalls.play(stage);
    // A chain's answers take 20 × (10 + 19 / 0.2) = 2 100 ms.
    const chain = (bytes: readonly number[]): string[] => [
      "  connect 2 with channels of their own to prompt",
      `  prompt ${String(bytes)} B ${calls} times: 20 tokens at 200/s as json, chained`,
      "  disconnect to 0",
    ];
    const [whole, fresh] = [chain(wholeBytes(1_000)), chain(newBytes(1_000))];
    expect(stage.calls).toEqual([
      "warm-up",
      ...fresh,
      ...fresh,
      "phase whole history",
      ...whole,
      ...whole,
      "phase only what is new",
      ...fresh,
      ...fresh,
    ]);
  });

  it("sends with the whole history all that went up and came down before", () => {
    const [whole, fresh] = [wholeBytes(1_000), newBytes(1_000)];
    expect(whole.slice(0, 3)).toEqual([8_192, 8_192 + 1_080, 8_192 + 2_160]);
    expect(fresh.slice(0, 3)).toEqual([8_192, 1_000, 1_000]);
    expect([whole.length, fresh.length]).toEqual([calls, calls]);
  });

  it("adds up a chain of dialling and its answers, and tells what tokens don't take of it", async () => {
    const stage = new ScriptedStage({
      workload,
      measured: () => ({
        meanSetUpNs: 3e6,
        wire: { ...nothingCrossed, bytes: { down: 4_000, up: 100_000 } },
        tokens: measuredTokens({ requests: 80, answers: 80, meanAnswerNs: 106e6 }),
      }),
    });
    await toolCalls.play(stage);
    expect(stage.value("whole.time")).toBe(3e6 + calls * 106e6);
    expect(stage.value("whole.own")).toBeCloseTo(23e6);
    expect(stage.value("new.up")).toBe(25_000);
    expect(stage.value("new.bytes")).toBe(26_000);
  });

  it("tells no time where an answer is missing", async () => {
    const tokens = measuredTokens({ requests: 80, answers: 79, meanAnswerNs: 106e6 });
    const stage = new ScriptedStage({ measured: () => ({ meanSetUpNs: 3e6, tokens }) });
    await toolCalls.play(stage);
    expect(stage.stated("whole.time")).toMatchObject({
      value: null,
      note: "not all answers came whole",
    });
  });
});
