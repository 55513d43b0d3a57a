import type { Figure, MeasuredPhase, Scenario } from "./scenario.ts";
import { defineScenario } from "./scenario.ts";

/** Enough messages that a fault in one of ten thousand hits at least one. */
const messages = 11_000;

export const integrity: Scenario = defineScenario({
  name: "integrity",
  summary: "Many messages at speed: does each arrive once, intact and in order?",
  workload: { clients: 2, ratePerSecond: 4_000, payloadBytes: 64 },
  // What is counted doesn't depend on how often it is counted.
  trials: 1,
  measures: "counts",
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, payloadBytes }) =>
    `${messages} messages to ${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s, ${payloadBytes} B`,
  async play(stage) {
    const { clients, ratePerSecond } = stage.workload;
    await stage.phase("connect", () => stage.clients.connect(clients));
    const burst = await stage.phase("burst", () =>
      stage.server.publish({ forMs: (1_000 * messages) / ratePerSecond }),
    );
    await stage.clients.disconnect();
    for (const figure of integrityFigures(burst)) stage.figure(figure);
  },
});

/** Deliveries that were not as they should be. */
function integrityFigures(phase: MeasuredPhase): Figure[] {
  const counted = (key: "lost" | "duplicated" | "reordered" | "corrupted"): Figure => ({
    key,
    phase: phase.name,
    label: key,
    unit: "count",
    better: "lower",
    counted: true,
    value: phase[key],
  });
  return [
    counted("lost"),
    counted("duplicated"),
    counted("reordered"),
    counted("corrupted"),
    {
      key: "expected",
      phase: phase.name,
      label: "of\ndeliveries",
      unit: "count",
      better: "neither",
      value: phase.expected,
      about: "messages times the clients that should receive them",
    },
  ];
}
