import type { ProxyFaultKind } from "../../scenarios/proxy-faults.ts";
import { applicationCures } from "./cures.ts";
import type { ApplicationCure } from "./cures.ts";
import type { Endpoint } from "./endpoint.ts";
import { clockAheadMs, gatheringOf, isGathered, isHeadHeld } from "./gathering.ts";
import type { Gathering } from "./gathering.ts";
import { hear, keptConnection } from "./hear.ts";
import type { Heard } from "./heard.ts";
import { offered } from "./offered.ts";
import type { Offered } from "./offered.ts";
import { answeringField } from "./question.ts";
import type { Question } from "./question.ts";
import { silenceOf, slackMs, waitInSilence } from "./silence.ts";
import type { Heartbeat, Silence } from "./silence.ts";
import { upgrade } from "./upgrade.ts";
import type { Upgraded } from "./upgrade.ts";

/** Slow enough that what holds events back by bytes holds all of them, and the time tells how long. */
export const slowly: Question = { count: 30, gap: 50, wait: 300 };
/** Fast enough that bytes are what is reached first. */
const quickly: Question = { count: 250, gap: 10, bytes: 250 };
/** How long an answer may take. */
const answerMs = 10_000;
/** From when on this process itself is why events came together. */
const stalledMs = 80;
const attempts = 3;

/** What was heard of an endpoint. */
export interface Looked {
  readonly boundMs: number;
  /** Names of the fields that its user has given. */
  readonly given: readonly string[];
  readonly offered: Offered;
  readonly upgraded: Upgraded;
  /** As it answers to its own URL. */
  readonly first: Heard;
  /** Null where no answering end is behind it. */
  readonly asked: Asked | null;
}

export interface Asked {
  /** One event, asked for over the connection of the first request if that was kept. */
  readonly once: Heard;
  readonly slow: Streamed;
  /** Where events were gathered. */
  readonly quick: Streamed | null;
  /** Where the client can choose HTTP/2. */
  readonly http2: Streamed | null;
  readonly faults: readonly ProxyFaultKind[];
  readonly tried: readonly TriedCure[];
  readonly silent: Silence;
  /** Those that were tried, the shortest last. */
  readonly heartbeats: readonly Heartbeat[];
}

export interface Streamed {
  readonly heard: Heard;
  readonly gathering: Gathering | null;
}

export interface TriedCure {
  readonly cure: ApplicationCure;
  readonly helped: readonly ProxyFaultKind[];
}

