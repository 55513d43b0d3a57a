import { cpuPerThousand, deliveryFigures } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";

export const latency: Scenario = defineScenario({
  name: "latency",
  summary: "Steady push to a group of clients: how late does each message arrive?",
  workload: { clients: 50, ratePerSecond: 20, payloadBytes: 256 },
  async play(stage) {
    const { clients, warmUpMs, durationMs } = stage.workload;
    const pollMs = stage.transport.pollIntervalMs ?? 0;
    await stage.connect(clients);
    await stage.warmUp(() => stage.publish({ forMs: Math.max(warmUpMs, pollMs) }));
    const steady = await stage.phase("steady", () => stage.publish({ forMs: durationMs }));
    await stage.disconnect();

    for (const figure of deliveryFigures(steady)) stage.figure(figure);
    stage.figure({
      key: "lastClient.p50",
      label: "last client\np50",
      unit: "ns",
      better: "lower",
      value: steady.lastClient(0.5),
      note: "until the last client of the group had the message",
    });
    stage.figure(cpuPerThousand("server", steady.serverCpuMs, steady.arrived));
    stage.figure(cpuPerThousand("client", steady.loadCpuMs, steady.arrived));
  },
});
