import { defineScenario } from "transport-bench/scenario";

// Try it:  npx transport-bench run --quick --scenarios ./my-scenario.ts
// Types in an editor take: npm install --save-dev transport-bench

export default defineScenario({
  name: "my-scenario",
  summary: "Twice the usual rate, for a second",
  // Where no flags ask for another workload.
  workload: { clients: 10, ratePerSecond: 50, payloadBytes: 256 },
  // "time" where figures depend on how soon something happens, "counts" where only bytes and messages matter.
  measures: "time",
  describe: ({ clients, ratePerSecond }) => `${clients} clients, ${2 * ratePerSecond} msg/s`,

  // A script, one step after the other. The harness measures what happens within a phase.
  async play(stage) {
    const ratePerSecond = 2 * stage.workload.ratePerSecond;
    await stage.clients.connect(stage.workload.clients);
    await stage.warmUp(() => stage.server.publish({ ratePerSecond, forMs: 500 }));
    const phase = await stage.phase("twice", () =>
      stage.server.publish({ ratePerSecond, forMs: 1_000 }),
    );
    // Each figure becomes a column of every report.
    stage.figure({
      key: "delivery.p50",
      label: "half within\n(p50)",
      unit: "ns",
      better: "lower",
      value: phase.delivery(0.5),
      headline: true,
    });
    stage.figure({ key: "lost", label: "lost", unit: "count", better: "lower", value: phase.lost });
  },
});
