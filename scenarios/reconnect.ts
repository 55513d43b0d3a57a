import { betweenMessages } from "./between-messages.ts";
import { uncounted } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type {
  Backoff,
  Figure,
  Ledger,
  MeasuredPhase,
  Scenario,
  Stage,
  Workload,
} from "./scenario.ts";
import { warmUp } from "./warm-up.ts";

/** How clients come back where nothing else is asked for; most are within the first wait. */
export const usualBackoff: Backoff = { policy: "full-jitter", baseMs: 250, capMs: 5_000 };

/** Where it isn't said how often, all connections are cut once, after this share of the time. */
const cutAfterShare = 0.25;

interface Way {
  readonly key: string;
  readonly phase: string;
  readonly resume: boolean;
  /** The scenario's own when left out. */
  readonly table?: string;
}

/** Clients that ask for what they have missed, and such that don't. */
const both: readonly Way[] = [
  { key: "resume", phase: "with resume", resume: true },
  {
    key: "fresh",
    phase: "without resume",
    resume: false,
    table: "the same, with clients that don't ask for what they have missed",
  },
];

/** Where it isn't the harness that brings clients back, it doesn't have them ask either. */
const alone: readonly Way[] = [{ key: "resume", phase: "cut off", resume: true }];

export const reconnect: Scenario = defineScenario({
  name: "reconnect",
  summary: "All connections are cut in mid-stream: who is back when, and what is lost?",
  workload: { clients: 100, ratePerSecond: 20, payloadBytes: 256 },
  measures: "time",
  usesNetwork: true,
  takes: ["reconnect", "cutEveryMs"],
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, payloadBytes, reconnect: backoff, cutEveryMs }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s, ${payloadBytes} B, ` +
    `cut ${cutEveryMs === undefined ? "once" : `every ${seconds(cutEveryMs)}`}, ${backoffText(backoff)}`,
  async play(stage) {
    const { clients, reconnect: backoff = usualBackoff } = stage.workload;
    const isOurs = backoff.policy !== "none" && backoff.policy !== "native";
    for (const [index, way] of (isOurs ? both : alone).entries()) {
      // Some may not be back.
      if (index > 0) await stage.clients.disconnect();
      await stage.clients.comeBack({ ...backoff, resume: way.resume });
      if (index === 0) {
        await stage.phase("connect", () => stage.clients.connect(clients));
        await warmUp(stage, "publish");
      } else {
        await stage.clients.connect(clients);
      }
      const phase = await playCut(stage, way.phase);
      for (const figure of figuresOf(phase, way)) stage.figure(figure);
    }
    await stage.clients.disconnect();
  },
});

function playCut(stage: Stage, name: string): Promise<MeasuredPhase> {
  return stage.phase(name, async () => {
    await Promise.all([
      stage.server.publish({ forMs: stage.workload.durationMs }),
      ...cutsMs(stage.workload).map((afterMs) => stage.network.cut({ how: "reset", afterMs })),
    ]);
  });
}

/** When connections are cut, in milliseconds from the first message. */
function cutsMs(workload: Workload): number[] {
  const { durationMs, cutEveryMs } = workload;
  const everyMs = cutEveryMs ?? cutAfterShare * durationMs;
  const cuts = cutEveryMs === undefined ? 1 : Math.ceil(durationMs / everyMs) - 1;
  return Array.from({ length: cuts }, (_, index) =>
    betweenMessages((index + 1) * everyMs, workload),
  );
}

export function backoffText({ policy, baseMs, capMs }: Backoff = usualBackoff): string {
  if (policy === "none") return "nobody comes back";
  if (policy === "native") return "back as libraries do by themselves";
  const most = policy === "fixed" ? "" : ` to ${seconds(capMs)}`;
  return `back after ${policy} from ${seconds(baseMs)}${most}`;
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}

function figuresOf(phase: MeasuredPhase, { key, table, resume }: Way): Figure[] {
  const { absences, ledger } = phase;
  const common = { phase: phase.name, ...(table !== undefined && { table }) };
  const again = (name: string, label: string, value: number | null): Figure => ({
    ...common,
    key: `${key}.receiving.${name}`,
    label,
    unit: "ns",
    better: "lower",
    value,
    about: "from noticing that its connection has ended until a client gets a message again",
    ...(value === null && { note: nobodyLeft }),
    ...(name === "p50" && resume && { headline: true, words }),
  });
  const counted = (field: keyof Ledger, label: string, about?: string): Figure => ({
    ...common,
    key: `${key}.${field}`,
    label,
    unit: "count",
    better: field === "replayed" ? "neither" : "lower",
    value: ledger?.[field] ?? null,
    ...(about !== undefined && { about }),
  });
  return [
    again("p50", "half receive\nagain (p50)", absences?.untilReceiving(0.5) ?? null),
    again("p90", "90 % receive\nagain (p90)", absences?.untilReceiving(0.9) ?? null),
    again("max", "the last\n(max)", absences?.longestUntilReceivingNs ?? null),
    counted("replayed", "replayed", "sent before the client was back, and received after that"),
    counted("inFlight", "lost in\nflight", "due before the client noticed the cut"),
    counted("missed", "missed\nwhile away"),
    counted("overrun", "overrun", "the server's log didn't hold them any more"),
    counted("doubled", "doubled"),
    counted("unaccounted", "lost\notherwise"),
    {
      ...common,
      key: `${key}.expected`,
      label: "of\ndeliveries",
      unit: "count",
      better: "neither",
      value: phase.expected,
    },
    setUpFigure(phase, key, common),
  ];
}

const words = {
  states: "half of the clients receive again within {value} of noticing a cut",
  leads: "clients receive again soonest with {variant}: half within {value} of noticing a cut",
};

function setUpFigure(
  { wire, absences }: MeasuredPhase,
  key: string,
  common: Pick<Figure, "phase" | "table">,
): Figure {
  const back = absences === null ? 0 : absences.count - absences.lasting;
  return {
    ...common,
    key: `${key}.setUp`,
    label: "set-up,\nB/return",
    unit: "bytes",
    better: "lower",
    value: wire === null || back === 0 ? null : wire.parts.setUp / back,
    ...(wire === null ? { note: uncounted } : back === 0 && { note: nobodyLeft }),
  };
}

const nobodyLeft = "too few clients lost their connection, or got a message after that";
