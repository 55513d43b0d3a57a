import { allBytes, cpuFigures, deliveryFigures, perDelivery, uncounted } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { warmUp } from "./warm-up.ts";

export const echo: Scenario = defineScenario({
  name: "echo",
  summary: "Client to server and back to the same client: what does duplex cost?",
  workload: { clients: 20, ratePerSecond: 5, payloadBytes: 256 },
  measures: "time",
  durationShare: 0.5,
  describe: ({ clients, ratePerSecond, payloadBytes }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s from each, ${payloadBytes} B`,
  async play(stage) {
    const { clients, payloadBytes, durationMs } = stage.workload;
    await stage.phase("connect", () => stage.clients.connect(clients, { channels: "own" }));
    await warmUp(stage, "send");
    const steady = await stage.phase("steady", () => stage.clients.send({ forMs: durationMs }));
    await stage.clients.disconnect();

    const bytes = allBytes(steady);
    // Of some messages, the way back may have been still to come.
    const carried = steady.served + (steady.wire?.sentUp || steady.served);
    const payload = (steady.payloadBytes ?? payloadBytes) * carried;
    for (const figure of deliveryFigures(steady, "return")) stage.figure(figure);
    stage.figure({
      key: "overhead",
      phase: steady.name,
      label: "overhead\nB/round trip",
      unit: "bytes",
      better: "lower",
      counted: true,
      value: bytes === null ? null : perDelivery(steady, bytes - payload),
      about: "all bytes both ways minus the payload up and the payload down",
      ...(bytes === null && { note: uncounted }),
    });
    for (const figure of cpuFigures(steady)) stage.figure(figure);
  },
});
