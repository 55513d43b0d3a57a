import { defineScenario } from "../../scenarios/scenario.ts";
import { bufferText, tokenBufferIn } from "../../scenarios/token-buffer.ts";

/** A scenario of `npm run prove:tokens` alone: short answers, and whether they are held back. */
export default defineScenario({
  name: "token-watch",
  summary: "Are tokens held back?",
  workload: { clients: 4, ratePerSecond: 80, payloadBytes: 1_024 },
  measures: "time",
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond }) => `${clients} clients, ${ratePerSecond} tokens/s`,
  async play(stage) {
    const { clients, ratePerSecond, payloadBytes, durationMs, warmUpMs } = stage.workload;
    const prompting = (forMs: number): Parameters<typeof stage.clients.prompt>[0] => ({
      requests: 1,
      promptBytes: payloadBytes,
      answer: {
        firstTokenMs: 100,
        tokens: Math.max(2, Math.round((forMs * ratePerSecond) / 1_000)),
        tokensPerSecond: ratePerSecond,
        format: "json",
      },
      pauseMs: 0,
    });
    await stage.clients.connect(clients, { channels: "own", prompts: true });
    await stage.warmUp(() => stage.clients.prompt(prompting(warmUpMs)));
    const phase = await stage.phase("watched", () => stage.clients.prompt(prompting(durationMs)));
    const { delivery, pollIntervalMs, batchMs } = stage.transport;
    const buffer = tokenBufferIn(phase, { delivery, pollIntervalMs, batchMs });
    stage.figure({
      key: "buffer",
      label: "buffer",
      unit: "text",
      better: "neither",
      value: buffer === null ? null : bufferText(buffer),
    });
    for (const [key, value] of [
      ["held", buffer?.longestMs ?? null],
      ["bytes", buffer?.meanBytes ?? null],
    ] as const) {
      stage.figure({ key, label: key, unit: "count", better: "neither", value });
    }
    await stage.clients.disconnect();
  },
});
