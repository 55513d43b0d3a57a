import { describe, expect, it } from "vitest";
import { answerSeed } from "../bench/tokens/answer-seed.ts";
import { TokenTexts, WordWalk } from "../bench/tokens/token-texts.ts";
import { tokenBufferIn } from "../scenarios/token-buffer.ts";
import type { Prompting } from "../scenarios/scenario.ts";
import { clients, trialOf } from "./captured-trial.ts";
import { playNetworked } from "./networked-trial.ts";

const tokens = 60;

const prompting = {
  requests: 2,
  promptBytes: 300,
  pauseMs: 20,
  answer: { firstTokenMs: 20, tokens, tokensPerSecond: 400, format: "text" },
} as const satisfies Prompting;

const push = { delivery: "push", pollIntervalMs: null, batchMs: 0 } as const;

/** Of a frame from the server: RFC 6455, section 5.2. */
function frameBytes(payload: number): number {
  return payload + (payload < 126 ? 2 : 4);
}

/** What the answers of all clients take, by what each of their tokens is. */
function answersBytes(seed: number): number {
  const texts = new TokenTexts("text", { ends: true });
  let bytes = 0;
  for (let client = 0; client < clients; client += 1) {
    for (let request = 0; request < prompting.requests; request += 1) {
      const walk = new WordWalk(answerSeed(seed, client, request));
      for (let position = 0; position < tokens; position += 1) {
        bytes += frameBytes(texts.words[walk.wordAt(position)]?.bytes.length ?? 0);
      }
      bytes += frameBytes("[DONE]".length);
    }
  }
  return bytes;
}

describe("clients that prompt", () => {
  it.each(["websocket", "sse", "sse+method=post", "streaming+method=post", "long-polling"])(
    "get each token of each answer over %s",
    async (variant) => {
      const phase = await playNetworked(variant, async (stage) => {
        await stage.clients.connect(clients, { channels: "own", prompts: true });
        return await stage.phase("answers", () => stage.clients.prompt(prompting));
      });
      expect(phase.tokens).toMatchObject({
        requests: 6,
        answers: 6,
        expected: 6 * tokens,
        received: 6 * tokens,
        lost: 0,
        wrong: 0,
        again: 0,
      });
      expect(phase.tokens?.meanAnswerNs).toBeGreaterThan((20 + (1_000 * 59) / 400) * 1e6);
      expect(phase.minDeliveryNs).toBeGreaterThan(0);
    },
  );

  it("get the bytes that their answers take, and no others", async () => {
    const { seed } = trialOf("websocket", 256);
    const phase = await playNetworked("websocket", async (stage) => {
      await stage.clients.connect(clients, { channels: "own", prompts: true });
      return await stage.phase("answers", () => stage.clients.prompt(prompting));
    });
    expect(phase.wire?.bytes.down).toBe(answersBytes(seed));
    // Frames of clients are masked.
    expect(phase.wire?.bytes.up).toBe(6 * (prompting.promptBytes + 8));
  });

  it("see what holds their tokens back, and only that", async () => {
    const answer = { ...prompting.answer, tokens: 120, tokensPerSecond: 80 };
    const slow = { ...prompting, requests: 1, answer };
    const [held, free] = await playNetworked("sse+method=post", async (stage) => {
      await stage.clients.connect(clients, { channels: "own", prompts: true });
      await stage.network.carry(
        { hold: { bytes: 1024 * 1024, forMs: 500 } },
        { direction: "down" },
      );
      const phase = await stage.phase("held", () => stage.clients.prompt(slow));
      await stage.network.restore();
      return [phase, await stage.phase("free", () => stage.clients.prompt(slow))] as const;
    });
    const buffer = tokenBufferIn(held, push);
    expect(buffer?.longestMs).toBeGreaterThan(400);
    expect(buffer?.longestMs).toBeLessThan(900);
    expect(buffer?.largest).toBeGreaterThan(20);
    expect(tokenBufferIn(free, push)).toBeNull();
  });
});
