import { latency, unknownServer } from "./figures.ts";
import { intruderFigures } from "./intruder-figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Figure, MeasuredPhase, MemoryUse, Scenario, Workload } from "./scenario.ts";
import { pageOrigin } from "../transports/chromium-fields.ts";
import type { Guards } from "../transports/guards.ts";
import { warmUp } from "./warm-up.ts";

/** The part of a phase in which memory is looked at: the last third. */
const observed = [2 / 3, 1] as const;

export const guards: Scenario = defineScenario({
  name: "guards",
  summary: "Wrong clients try the server's limits: how is each refused, and who else notices?",
  workload: { clients: 50, ratePerSecond: 20, payloadBytes: 256 },
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
    const before = await stage.server.memory();
    const tried = await stage.phase("intruders", async () => {
      await Promise.all([publish(), stage.intruders.intrude({ forMs: durationMs })]);
    });
    const after = await stage.server.memory();
    for (const figure of figuresOf(alone, tried, [before, after])) stage.figure(figure);
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

function figuresOf(
  alone: MeasuredPhase,
  tried: MeasuredPhase,
  memory: readonly [before: MemoryUse, after: MemoryUse],
): Figure[] {
  const { intruders } = tried;
  return [
    latencyFigure(alone, "alone.p50", 0.5, "others,\np50 alone"),
    {
      ...latencyFigure(alone, "alone.p99", 0.99, "others,\np99 alone"),
      headline: true,
      words: wordsAlone,
    },
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
    ...memoryFigures(alone, tried, memory),
    ...(intruders === null ? [] : intruderFigures(intruders, tried.name)),
  ];
}

const wordsAlone = {
  states: "with nobody else, 99 % of the messages arrive within {value}",
  leads: "with nobody else, 99 % of the messages arrive soonest with {variant}: within {value}",
};

const words = {
  states:
    "while wrong clients try the server's limits, 99 % of the messages reach the others within {value}",
  leads:
    "wrong clients disturb the others least with {variant}: 99 % of their messages arrive within {value}",
};

function latencyFigure(phase: MeasuredPhase, key: string, q: number, label: string): Figure {
  return { key, phase: phase.name, label, ...latency(phase.delivery(q)) };
}

function memoryFigures(
  alone: MeasuredPhase,
  tried: MeasuredPhase,
  [before, after]: readonly [before: MemoryUse, after: MemoryUse],
): Figure[] {
  const common = { phase: tried.name, unit: "bytes", better: "lower" } as const;
  const grown = difference(
    tried.serverMemory?.heapGrowth(...observed) ?? null,
    alone.serverMemory?.heapGrowth(...observed) ?? null,
  );
  const kept = difference(after.heapBytes, before.heapBytes);
  return [
    {
      ...common,
      key: "memory.heap",
      label: "server's heap\nand buffers, +",
      value: grown,
      about:
        "in the last third of the phase, above the growth in that without them: with the " +
        "connections that their address may have, and garbage",
      ...(grown === null && { note: unknownServer }),
    },
    {
      ...common,
      key: "memory.kept",
      label: "afterwards,\n+",
      value: kept,
      about: "above that before, without garbage: with what they were allowed to publish",
      ...(kept === null && { note: unknownServer }),
    },
  ];
}

/** By how much the one is larger. */
function difference(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(0, one - other);
}
