import { betweenMessages } from "./between-messages.ts";
import { defineScenario } from "./scenario.ts";
import type { Backoff, Figure, MeasuredPhase, Scenario, Stage } from "./scenario.ts";
import { untilBack } from "./restart-figures.ts";
import { warmUp } from "./warm-up.ts";

/** How clients come back, with each policy. */
const waits = { baseMs: 100, capMs: 1_000 } as const;

/** From the end of the server until the next one can be reached. */
const downMs = 1_000;

/** The server is restarted when this share of the messages has been sent. */
const restartAfterShare = 0.2;

/** Each has a table of its own, the first the scenario's. */
const policies: readonly Backoff["policy"][] = [
  "full-jitter",
  "decorrelated-jitter",
  "exponential",
  "fixed",
];

export const storm: Scenario = defineScenario({
  name: "storm",
  summary: "The server restarts under its clients: who is back when, and what does that take?",
  workload: { clients: 200, ratePerSecond: 10, payloadBytes: 256 },
  measures: "time",
  usesNetwork: true,
  restartsServer: true,
  onlyWhenNamed: true,
  describe: ({ clients, ratePerSecond, payloadBytes }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, ${ratePerSecond} msg/s, ${payloadBytes} B, ` +
    `server away for ${downMs} ms, waits from ${waits.baseMs} ms to ${waits.capMs} ms`,
  async play(stage) {
    await stage.phase("connect", () => stage.clients.connect(stage.workload.clients));
    await warmUp(stage, "publish");
    for (const policy of policies) {
      for (const figure of figuresOf(await playRestart(stage, policy), policy)) {
        stage.figure(figure);
      }
    }
    await stage.clients.disconnect();
  },
});

async function playRestart(stage: Stage, policy: Backoff["policy"]): Promise<MeasuredPhase> {
  const { durationMs } = stage.workload;
  const afterMs = betweenMessages(restartAfterShare * durationMs, stage.workload);
  await stage.clients.comeBack({ policy, ...waits, resume: true });
  return stage.phase(policy, async () => {
    await Promise.all([
      stage.server.publish({ forMs: durationMs }),
      stage.server.restart({ downMs, afterMs }),
    ]);
  });
}

function figuresOf(phase: MeasuredPhase, policy: Backoff["policy"]): Figure[] {
  const { absences, ledger, restart } = phase;
  const isFirst = policy === policies[0];
  const common = { phase: phase.name, ...(!isFirst && { table: `the same, with ${policy}` }) };
  const back = (key: string, share: number, label: string): Figure => ({
    ...common,
    ...untilBack(phase, share),
    key: `${policy}.back.${key}`,
    label,
    ...(key === "p99" && isFirst && { headline: true, words }),
  });
  const count = (key: string, label: string, value: number | null, about?: string): Figure => ({
    ...common,
    key: `${policy}.${key}`,
    label,
    unit: "count",
    better: "lower",
    value,
    ...(about !== undefined && { about }),
  });
  const most = restart?.mostDials ?? null;
  return [
    back("p50", 0.5, "half are\nback"),
    back("p99", 0.99, "99 % are\nback"),
    back("max", 1, "all are\nback"),
    count("neverBack", "never\nback", restart?.neverBack ?? null),
    {
      ...count("lostConnection", "of\nclients", restart?.lost ?? null, aboutLost),
      better: "neither",
    },
    count("dials", "dials", absences?.dials ?? null),
    count("failedDials", "failed\ndials", absences?.failedDials ?? null),
    count("mostDials.in100Ms", "most dials\nin 100 ms", most?.in100Ms ?? null),
    count("mostDials.inSecond", "most dials\nin 1 s", most?.inSecond ?? null),
    {
      ...common,
      key: `${policy}.serverCpu`,
      label: "server CPU\nuntil then",
      unit: "ms",
      better: "lower",
      value: restart?.serverCpuMs ?? null,
      about: "of the fresh server, from when it could be reached until the last client was back",
    },
    { ...count("replayed", "replayed", ledger?.replayed ?? null), better: "neither" },
    count("overrun", "gone with\nthe log", ledger?.overrun ?? null, aboutOverrun),
    count(
      "lostOtherwise",
      "lost\notherwise",
      ledger &&
        ledger.unsent + ledger.untaken + ledger.inFlight + ledger.missed + ledger.unaccounted,
    ),
    { ...count("expected", "of\ndeliveries", phase.expected), better: "neither" },
  ];
}

const aboutLost = "a client that polls while the server is there hasn't lost it";

const aboutOverrun =
  "sent by the server that was ended, not received, and not in the log of the next";

const words = {
  states:
    "99 % of the clients are back within {value} of the end of a server that was away for 1 s",
  leads:
    "after a restart of 1 s clients are back soonest with {variant}: 99 % within {value} of the server's end",
};
