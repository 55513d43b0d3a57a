import { RateSearch, usualObjectiveMs } from "./rate-search.ts";
import { defineScenario } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { searchAndState } from "./search-and-state.ts";
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
    await searchAndState(stage, search, (brokenOff) => throughputFigures(search, brokenOff));
    await stage.clients.disconnect();
  },
});
