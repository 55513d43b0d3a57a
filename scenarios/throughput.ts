import { RateSearch, usualObjectiveMs } from "./rate-search.ts";
import { defineScenario } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { throughputFigures } from "./throughput-figures.ts";
import { warmUp } from "./warm-up.ts";

export const throughput: Scenario = defineScenario({
  name: "throughput",
  summary: "Ever more messages: how many deliveries a second are served in time?",
  workload: { clients: 100, ratePerSecond: 100, payloadBytes: 256 },
  measures: "time",
  canary: true,
  fillsCores: true,
  takes: ["objectiveMs"],
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, payloadBytes, objectiveMs = usualObjectiveMs }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, from ${ratePerSecond} msg/s up, ` +
    `${payloadBytes} B, 99 % within ${objectiveMs} ms`,
  async play(stage) {
    const { clients, durationMs: forMs } = stage.workload;
    await stage.phase("connect", () => stage.clients.connect(clients));
    await warmUp(stage, "publish");
    const search = new RateSearch(stage, {
      forMs,
      async renew() {
        await stage.clients.disconnect();
        await stage.clients.connect(clients);
      },
    });
    let brokenOff: string | null = null;
    try {
      await search.run();
    } catch (error) {
      brokenOff = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      // Also when a process died on the way: what was served was served.
      for (const figure of throughputFigures(search, brokenOff)) stage.figure(figure);
    }
    await stage.clients.disconnect();
  },
});
