import { betweenMessages } from "./between-messages.ts";
import { allBytes, latency, perDelivery, uncounted } from "./figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Backoff, Figure, Ledger, MeasuredPhase, Scenario, Stage } from "./scenario.ts";
import { untilBack } from "./restart-figures.ts";
import { warmUp } from "./warm-up.ts";

/** How all clients come back. */
const backoff: Backoff = { policy: "full-jitter", baseMs: 500, capMs: 5_000 };

/** What happens when, as shares of the day. */
const day = {
  /** Everyone's connection is reset. */
  cut: 0.1,
  /** That of some ends. */
  partialCut: { at: 0.2, share: 0.3 },
  /** Nothing is forwarded. */
  stall: { from: 0.3, until: 0.4 },
  /** The server restarts, last of all that clients have to come back from. */
  restart: 0.45,
  slow: { from: 0.75, until: 0.95 },
} as const;

/** From the end of the server until the next one can be reached. */
const downMs = 1_000;

/** What a slow network is like: that of a train, without what TCP can't show of it. */
const slow = { delayMs: 150, jitterMs: 50, bytesPerSecond: 64_000 } as const;

interface Way {
  readonly key: "resume" | "fresh";
  readonly phase: string;
  readonly table?: string;
}

const ways: readonly Way[] = [
  { key: "resume", phase: "with resume" },
  {
    key: "fresh",
    phase: "without resume",
    table: "the same, with clients that don't ask for what they have missed",
  },
];

export const badDay: Scenario = defineScenario({
  name: "bad-day",
  summary: "Cuts, a stall, a restart, a slow network: what arrives, how late, and what is lost?",
  workload: { clients: 200, ratePerSecond: 4, payloadBytes: 256 },
  measures: "time",
  durationShare: 4,
  usesNetwork: true,
  restartsServer: true,
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, payloadBytes, durationMs }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s, ${payloadBytes} B, ` +
    `a day of ${durationMs / 1_000} s`,
  async play(stage) {
    const { clients } = stage.workload;
    for (const [index, way] of ways.entries()) {
      await stage.clients.comeBack({ ...backoff, resume: way.key === "resume" });
      // Some may not be back.
      if (index > 0) await stage.clients.disconnect();
      await stage.clients.connect(clients);
      if (index === 0) await warmUp(stage, "publish");
      for (const figure of figuresOf(await playDay(stage, way.phase), way)) stage.figure(figure);
    }
    await stage.clients.disconnect();
  },
});

function playDay(stage: Stage, name: string): Promise<MeasuredPhase> {
  const { network, server, workload } = stage;
  const { durationMs } = workload;
  const at = (share: number): number => betweenMessages(share * durationMs, workload);
  const { cut, partialCut, stall, restart, slow: slowly } = day;
  return stage.phase(name, async () => {
    await Promise.all([
      server.publish({ forMs: durationMs }),
      network.cut({ how: "reset", afterMs: at(cut) }),
      network.cut({ how: "end", share: partialCut.share, afterMs: at(partialCut.at) }),
      network.carry({ isStalled: true }, { afterMs: at(stall.from) }),
      network.restore({ afterMs: at(stall.until) }),
      server.restart({ downMs, afterMs: at(restart) }),
      network.carry(slow, { afterMs: at(slowly.from) }),
      network.restore({ afterMs: at(slowly.until) }),
    ]);
  });
}

function figuresOf(phase: MeasuredPhase, { key, table }: Way): Figure[] {
  const { ledger, absences, expected } = phase;
  const common = { phase: phase.name, ...(table !== undefined && { table }) };
  const resumes = key === "resume";
  const within = (name: string, q: number, label: string): Figure => ({
    ...common,
    ...latency(phase.delivery(q)),
    key: `${key}.${name}`,
    label,
    ...(name === "p99" && resumes && { headline: true, words: lateWords }),
  });
  const count = (name: string, label: string, value: number | null): Figure => ({
    ...common,
    key: `${key}.${name}`,
    label,
    unit: "count",
    better: name === "replayed" || name === "expected" ? "neither" : "lower",
    value,
  });
  const counted = (field: keyof Ledger, label: string): Figure =>
    count(field, label, ledger?.[field] ?? null);
  const back = (name: string, share: number, label: string): Figure => ({
    ...common,
    ...untilBack(phase, share),
    key: `${key}.back.${name}`,
    label,
  });
  const bytes = allBytes(phase);
  return [
    {
      ...common,
      key: `${key}.arrived`,
      label: "arrived",
      unit: "percent",
      better: "higher",
      value: ledger === null || expected === 0 ? null : shareArrived(ledger, expected),
      ...(!resumes && { headline: true, words: arrivedWords }),
    },
    within("p50", 0.5, "half within\n(p50)"),
    within("p99", 0.99, "99 % within\n(p99)"),
    back("p50", 0.5, "restart: half\nare back"),
    back("p99", 0.99, "99 % are\nback"),
    {
      ...common,
      key: `${key}.bytes`,
      label: "bytes of\na delivery",
      unit: "bytes",
      better: "lower",
      value: bytes === null ? null : perDelivery(phase, bytes),
      about: "both ways, with all that coming back takes",
      ...(bytes === null && { note: uncounted }),
    },
    counted("replayed", "replayed"),
    counted("inFlight", "lost in\nflight"),
    counted("missed", "missed\nwhile away"),
    counted("overrun", "gone with\nthe log"),
    counted("unaccounted", "lost\notherwise"),
    counted("doubled", "doubled"),
    counted("reordered", "reordered"),
    count("expected", "of\ndeliveries", expected),
    count("dials", "dials", absences?.dials ?? null),
    count("neverBack", "never\nback", absences?.lasting ?? null),
  ];
}

function shareArrived({ received, replayed }: Ledger, expected: number): number {
  return (100 * (received + replayed)) / expected;
}

const lateWords = {
  states: "on the bad day with resume, 99 % of what arrives does so within {value}",
  leads: "on the bad day with resume, messages are soonest with {variant}: 99 % within {value}",
};

const arrivedWords = {
  states: "on the bad day without resume, {value} of the messages arrive",
  leads: "on the bad day without resume, most messages arrive with {variant}: {value}",
};
