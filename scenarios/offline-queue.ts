import { uncounted } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Figure, Ledger, MeasuredPhase, Repeats, Scenario, Stage } from "./scenario.ts";

/** How clients come back. */
const backoff = { policy: "full-jitter", baseMs: 250, capMs: 1_000 } as const;

/** One way, in milliseconds: without it, hardly anything would be under way when connections are cut. */
const delayMs = 20;

/** All connections are cut when this share of the time has passed, and for as long no new ones are taken. */
const cutShare = 0.25;

interface Way {
  readonly key: string;
  readonly phase: string;
  readonly resume: boolean;
  readonly keepsSent: boolean;
  readonly repeats: Repeats;
  readonly table?: string;
}

/** What is played in turn; the first has the scenario's own table. */
const ways: readonly Way[] = [
  { key: "resume", phase: "with resume", resume: true, keepsSent: true, repeats: "drop" },
  {
    key: "fresh",
    phase: "without resume",
    resume: false,
    keepsSent: true,
    repeats: "answer",
    table: "the same, with clients that don't ask for what they have missed",
  },
  {
    key: "unnumbered",
    phase: "without numbers",
    resume: false,
    keepsSent: true,
    repeats: "take",
    table: "the same, with a server that doesn't know by its number what it has taken",
  },
  {
    key: "unkept",
    phase: "without queue",
    resume: true,
    keepsSent: false,
    repeats: "take",
    table: "the same, with clients that keep nothing of what they send",
  },
];

