import { unknownServer } from "./figures.ts";
import { intruderFigures } from "./intruder-figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Figure, MeasuredPhase, Scenario, Workload } from "./scenario.ts";
import { pageOrigin } from "../transports/chromium-fields.ts";
import type { Guards } from "../transports/guards.ts";
import { warmUp } from "./warm-up.ts";

/** The part of a phase in which memory is looked at: the last third. */
const observed = [2 / 3, 1] as const;

export const guards: Scenario = defineScenario({
  name: "guards",
  summary: "Wrong clients try the server's limits: how is each refused, and who else notices?",
  workload: { clients: 50, ratePerSecond: 50, payloadBytes: 256 },
  // What is slow or idle is refused after seconds.
  durationShare: 2.4,
  measures: "time",
  watchesMemory: true,
  hasIntruders: true,
  guards: limits,
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, payloadBytes }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s, ${payloadBytes} B, ` +
    "and wrong clients of each kind",
  async play(stage) {
    const { clients, durationMs } = stage.workload;
    await stage.phase("connect", () => stage.clients.connect(clients));
    await warmUp(stage, "publish");
    const publish = (): Promise<void> => stage.server.publish({ forMs: durationMs });
    const alone = await stage.phase("alone", publish);
    const tried = await stage.phase("intruders", async () => {
      await Promise.all([publish(), stage.intruders.intrude({ forMs: durationMs })]);
    });
    for (const figure of figuresOf(alone, tried)) stage.figure(figure);
    await stage.clients.disconnect();
  },
});

/** Such that no client of the trial comes near one, whatever it polls. */
function limits({ clients, ratePerSecond }: Workload): Guards {
  return {
    payloadBytes: 65_536,
    perAddress: 2 * clients + 50,
    // Those that are held poll once for each message, and a warm-up sends ten times as many.
    perSecond: Math.max(200, 12 * ratePerSecond),
    origins: [pageOrigin],
    token: "a.token.of.the.scenario",
    requestMs: 1_000,
    idleMs: 2_000,
  };
}

function figuresOf(alone: MeasuredPhase, tried: MeasuredPhase): Figure[] {
  const { intruders } = tried;
  return [
    latencyFigure(alone, "alone.p50", 0.5, "others,\np50 alone"),
    latencyFigure(alone, "alone.p99", 0.99, "others,\np99 alone"),
    latencyFigure(tried, "tried.p50", 0.5, "p50 with\nintruders"),
    { ...latencyFigure(tried, "tried.p99", 0.99, "p99 with\nintruders"), headline: true, words },
    {
      key: "lost",
      phase: tried.name,
      label: "lost",
      unit: "count",
      better: "lower",
      value: tried.lost,
    },
    memoryFigure(alone, tried),
    ...(intruders === null ? [] : intruderFigures(intruders, tried.name)),
  ];
}

const words = {
  states:
    "while wrong clients try the server's limits, 99 % of the messages reach the others within {value}",
  leads:
    "wrong clients disturb the others least with {variant}: 99 % of their messages arrive within {value}",
};

function latencyFigure(phase: MeasuredPhase, key: string, q: number, label: string): Figure {
  const value = phase.delivery(q);
  return {
    key,
    phase: phase.name,
    label,
    unit: "ns",
    better: "lower",
    value,
    ...(value === null && { note: "too few deliveries for this percentile" }),
  };
}

/** How much more the server's memory grew than alone: then, too, the log fills. */
function memoryFigure(alone: MeasuredPhase, tried: MeasuredPhase): Figure {
  const usual = alone.serverMemory?.heapGrowth(...observed) ?? null;
  const then = tried.serverMemory?.heapGrowth(...observed) ?? null;
  const heap = usual === null || then === null ? null : Math.max(0, then - usual);
  return {
    key: "memory.heap",
    phase: tried.name,
    label: "server's heap\nand buffers, +",
    unit: "bytes",
    better: "lower",
    value: heap,
    about:
      "in the last third of the phase, above that alone, with the connections that an address may have; garbage counts",
    ...(heap === null && { note: unknownServer }),
  };
}
