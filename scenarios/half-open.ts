import { silenceMs } from "../transports/heartbeats.ts";
import { bytesFigures, noticeFigure, ownBytes } from "./noticing-figures.ts";
import type { Place, Side, Watched } from "./noticing-figures.ts";
import { defineScenario } from "./scenario.ts";
import type { Heartbeats, MeasuredPhase, Scenario, Silence, Stage } from "./scenario.ts";

/** Heartbeat intervals, in parts of the duration; the usual one has the scenario's own table. */
const intervals = [1 / 16, 1 / 8, 1 / 4] as const;
const usual = 1 / 8;

/** What is played once more at one interval, with other settings or with silence of one side only. */
const varied = 1 / 16;
const variations: readonly Variation[] = [
  { key: "misses", label: "2 misses\nallowed", missesAllowed: 2 },
  { key: "timeout", label: "half the\ntime-out", timeoutShare: 0.5 },
  { key: "down", label: "only server\nsilent", direction: "down" },
  { key: "up", label: "only clients\nsilent", direction: "up" },
];

interface Variation {
  readonly key: string;
  readonly label: string;
  readonly missesAllowed?: number;
  /** Of the interval. */
  readonly timeoutShare?: number;
  readonly direction?: "down" | "up";
}

const sides = ["client", "server"] as const;
const whoOf: Readonly<Record<Side, string>> = { client: "a client", server: "the server" };

const tables = {
  own: "as the variant has it, without a detector in clients",
  client: "time until half of the clients notice, by heartbeat interval in ms",
  server: "time until the server has noticed half of them, by heartbeat interval in ms",
} as const;

export const halfOpen: Scenario = defineScenario({
  name: "half-open",
  summary: "The other side falls silent without closing: who notices when, for how many bytes?",
  workload: { clients: 50, ratePerSecond: 20, payloadBytes: 256 },
  trials: 1,
  durationShare: 1.6,
  measures: "time",
  usesNetwork: true,
  onlyWhenNamed: true,
  describe: ({ clients, durationMs }) =>
    `${clients} ${clients === 1 ? "client" : "clients"}, a heartbeat every ` +
    `${intervals.map((part) => partOf(durationMs, part)).join(", ")} ms, waited for as long again`,
  async play(stage) {
    const { durationMs } = stage.workload;
    const own = await playSilence(stage, null, "without a detector", { forMs: durationMs });
    let beatBytes: number | null = null;
    for (const part of intervals) {
      beatBytes = await playInterval(stage, every(stage, part), part === usual);
    }
    for (const variation of variations) await playVariation(stage, variation);
    for (const side of sides) {
      const place = { key: `own.${side}`, label: `${whoOf[side]}\n(p50)`, table: tables.own };
      stage.figure(noticeFigure(own, side, 0.5, place));
    }
    stage.figure({ ...ownBytes(beatBytes, stage.transport.idleCycleMs), table: tables.own });
  },
});

function partOf(durationMs: number, part: number): number {
  return Math.max(1, Math.round(part * durationMs));
}

/** A heartbeat at this part of the duration; one that is due is waited for as long again. */
function every({ workload }: Stage, part: number): Heartbeats {
  const everyMs = partOf(workload.durationMs, part);
  return { everyMs, timeoutMs: everyMs, missesAllowed: 0 };
}

/**
 * Connects clients at moments that are spread over an interval, so that the silence begins at any moment between two
 * heartbeats, and watches who notices it. Null for the variant's own heartbeats.
 */
async function playSilence(
  stage: Stage,
  heartbeats: Heartbeats | null,
  name: string,
  silence: Silence,
  before: () => Promise<void> = async () => {},
): Promise<Watched> {
  const { workload, transport, clients, network } = stage;
  const overMs = heartbeats?.everyMs ?? Math.min(transport.idleCycleMs, workload.durationMs / 4);
  await clients.connect(workload.clients, { overMs, ...(heartbeats !== null && { heartbeats }) });
  await before();
  const noticed: Watched["noticed"][] = [];
  const phase = await stage.phase(name, async () => {
    noticed.push(await network.fallSilent(silence));
  });
  // Before anything is forwarded again, which would end the connections of those that haven't noticed.
  await clients.disconnect();
  await network.restore();
  const [only = null] = noticed;
  return { phase: phase.name, clients: workload.clients, forMs: silence.forMs, noticed: only };
}

/** Longer than anyone should take to notice. */
function watchedFor(heartbeats: Heartbeats): number {
  return silenceMs(heartbeats) + heartbeats.everyMs;
}

/** States what one interval comes to; returns the bytes of a heartbeat, null where they aren't known. */
async function playInterval(
  stage: Stage,
  heartbeats: Heartbeats,
  isUsual: boolean,
): Promise<number | null> {
  const { everyMs } = heartbeats;
  const idlePhases: MeasuredPhase[] = [];
  const idle = async (): Promise<void> => {
    // Whole cycles: then each client has done everything equally often.
    const forMs = everyMs * Math.ceil(stage.workload.durationMs / 5 / everyMs);
    idlePhases.push(await stage.phase(`every ${everyMs} ms, idle`, () => stage.idle(forMs)));
  };
  const watched = stage.transport.setsHeartbeats
    ? await playSilence(
        stage,
        heartbeats,
        `every ${everyMs} ms, silent`,
        { forMs: watchedFor(heartbeats) },
        idle,
      )
    : null;
  const state = (side: Side, share: number, place: Place): void =>
    stage.figure(noticeFigure(watched, side, share, place, heartbeats));
  if (isUsual) {
    state("client", 0.5, { key: "noticed.client.p50", label: "clients\nnotice (p50)" });
    state("client", 1, { key: "noticed.client.max", label: "the last\n(max)" });
    state("server", 0.5, { key: "noticed.server.p50", label: "server\nnotices (p50)" });
    state("server", 1, { key: "noticed.server.max", label: "the last\n(max)" });
  }
  for (const side of sides) {
    state(side, 0.5, {
      key: `noticed.${side}.at${everyMs}`,
      label: `${everyMs}`,
      table: tables[side],
    });
  }
  const { beatBytes, figures } = bytesFigures(idlePhases[0] ?? null, heartbeats, isUsual);
  for (const figure of figures) stage.figure(figure);
  return beatBytes;
}

async function playVariation(stage: Stage, variation: Variation): Promise<void> {
  const { key, label, missesAllowed = 0, timeoutShare = 1, direction } = variation;
  const { everyMs } = every(stage, varied);
  const heartbeats = { everyMs, timeoutMs: timeoutShare * everyMs, missesAllowed };
  // With one side silent, the other may end the connection first, and not be heard either.
  const silence =
    direction === undefined
      ? { forMs: watchedFor(heartbeats) }
      : { forMs: 2 * watchedFor(heartbeats), direction };
  const name = label.replace("\n", " ");
  // One interval makes of what connecting has been a heartbeat like any other.
  const oneInterval = (): Promise<void> => stage.idle(everyMs);
  const watched = stage.transport.setsHeartbeats
    ? await playSilence(stage, heartbeats, name, silence, oneInterval)
    : null;
  for (const side of sides) {
    const place = {
      key: `${key}.${side}`,
      label: `${label},\n${whoOf[side]}`,
      table: `a heartbeat every ${everyMs} ms with other settings, or with one side silent (p50)`,
    };
    // With one side silent, the other may be told instead.
    const law = direction === undefined ? heartbeats : null;
    stage.figure(noticeFigure(watched, side, 0.5, place, law));
  }
}