export const offlineQueue: Scenario = defineScenario({
  name: "offline-queue",
  summary: "Clients send while they are cut off: what is lost, what is doubled?",
  workload: { clients: 100, ratePerSecond: 5, payloadBytes: 256 },
  measures: "time",
  durationShare: 0.8,
  usesNetwork: true,
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, payloadBytes, durationMs }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s from each, ${payloadBytes} B, ` +
    `${delayMs} ms one way, cut off for ${cutShare * durationMs} ms`,
  async play(stage) {
    const { clients, warmUpMs } = stage.workload;
    await stage.phase("connect", () => stage.clients.connect(clients, { channels: "own" }));
    // No faster than what follows: messages that wait in a client's queue then would be taken for some of the next phase.
    await stage.warmUp(() => stage.clients.send({ forMs: warmUpMs }));
    await stage.network.carry({ delayMs });
    for (const way of ways) {
      const phase = await playOutage(stage, way);
      for (const figure of figuresOf(phase, way)) stage.figure(figure);
    }
    await stage.clients.disconnect();
  },
});

async function playOutage(
  stage: Stage,
  { phase, resume, keepsSent, repeats }: Way,
): Promise<MeasuredPhase> {
  const { durationMs } = stage.workload;
  const awayMs = cutShare * durationMs;
  await stage.clients.comeBack({ ...backoff, resume, keepsSent });
  await stage.server.repeats(repeats);
  return stage.phase(phase, async () => {
    await Promise.all([
      stage.clients.send({ forMs: durationMs }),
      stage.network.cut({ how: "reset", afterMs: awayMs, refuseForMs: awayMs }),
    ]);
  });
}

type Common = Pick<Figure, "phase" | "table">;

function figuresOf(phase: MeasuredPhase, way: Way): Figure[] {
  const { key, table, keepsSent } = way;
  const common = { phase: phase.name, ...(table !== undefined && { table }) };
  return [
    ...(keepsSent ? queueFigures(phase, way, common) : []),
    ...lossFigures(phase, way, common),
    {
      ...common,
      key: `${key}.expected`,
      label: "of\nmessages",
      unit: "count",
      better: "neither",
      value: phase.expected,
    },
  ];
}

/** What clients kept, and how soon they were rid of it. */
function queueFigures(
  phase: MeasuredPhase,
  { key, resume, repeats }: Way,
  common: Common,
): Figure[] {
  const { outboxes, ledger } = phase;
  const acknowledged = (name: string, label: string, value: number | null): Figure => ({
    ...common,
    key: `${key}.acknowledged.${name}`,
    label,
    unit: "ns",
    better: "lower",
    value,
    about: "from a client's return until all that it kept then has come back",
    ...(value === null && { note: nobodyLeft }),
    ...(name === "p50" && resume && { headline: true, words }),
  });
  const counted = (name: string, label: string, value: number | null, about: string): Figure => ({
    ...common,
    key: `${key}.${name}`,
    label,
    unit: "count",
    better: name === "replayed" ? "neither" : "lower",
    value,
    about,
  });
  return [
    acknowledged("p50", "half have all\nback (p50)", outboxes?.untilAcknowledged(0.5) ?? null),
    acknowledged("p90", "90 % have all\nback (p90)", outboxes?.untilAcknowledged(0.9) ?? null),
    acknowledged("max", "the last\n(max)", outboxes?.longestUntilAcknowledgedNs ?? null),
    counted("kept", "longest\nqueue", outboxes?.mostKept ?? null, "messages of one client"),
    counted("replayed", "replayed", ledger?.replayed ?? null, "due before its client was back"),
    repeats === "take"
      ? counted("twice", "taken\ntwice", outboxes?.repeated ?? null, "by the server")
      : counted("repeated", "sent in\nvain", outboxes?.repeated ?? null, inVain),
    ...byteFigures(phase, key, common),
  ];
}

const words = {
  states:
    "half of the clients have all that they had queued acknowledged within {value} of their return",
  leads:
    "clients have what they had queued acknowledged soonest with {variant}: half within {value} of their return",
};

const inVain = "sent once more, though the server had taken it";

/** What the repair took on the wire. */
function byteFigures(
  { wire, absences, outboxes }: MeasuredPhase,
  key: string,
  common: Common,
): Figure[] {
  const back = absences === null ? 0 : absences.count - absences.lasting;
  const perMessage = wire === null || wire.sentUp === 0 ? null : wire.parts.upstream / wire.sentUp;
  const repeated = outboxes?.repeated ?? null;
  const bytes = (name: string, label: string, value: number | null, about: string): Figure => ({
    ...common,
    key: `${key}.${name}`,
    label,
    unit: "bytes",
    better: "lower",
    value,
    about,
    ...(value === null && { note: wire === null ? uncounted : nobodyLeft }),
  });
  return [
    bytes(
      "upstream",
      "up,\nB/message",
      perMessage,
      "both ways, of a message that the server has got, without what delivers it",
    ),
    bytes(
      "repeats",
      "repeats,\nB",
      perMessage === null || repeated === null ? null : perMessage * repeated,
      "of all that the server got more than once",
    ),
    bytes(
      "setUp",
      "set-up,\nB/return",
      wire === null || back === 0 ? null : wire.parts.setUp / back,
      "of a client's connections, when it returns",
    ),
  ];
}

function lossFigures({ ledger }: MeasuredPhase, { key, keepsSent }: Way, common: Common): Figure[] {
  const counted = (name: string, label: string, value: number | null): Figure => ({
    ...common,
    key: `${key}.${name}`,
    label,
    unit: "count",
    better: "lower",
    value,
  });
  return [
    ...(keepsSent
      ? [counted("lost", "lost", ledger && lostOf(ledger))]
      : [
          counted("inFlight", "lost in\nflight", ledger?.inFlight ?? null),
          counted("missed", "lost\nwhile away", ledger?.missed ?? null),
        ]),
    counted("doubled", "doubled", ledger?.doubled ?? null),
    counted("reordered", "reordered", ledger?.reordered ?? null),
  ];
}

function lostOf({ unsent, untaken, inFlight, missed, overrun, unaccounted }: Ledger): number {
  return unsent + untaken + inFlight + missed + overrun + unaccounted;
}

const nobodyLeft = "too few clients lost their connection, or had something queued";
