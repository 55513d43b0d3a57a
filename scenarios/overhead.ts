import { perDelivery } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Figure, Measured, Scenario, Stage } from "./scenario.ts";

/** Message rates to measure at, as multiples of the workload's; a short run has time for one only. */
const rateSteps = [0.1, 1, 10];
const shortRunMs = 2_000;

export const overhead: Scenario = defineScenario({
  name: "overhead",
  summary:
    "Bytes beyond the payload: set-up, per message at several rates, and when nothing happens",
  workload: { clients: 10, ratePerSecond: 20, payloadBytes: 256 },
  // What is counted hardly differs from trial to trial.
  trials: 2,
  sideBySide: true,
  describe: ({ clients, payloadBytes }) => `${clients} clients, ${payloadBytes} B`,
  async play(stage) {
    const { clients, ratePerSecond, durationMs } = stage.workload;
    const setUp = await stage.phase("set-up", () => stage.connect(clients));
    stage.figure(setUpFigure(setUp));
    for (const step of durationMs < shortRunMs ? [1] : rateSteps) {
      await measureRate(stage, ratePerSecond * step);
    }
    await measureIdle(stage);
    await stage.disconnect();
  },
});

function setUpFigure(setUp: Measured): Figure {
  return {
    key: "setUp",
    label: "set-up\nB/client",
    unit: "bytes",
    better: "lower",
    value: setUp.parts.setUp / setUp.clients,
    about: "both ways, from the first byte to being subscribed",
  };
}

async function measureRate(stage: Stage, ratePerSecond: number): Promise<void> {
  const { payloadBytes, durationMs } = stage.workload;
  // Whole poll intervals, and at least two messages.
  const gridMs = stage.transport.pollIntervalMs ?? 1;
  const leastMs = Math.max(durationMs / 6, 2_000 / ratePerSecond);
  const forMs = Math.ceil(leastMs / gridMs) * gridMs;
  await stage.warmUp(() => stage.publish({ ratePerSecond, forMs: Math.max(gridMs, 100) }));
  const phase = await stage.phase(`${ratePerSecond} msg/s`, () =>
    stage.publish({ ratePerSecond, forMs }),
  );
  const payload = payloadBytes * phase.arrived;
  stage.figure({
    key: `overhead.at${ratePerSecond}`,
    label: `B/msg at\n${ratePerSecond}/s`,
    unit: "bytes",
    better: "lower",
    value: perDelivery(phase, phase.bytes.down + phase.bytes.up - payload),
    about: "all bytes both ways less the payload, for each delivered message",
    headline: ratePerSecond === stage.workload.ratePerSecond,
  });
  if (ratePerSecond !== stage.workload.ratePerSecond) return;
  const split = {
    deliveries: ["headers,\nframing", phase.parts.deliveries - payload],
    emptyPolls: ["empty\npolls", phase.parts.emptyPolls],
    heartbeats: ["heart-\nbeats", phase.parts.heartbeats],
    upstream: ["upstream", phase.parts.upstream],
    setUp: ["set-up", phase.parts.setUp],
  } as const;
  for (const [part, [label, bytes]] of Object.entries(split)) {
    stage.figure({
      key: `split.${part}`,
      label,
      table: `bytes per delivered message at ${ratePerSecond} msg/s, by what they are for`,
      unit: "bytes",
      better: "lower",
      value: perDelivery(phase, bytes),
    });
  }
}

async function measureIdle(stage: Stage): Promise<void> {
  const cycleMs = stage.transport.idleCycleMs;
  const figure = {
    key: "idle",
    label: "idle\nB/min",
    unit: "bytes",
    better: "lower",
    about:
      "for each client while nothing is sent; measured over whole cycles of its polls or " +
      "heartbeats (or what is left out says why), and scaled to a minute",
  } as const;
  if (cycleMs > stage.patienceMs) {
    stage.figure({
      ...figure,
      value: null,
      note: `one cycle of what repeats takes ${cycleMs / 1_000} s, longer than this run waits`,
    });
    return;
  }
  // Whole cycles: then each client has done everything equally often.
  const forMs = Math.ceil(1_000 / cycleMs) * cycleMs;
  const phase = await stage.phase("idle", () => stage.idle(forMs));
  stage.figure({
    ...figure,
    value: ((phase.bytes.down + phase.bytes.up) / phase.clients) * (60_000 / phase.durationMs),
    note: `scaled from ${forMs / 1_000} s`,
  });
}
