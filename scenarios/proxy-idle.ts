import { waitMs } from "./proxy-events.ts";
import type { Heartbeats, Opened, Stage, Way } from "./scenario.ts";

/** Milliseconds between heartbeats, the longest first: of those that hold polls, the last is how long later ones are held. */
const intervals = [60_000, 45_000, 30_000, 20_000, 10_000, 5_000] as const;

/** Longer than anybody waits: as good as none. */
const neverMs = 3_600_000;

/** How long it waits at a time. */
const stepMs = 1_000;

/** A cut-off is waited out by this factor and so much more: then heartbeats have shown whether they keep a connection. */
const beyond = { factor: 1.2, ms: 2_000 } as const;

/** A heartbeat that is hardly sooner than the cut-off keeps a connection by luck only. */
const soonerShare = 0.9;

/** Of what a trial may sit idle, the bound of the search: in a default run beyond the minute that most proxies wait. */
const boundShare = 2.5;

/** What becomes of a connection on which nothing is sent but heartbeats. */
export interface Lived {
  readonly opened: Opened;
  /** From being subscribed until it was told of its end; null where it wasn't. */
  readonly endedMs: number | null;
  readonly reason: string | null;
}

export interface Idle {
  readonly boundMs: number;
  readonly silent: Lived;
  /** Past the proxy. */
  readonly control: Lived;
  readonly beats: readonly { readonly everyMs: number; readonly lived: Lived }[];
}

function idleBoundMs({ maxIdleMs }: Pick<Stage, "maxIdleMs">): number {
  return boundShare * maxIdleMs;
}

/** Opens connections on which nothing is sent, side by side, and waits until they are ended or the bound is reached. */
export async function searchIdle(stage: Stage): Promise<Idle> {
  const boundMs = idleBoundMs(stage);
  const silent = await openIdle(stage, "proxy", neverMs);
  const control = await openIdle(stage, "direct", neverMs);
  const beats: { everyMs: number; opened: Opened }[] = [];
  for (const everyMs of intervals.filter((ms) => ms < boundMs)) {
    beats.push({ everyMs, opened: await openIdle(stage, "proxy", everyMs) });
  }
  let untilMs = boundMs;
  for (let waitedMs = 0; waitedMs < untilMs; waitedMs += stepMs) {
    await stage.idle(Math.min(stepMs, untilMs - waitedMs));
    const { endedMs } = await livedOf(stage, silent);
    if (endedMs !== null) untilMs = Math.min(boundMs, beyond.factor * endedMs + beyond.ms);
  }
  return {
    boundMs,
    silent: await livedOf(stage, silent),
    control: await livedOf(stage, control),
    beats: await Promise.all(
      beats.map(async ({ everyMs, opened }) => ({ everyMs, lived: await livedOf(stage, opened) })),
    ),
  };
}

async function openIdle(stage: Stage, through: Way, everyMs: number): Promise<Opened> {
  const heartbeats: Heartbeats = { everyMs, timeoutMs: everyMs, missesAllowed: 0 };
  const opened = await stage.probe.open({ through, waitMs, heartbeats });
  // Its first poll has to be there before the next ones are held otherwise.
  if (stage.transport.delivery === "pull") await stage.idle(50);
  return opened;
}

async function livedOf(stage: Stage, opened: Opened): Promise<Lived> {
  const { ended } = await stage.probe.heard(opened.id);
  const sinceNs = opened.dialledNs + (opened.readyNs ?? 0);
  return {
    opened,
    endedMs: ended === null ? null : (ended.atNs - sinceNs) / 1e6,
    reason: ended?.reason ?? null,
  };
}

export async function closeIdle(stage: Stage, { silent, control, beats }: Idle): Promise<void> {
  for (const { opened } of [silent, control, ...beats.map(({ lived }) => lived)]) {
    await stage.probe.close(opened.id);
  }
}

/** The longest interval of heartbeats with which a connection outlived a silent one, and the shortest with which it didn't. */
export function heartbeatsOf({ silent, beats }: Idle): {
  readonly keptMs: number | null;
  readonly cutMs: number | null;
} {
  if (silent.endedMs === null) return { keptMs: null, cutMs: null };
  const soonMs = soonerShare * silent.endedMs;
  const kept = beats
    .filter(({ everyMs, lived }) => lived.endedMs === null && everyMs <= soonMs)
    .map(({ everyMs }) => everyMs);
  const cut = beats.filter(({ lived }) => lived.endedMs !== null).map(({ everyMs }) => everyMs);
  const cutMs = cut.length === 0 ? null : Math.min(...cut);
  // One that is ended by itself says nothing of longer ones.
  const below = kept.filter((everyMs) => cutMs === null || everyMs < cutMs);
  return { keptMs: below.length === 0 ? null : Math.max(...below), cutMs };
}