/** How it is looked at. */
export interface Looking {
  /** Whether cures are tried: they are if nothing is said. */
  readonly triesCures?: boolean;
  /** Has work wait its turn whose moments are measured, where many look side by side. */
  readonly turns?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Asks an endpoint all there is, by one connection of each kind. Rejects where it can't be reached at all. */
export async function look(
  endpoint: Endpoint,
  boundMs: number,
  looking: Looking = {},
): Promise<Looked> {
  const choice = await offered(endpoint, answerMs);
  const kept = keptConnection(endpoint);
  try {
    const isAnswering = (heard: Pick<Heard, "head">): boolean =>
      heard.head?.fields[answeringField] !== undefined;
    const upgrading = (): Promise<Upgraded> =>
      upgrade(endpoint, { answerMs, silentMs: boundMs + slackMs });
    let upgraded: Promise<Upgraded> | null = null;
    const first = await hear(endpoint, null, {
      agent: kept,
      headLimitMs: Math.max(boundMs, answerMs),
      limitMs: (head) => {
        if (head.status < 300) upgraded = upgrading();
        return isAnswering({ head }) ? answerMs : boundMs;
      },
    });
    const asked = isAnswering(first) ? ask(endpoint, boundMs, kept, choice, looking) : null;
    const waited = await Promise.all([upgraded ?? upgrading(), asked]);
    const given = Object.keys(endpoint.fields);
    return { boundMs, given, offered: choice, first, upgraded: waited[0], asked: waited[1] };
  } finally {
    kept.destroy();
  }
}

async function ask(
  endpoint: Endpoint,
  boundMs: number,
  agent: ReturnType<typeof keptConnection>,
  { protocol }: Offered,
  { triesCures = true, turns = (work) => work() }: Looking,
): Promise<Asked> {
  const question: Question = { count: 1 };
  const once = await hear(endpoint, question, { agent, limitMs: answerMs });
  const clocks = [{ heard: once, question }];
  const waiting = waitInSilence(endpoint, boundMs, triesCures);
  // It is asked for at the end.
  waiting.catch(() => {});
  const stream = async (question: Question, isHttp2 = false): Promise<Streamed> => {
    const limitMs = lengthOf(question) + answerMs;
    for (let left = attempts; ; left -= 1) {
      const heard = await turns(() => hear(endpoint, question, { limitMs, isHttp2 }));
      clocks.push({ heard, question });
      const aheadMs = clockAheadMs(clocks) ?? 0;
      const gathering = gatheringOf(heard, question, aheadMs);
      // What this process has missed can't be told from what was held back.
      const isDoubtful = heard.stalledMs > stalledMs && gathering !== null && isGathered(gathering);
      if (left <= 1 || !isDoubtful) return { heard, gathering };
    }
  };
  const slow = await confirmed(() => stream(slowly));
  const faults = faultsOf(slow, slowly);
  const quick = faults.includes("buffered") ? await stream(quickly) : null;
  // Whoever chooses HTTP/2 and then fails has been found out by that.
  const http2 =
    protocol === "h2" ? await confirmed(() => stream(slowly, true)).catch(() => null) : null;
  const tried = await tryCures(triesCures ? faults : [], async (cure) => {
    const question = { ...slowly, ...cure.question };
    const streamed = await stream(question);
    return isHeldBack(streamed) === null ? null : faultsOf(streamed, question);
  });
  const { silence, heartbeats } = await waiting;
  const silent = silenceOf(silence, clockAheadMs(clocks) ?? 0, boundMs);
  return { once, slow, quick, http2, faults, tried, silent, heartbeats };
}

/** Of two in which events came together, the one with fewer: a machine may be busy for a moment. */
async function confirmed(stream: () => Promise<Streamed>): Promise<Streamed> {
  const first = await stream();
  if (first.gathering === null || !isGathered(first.gathering)) return first;
  const second = await stream();
  return second.gathering !== null && second.gathering.burst < first.gathering.burst
    ? second
    : first;
}

/** Null where it was refused: who limits connections or requests does so, and holds nothing back. */
export function isHeldBack({ heard: { head }, gathering }: Streamed): boolean | null {
  if (gathering !== null) return isGathered(gathering);
  return head !== null && head.status >= 300 ? null : true;
}

function faultsOf(streamed: Streamed, question: Question): ProxyFaultKind[] {
  const { heard, gathering } = streamed;
  const isBuffered = isHeldBack(streamed) === true;
  const encoding = heard.head?.fields["content-encoding"] ?? "identity";
  return [
    ...(isHeadHeld(heard, question) && gathering?.isUntilEnd !== true ? (["head"] as const) : []),
    ...(isBuffered ? (["buffered"] as const) : []),
    ...(encoding === "identity" ? [] : (["compressed"] as const)),
  ];
}

async function tryCures(
  faults: readonly ProxyFaultKind[],
  /** Null where that was refused, which tells nothing of the cure. */
  faultsWith: (cure: ApplicationCure) => Promise<readonly ProxyFaultKind[] | null>,
): Promise<TriedCure[]> {
  const tried: TriedCure[] = [];
  const left = new Set(faults);
  for (const cure of applicationCures) {
    const wanted = cure.cures.filter((kind) => left.has(kind));
    if (wanted.length === 0) continue;
    const remaining = await faultsWith(cure);
    if (remaining === null) continue;
    const helped = wanted.filter((kind) => !remaining.includes(kind));
    tried.push({ cure, helped });
    for (const kind of helped) left.delete(kind);
  }
  return tried;
}

function lengthOf({ count, gap = 0, wait = 0 }: Question): number {
  return wait + (count - 1) * gap;
}
