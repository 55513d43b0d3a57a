import { setImmediate } from "node:timers/promises";
import { subscribeMs } from "../measure/dialler.ts";
import { maxWaits } from "../measure/recorder.ts";
import type { ServerTarget } from "../settings/target.ts";
import type {
  AskerVerbs,
  Connecting,
  IntruderVerbs,
  LoadVerbs,
  NetworkVerbs,
  ProbeVerbs,
  ProgramVerbs,
  PublisherVerbs,
  SendRequest,
  ServerVerbs,
} from "./protocol.ts";

/** Arguments that determine how long a verb may take, under the names that verbs have for them. */
export type TimedArguments = Partial<
  Pick<SendRequest, "forMs"> &
    Pick<Parameters<NetworkVerbs["restore"]>[0], "afterMs"> &
    Pick<Parameters<LoadVerbs["collect"]>[0], "timeoutMs"> &
    Pick<Connecting, "clients" | "concurrency"> &
    Pick<Parameters<PublisherVerbs["launch"]>[0], "target">
>;

/** A process that can't keep up with a schedule still plays all of it: it may take this many times as long. */
const maxOverload = 10;

/** How long a verb may take on an idle machine, by its arguments, in milliseconds. */
export function askedMs({
  forMs = 0,
  afterMs = 0,
  timeoutMs = 0,
  clients = 0,
  concurrency = Number.POSITIVE_INFINITY,
  target,
}: TimedArguments): number {
  const dials = Math.ceil(clients / concurrency);
  return (
    (afterMs + forMs) * maxOverload +
    timeoutMs * maxWaits +
    dials * subscribeMs +
    (target === undefined ? 0 : reachMs(target))
  );
}

/**
 * How long the publisher may take to find an address that answers, once the server has started, and to subscribe.
 */
function reachMs({ addresses, process }: ServerTarget): number {
  const startMs = process.kind === "command" ? process.startTimeoutMs : 0;
  return startMs + (addresses.length + 1) * subscribeMs;
}

/**
 * How long any verb may take beyond `askedMs`, in milliseconds: generous, since a busy machine must never be taken
 * for a process that doesn't answer.
 */
export const answerGraceMs = 60_000;

const beatMs = 1_000;

/**
 * Resolves when `limitMs` have passed, within a second, unless `signal` is aborted before. Only time in which
 * this process itself ran counts: one that was paused reads what arrived meanwhile before it complains.
 */
export async function ranFor(limitMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    let beats = Math.ceil(limitMs / beatMs);
    const timer = setInterval(() => {
      beats -= 1;
      if (beats > 0) return;
      clearInterval(timer);
      resolve();
    }, beatMs);
    signal.addEventListener("abort", () => clearInterval(timer));
  });
  await setImmediate();
}

type Verb =
  | keyof LoadVerbs
  | keyof PublisherVerbs
  | keyof NetworkVerbs
  | keyof IntruderVerbs
  | keyof ProgramVerbs
  | keyof ProbeVerbs
  | keyof AskerVerbs
  | keyof Pick<
      ServerVerbs,
      "answerPrompts" | "tokensSent" | "letGo" | "answer" | "loses" | "leave" | "openExchanges"
    >;

const doing: Readonly<Record<Verb, string>> = {
  launch: "starting the server",
  prepare: "loading its client",
  start: "getting ready",
  reload: "having its program read its files again",
  clock: "comparing clocks",
  correctClock: "correcting its clock",
  begin: "beginning a phase",
  connect: "connecting clients",
  disconnect: "disconnecting clients",
  publish: "publishing",
  send: "sending",
  prompt: "having clients prompt",
  answerPrompts: "being told to answer prompts",
  tokensSent: "telling how late its tokens were",
  changeRooms: "having clients change rooms",
  end: "ending a phase",
  lostOnBus: "counting what was lost between servers",
  outageFates: "counting what was lost while the broker was away",
  longestStall: "reporting how long it was paused",
  fault: "switching a fault on or off",
  repeats: "being told what to do with repeats",
  takenUp: "counting what came up",
  intrude: "having intruders try",
  letGo: "letting its clients go",
  open: "opening a connection",
  heard: "telling what a client has heard",
  close: "ending a connection",
  ask: "asking a server",
  answer: "being told how to answer",
  loses: "waiting for a client to go",
  leave: "ending its connections",
  carry: "changing how the network carries",
  cut: "cutting connections",
  fail: "having a program fail and come back",
  drain: "having the balancer spare a server",
  forget: "having the balancer forget who was where",
  refuse: "refusing connections",
  passTo: "passing on to another server",
  restore: "restoring the network",
  books: "telling what it passed on",
  comeBack: "being told how clients come back",
  hears: "waiting for a message from another server",
  returned: "waiting for clients that come back",
  stopReading: "having clients stop reading",
  stoppedReaders: "looking at clients that stopped reading",
  absences: "accounting for losses",
  collect: "collecting",
  openExchanges: "counting what is open",
  openTabs: "opening tabs",
  fillTab: "filling a tab with streams",
  pollInTab: "polling in a tab",
  settlePolls: "telling which polls have come",
  fetchInTab: "fetching in a tab",
  closeFirstInTab: "closing a stream in a tab",
  giveUpInTabs: "giving up what waits in tabs",
  countTabs: "counting streams in tabs",
  heardInTabs: "telling what tabs have heard",
  showPages: "showing or hiding its pages",
  showTab: "showing or hiding a tab",
  tickInTab: "watching a tab's timers",
  heartbeats: "setting its heartbeats",
  watchEnds: "watching connections end",
  newest: "looking for the newest message",
  rhythm: "watching idle connections",
  descriptors: "counting its file descriptors",
  memory: "measuring memory",
  prepareSaturation: "getting ready to saturate the server",
  saturate: "saturating the server",
};
const doingOf: Readonly<Record<string, string | undefined>> = doing;

/** A measuring process runs, as far as can be seen, and doesn't answer. */
export class NoAnswer extends Error {
  /** As `Remote.name`. */
  readonly process: string;

  constructor(process: string, verb: string, limitMs: number) {
    const limit = `${Math.ceil(limitMs / 1_000)} s`;
    super(`the ${process} process didn't answer within ${limit} while ${doingOf[verb] ?? verb}`);
    this.process = process;
  }
}
