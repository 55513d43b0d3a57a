import { backoffText, usualBackoff } from "./reconnect.ts";
import { betweenMessages } from "./between-messages.ts";
import { defineScenario } from "./scenario.ts";
import type { Figure, Ledger, MeasuredPhase, Scenario, Stage } from "./scenario.ts";
import { warmUp } from "./warm-up.ts";

/** The second of the servers: the first publishes, so that messages flow. */
const restarted = 1;

/** Shares of the time: when it begins, how long clients are asked to go, how long the server is away, and what follows. */
const beginsAfter = 0.2;
const graceShare = 0.2;
const downShare = 0.2;
const afterShare = 0.2;

interface Way {
  readonly key: string;
  readonly phase: string;
  /** Whether the balancer spares the server before it ends. */
  readonly drains: boolean;
  readonly hasGrace: boolean;
  /** Whether clients that come back ask for what they have missed. */
  readonly resume: boolean;
}

const graceful = "drained, with a grace period";

/** Each has a table of its own, the first the scenario's. */
const ways: readonly Way[] = [
  { key: "grace", phase: graceful, drains: true, hasGrace: true, resume: true },
  { key: "drained", phase: "drained", drains: true, hasGrace: false, resume: true },
  { key: "killed", phase: "killed", drains: false, hasGrace: false, resume: true },
];

/** The best and the worst with clients that don't ask. */
const fresh: readonly Way[] = [
  {
    key: "fresh.grace",
    phase: `${graceful}, no resume`,
    drains: true,
    hasGrace: true,
    resume: false,
  },
  {
    key: "fresh.killed",
    phase: "killed, no resume",
    drains: false,
    hasGrace: false,
    resume: false,
  },
];

