import { defineScenario } from "../../scenarios/scenario.ts";
import type { Scenario } from "../../scenarios/scenario.ts";

/** Where `--cut-every` doesn't say. */
const usuallyMs = 60_000;

/** As `reconnect` with resume, but in one phase as long as the soak: whatever it keeps for each cut adds up to its end. */
const cuts: Scenario = defineScenario({
  name: "cuts",
  summary: "All connections are cut again and again, and everything has to arrive",
  workload: { clients: 50, ratePerSecond: 10, payloadBytes: 256 },
  measures: "time",
  usesNetwork: true,
  takes: ["cutEveryMs"],
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, cutEveryMs = usuallyMs }) =>
    `${clients} clients, ${ratePerSecond} msg/s, cut every ${cutEveryMs / 1_000} s`,
  async play(stage) {
    const { clients, durationMs, cutEveryMs = usuallyMs } = stage.workload;
    await stage.clients.comeBack({
      policy: "full-jitter",
      baseMs: 250,
      capMs: 5_000,
      resume: true,
    });
    await stage.clients.connect(clients);
    await stage.warmUp(() => stage.server.publish({ forMs: stage.workload.warmUpMs }));
    const times = Math.floor(durationMs / cutEveryMs);
    const { ledger } = await stage.phase("cuts", async () => {
      await Promise.all([
        stage.server.publish({ forMs: durationMs }),
        ...Array.from({ length: times }, (_, nth) =>
          stage.network.cut({ how: "reset", afterMs: (nth + 0.5) * cutEveryMs }),
        ),
      ]);
    });
    stage.figure({
      key: "unaccounted",
      label: "lost\notherwise",
      unit: "count",
      better: "lower",
      value: ledger?.unaccounted ?? null,
    });
    await stage.clients.disconnect();
  },
});

export default cuts;
