import { cpuFigures, deliveryFigures } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Scenario } from "./scenario.ts";
import { warmUp } from "./warm-up.ts";

/** Beside the deliveries of the whole group. */
const besideTable =
  "until the whole group has it, until a single client has it, and until a client is set up";

export const latency: Scenario = defineScenario({
  name: "latency",
  summary: "Steady push to a group of clients: how late does each message arrive?",
  workload: { clients: 50, ratePerSecond: 20, payloadBytes: 256 },
  measures: "time",
  canary: true,
  describe: ({ clients, ratePerSecond, payloadBytes }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s, ${payloadBytes} B`,
  async play(stage) {
    const { clients, durationMs } = stage.workload;
    const connect = await stage.phase("connect", () => stage.clients.connect(clients));
    await warmUp(stage, "publish");
    const steady = await stage.phase("steady", () => stage.server.publish({ forMs: durationMs }));
    await stage.clients.disconnect();

    for (const figure of deliveryFigures(steady, "arrive")) stage.figure(figure);
    stage.figure({
      key: "lastClient.p50",
      phase: steady.name,
      label: "last client\nof the group",
      table: besideTable,
      unit: "ns",
      better: "lower",
      value: steady.lastClient(0.5),
      oneWay: true,
      about: "half of the messages had reached every client of the group within this time (p50)",
      ...(steady.lastClient(0.5) === null && { note: "too few messages for a median" }),
    });
    stage.figure({
      key: "canary.p50",
      phase: steady.name,
      label: "canary: a\nlone client",
      table: besideTable,
      unit: "ns",
      better: "neither",
      value: steady.canary(0.5),
      oneWay: true,
      about:
        "half of the messages arrive within this time (p50) at one more client in a process of its own, " +
        "the canary; the rest of the group's latency is due to its load process",
      ...(steady.canary(0.5) === null && { note: "too few deliveries for a median" }),
    });
    stage.figure({
      key: "setUp.p50",
      phase: connect.name,
      label: "set-up of\na client",
      table: besideTable,
      unit: "ns",
      better: "lower",
      value: connect.setUp(0.5),
      about:
        "half of the clients were subscribed within this time of dialling (p50), with up to 64 dialling at once",
      ...(connect.setUp(0.5) === null && { note: "too few clients for a median" }),
    });
    for (const figure of cpuFigures(steady)) stage.figure(figure);
  },
});