export const rollingRestart: Scenario = defineScenario({
  name: "rolling-restart",
  summary: "A server of several behind a balancer restarts: what is lost, who is where?",
  workload: { clients: 60, ratePerSecond: 20, payloadBytes: 256 },
  measures: "time",
  keepsLedger: true,
  restartsServer: true,
  drainsServers: true,
  takes: ["reconnect"],
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, payloadBytes, durationMs, reconnect }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s, ${payloadBytes} B, ` +
    `a server away for ${Math.round(downShare * durationMs)} ms, ${backoffText(reconnect)}`,
  async play(stage) {
    const { clients, reconnect = usualBackoff } = stage.workload;
    // Where it isn't the harness that brings clients back, it doesn't have them ask either.
    const isOurs = reconnect.policy !== "none" && reconnect.policy !== "native";
    for (const [index, way] of [...ways, ...(isOurs ? fresh : [])].entries()) {
      const isFirst = index === 0;
      if (!isFirst) await stage.clients.disconnect();
      await stage.clients.comeBack({ ...reconnect, resume: way.resume });
      if (isFirst) {
        await stage.phase("connect", () => stage.clients.connect(clients));
        await warmUp(stage, "publish");
      } else {
        await stage.balancer.forget();
        await stage.clients.connect(clients);
      }
      const restart = await playRestart(stage, way);
      const after = await lookAfter(stage, `after that: ${way.phase}`);
      for (const figure of figuresOf(restart, after, way, isFirst)) stage.figure(figure);
      if (isFirst) stage.figure(await shareAnew(stage));
    }
    await stage.clients.disconnect();
  },
});

/** Publishes for as long as it takes to see where clients are. */
function lookAfter(stage: Stage, name: string): Promise<MeasuredPhase> {
  const forMs = Math.max(
    afterShare * stage.workload.durationMs,
    stage.transport.pollIntervalMs ?? 0,
  );
  return stage.phase(name, () => stage.server.publish({ forMs }));
}

/** Where clients of the same addresses are that connect when all is over. */
async function shareAnew(stage: Stage): Promise<Figure> {
  await stage.clients.disconnect();
  await stage.clients.connect(stage.workload.clients);
  const anew = await lookAfter(stage, "connected anew");
  return {
    ...shareFigure(anew, "grace.shareAnew", "the same,\nconnected anew"),
    about: "of clients with the same addresses that connect when the server is back",
  };
}

function playRestart(stage: Stage, { phase, drains, hasGrace }: Way): Promise<MeasuredPhase> {
  const { durationMs } = stage.workload;
  const afterMs = betweenMessages(beginsAfter * durationMs, stage.workload);
  const how = {
    server: restarted,
    downMs: downShare * durationMs,
    ...(hasGrace && { graceMs: graceShare * durationMs }),
  };
  const restart = async (): Promise<void> => {
    if (!drains) return await stage.server.restart({ ...how, afterMs });
    await stage.balancer.drain({ server: restarted, afterMs });
    await stage.server.restart(how);
    await stage.balancer.restore();
  };
  return stage.phase(phase, async () => {
    await Promise.all([stage.server.publish({ forMs: durationMs }), restart()]);
  });
}

function figuresOf(
  phase: MeasuredPhase,
  after: MeasuredPhase,
  way: Way,
  isFirst: boolean,
): Figure[] {
  const { absences, ledger } = phase;
  const common = { phase: phase.name, ...(!isFirst && { table: `the same, ${way.phase}` }) };
  const count = (key: string, label: string, value: number | null, about?: string): Figure => ({
    ...common,
    key: `${way.key}.${key}`,
    label,
    unit: "count",
    better: "lower",
    value,
    ...(about !== undefined && { about }),
  });
  const fate = (field: keyof Ledger, label: string, about?: string): Figure =>
    count(field, label, ledger?.[field] ?? null, about);
  const again = (key: string, label: string, value: number | null): Figure => ({
    ...count(`receiving.${key}`, label, value, aboutAgain),
    unit: "ns",
    ...(value === null && { note: "too few clients lost their connection" }),
  });
  return [
    {
      ...count("lost", "lost", ledger && lostIn(ledger)),
      ...(isFirst && { headline: true, words }),
    },
    fate("inFlight", "in\nflight", "due before the client noticed that its connection had ended"),
    fate("missed", "missed\nwhile away"),
    fate("overrun", "gone with\nthe log", "due before the log of its new server began"),
    count("otherwise", "lost\notherwise", ledger && otherwiseIn(ledger)),
    fate("doubled", "doubled"),
    { ...fate("replayed", "replayed"), better: "neither" },
    { ...count("expected", "of\ndeliveries", phase.expected), better: "neither" },
    count("ended", "connections\nended", absences?.count ?? null, aboutEnded),
    again("p50", "half receive\nagain (p50)", absences?.untilReceiving(0.5) ?? null),
    again("max", "the last\n(max)", absences?.longestUntilReceivingNs ?? null),
    count("failedDials", "failed\ndials", absences?.failedDials ?? null),
    {
      ...common,
      ...shareFigure(after, `${way.key}.share`, "at the server\nafter that"),
      about: "its share of the bytes of deliveries, when it was back",
    },
  ];
}

function shareFigure({ name, serverShares }: MeasuredPhase, key: string, label: string): Figure {
  const share = serverShares?.[restarted] ?? null;
  const value = share === null ? null : 100 * share;
  return { key, phase: name, label, unit: "percent", better: "neither", value };
}

function lostIn(ledger: Ledger): number {
  return ledger.inFlight + ledger.missed + ledger.overrun + otherwiseIn(ledger);
}

function otherwiseIn({ unsent, untaken, unaccounted }: Ledger): number {
  return unsent + untaken + unaccounted;
}

const aboutAgain =
  "from noticing that its connection has ended until a client gets a message again";

const aboutEnded =
  "under a client; those of polls, too, though a poll that the balancer asks of another server misses nothing";

const words = {
  states: "{value} deliveries are lost where a server is drained, lets its clients go and restarts",
  leads: "fewest deliveries are lost in a rolling restart with {variant}: {value}",
};
