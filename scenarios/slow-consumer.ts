import { latency, unknownServer } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Figure, Ledger, MeasuredPhase, Scenario } from "./scenario.ts";
import { warmUp } from "./warm-up.ts";

/** Of the clients. */
const stoppingShare = 0.2;

/** For how much of the phase they don't read, after how much of it. */
const stoppedAfter = 0.05;
const stoppedShare = 0.65;

/** The part of the phase in which the server's memory is looked at: the last third of that time. */
const observed = [stoppedAfter + (2 / 3) * stoppedShare, stoppedAfter + stoppedShare] as const;

/** How those come back that lose their connection. */
const comeBack = { policy: "full-jitter", baseMs: 250, capMs: 5_000, resume: true } as const;

export const slowConsumer: Scenario = defineScenario({
  name: "slow-consumer",
  summary: "Some clients stop reading for a while: what does it cost the server and the others?",
  // What the kernel takes for a client that doesn't read, some megabytes, has to be passed within two seconds.
  workload: { clients: 10, ratePerSecond: 400, payloadBytes: 12_288 },
  durationShare: 1.2,
  measures: "time",
  canary: true,
  keepsLedger: true,
  watchesMemory: true,
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, payloadBytes, durationMs }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s, ${payloadBytes} B, ` +
    `${100 * stoppingShare} % of them don't read for ${seconds(stoppedShare * durationMs)} s`,
  async play(stage) {
    const { clients, durationMs } = stage.workload;
    await stage.phase("connect", () => stage.clients.connect(clients));
    await stage.clients.comeBack(comeBack);
    await warmUp(stage, "publish");
    const publish = (): Promise<void> => stage.server.publish({ forMs: durationMs });
    const before = await stage.phase("all read", publish);
    const phase = await stage.phase("some don't read", async () => {
      await Promise.all([
        publish(),
        stage.clients.stopReading({
          share: stoppingShare,
          afterMs: stoppedAfter * durationMs,
          forMs: stoppedShare * durationMs,
        }),
      ]);
    });
    for (const figure of figuresOf(before, phase)) stage.figure(figure);
    await stage.clients.disconnect();
  },
});

function seconds(ms: number): string {
  return String(Number((ms / 1_000).toFixed(1)));
}

function figuresOf(before: MeasuredPhase, phase: MeasuredPhase): Figure[] {
  return [
    othersFigure(before, "before.p99", 0.99, "others,\np99 before"),
    othersFigure(phase, "others.p50", 0.5, "others,\np50 then"),
    othersFigure(phase, "others.p99", 0.99, "others,\np99 then"),
    ...memoryFigures(before, phase),
    ...readerFigures(phase),
    ...ledgerFigures(phase),
  ];
}

/** Of a client in a process of its own: in the others', those that catch up keep the rest waiting. */
function othersFigure(phase: MeasuredPhase, key: string, q: number, label: string): Figure {
  return {
    key,
    phase: phase.name,
    label,
    ...latency(phase.canary(q)),
    about: "delivery latency of a client that reads, in a process of its own",
    ...(key === "others.p99" && { headline: true, words }),
  };
}

const words = {
  states: "while some clients don't read, 99 % of the messages reach the others within {value}",
  leads:
    "clients that don't read disturb the others least with {variant}: 99 % of their messages arrive within {value}",
};

/** How much more the server's memory grew than while all were reading: then, too, the log fills. */
function memoryFigures(before: MeasuredPhase, phase: MeasuredPhase): Figure[] {
  const stopped = phase.stoppedReaders?.count ?? 0;
  const usual = before.serverMemory?.heapGrowth(...observed) ?? null;
  const then = phase.serverMemory?.heapGrowth(...observed) ?? null;
  const heap = usual === null || then === null ? null : Math.max(0, then - usual);
  const common = { phase: phase.name, unit: "bytes", better: "lower" } as const;
  return [
    {
      ...common,
      key: "memory.heap",
      label: "server's heap\nand buffers, +",
      value: heap,
      about:
        "towards the end of not reading, above the growth while all were reading; garbage counts",
      ...(heap === null && { note: unknownServer }),
    },
    {
      ...common,
      key: "memory.perReader",
      label: "for each that\ndoesn't read",
      value: heap === null || stopped === 0 ? null : heap / stopped,
      ...(heap === null && { note: unknownServer }),
    },
  ];
}

const readersTable = "clients that didn't read";

function readerFigures(phase: MeasuredPhase): Figure[] {
  const { stoppedReaders } = phase;
  const common = { phase: phase.name, table: readersTable } as const;
  const counted = (key: string, label: string, value: number | null): Figure => ({
    ...common,
    key,
    label,
    unit: "count",
    better: "neither",
    value,
  });
  return [
    counted("readers.count", "clients", stoppedReaders?.count ?? null),
    {
      ...counted("readers.disconnected", "cut off", stoppedReaders?.disconnected ?? null),
      better: "lower",
    },
    counted("readers.caughtUp", "caught up", stoppedReaders?.caughtUp ?? null),
    {
      ...common,
      key: "readers.catchUp",
      label: "the last\nwithin",
      unit: "ns",
      better: "lower",
      value: stoppedReaders?.longestCatchUpNs ?? null,
      about: "from reading again until the first message that was sent after that",
      ...(stoppedReaders?.caughtUp === 0 && { note: "none of them caught up" }),
    },
  ];
}

function ledgerFigures(phase: MeasuredPhase): Figure[] {
  const counted = (field: keyof Ledger, label: string, about?: string): Figure => ({
    key: field,
    phase: phase.name,
    table: ledgerTable,
    label,
    unit: "count",
    better: field === "replayed" || field === "received" ? "neither" : "lower",
    value: phase.ledger?.[field] ?? null,
    ...(about !== undefined && { about }),
  });
  return [
    counted("received", "received"),
    counted("replayed", "replayed", "sent before a client that was cut off was back"),
    counted("overrun", "overrun", "left out for a client, or not in the server's log any more"),
    counted("inFlight", "lost in\nflight"),
    counted("missed", "missed\nwhile away"),
    counted("unaccounted", "lost\notherwise"),
    counted("doubled", "doubled"),
    {
      key: "expected",
      phase: phase.name,
      table: ledgerTable,
      label: "of\ndeliveries",
      unit: "count",
      better: "neither",
      value: phase.expected,
    },
  ];
}

const ledgerTable = "what became of every delivery";
