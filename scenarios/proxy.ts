import { measureAdded } from "./proxy-added.ts";
import { askBoth, compressedBy, headWaits, isUpgrade } from "./proxy-asked.ts";
import type { AskedBoth } from "./proxy-asked.ts";
import { isAnswering } from "./proxy-cures.ts";
import type { Cure } from "./proxy-cures.ts";
import { tryCures } from "./proxy-cured.ts";
import type { Cured, Means } from "./proxy-cured.ts";
import { closePair, lookAtEvents, openPair, waitMs } from "./proxy-events.ts";
import type { Look } from "./proxy-events.ts";
import type { ProxyFaultKind } from "./proxy-faults.ts";
import { proxyFigures } from "./proxy-figures.ts";
import type { Seen } from "./proxy-figures.ts";
import * as find from "./proxy-findings.ts";
import type { Findings } from "./proxy-findings.ts";
import { clientGoes, serverGoes, toldByHeartbeats } from "./proxy-gone.ts";
import { findHeld } from "./proxy-held.ts";
import { closeIdle, heartbeatsOf, searchIdle } from "./proxy-idle.ts";
import { reload } from "./proxy-reload.ts";
import { defineScenario } from "./scenario.ts";
import type { Answering, Opened, Scenario, Stage } from "./scenario.ts";

/** The first of some connections may be refused by a proxy that has just been started. */
const attempts = { count: 3, everyMs: 500 } as const;

export const proxy: Scenario = defineScenario({
  name: "proxy",
  summary: "What a proxy in between holds, cuts, refuses or hides, and what cures it",
  workload: { clients: 1, ratePerSecond: 10, payloadBytes: 200 },
  measures: "time",
  trials: 1,
  usesProxy: true,
  onlyWhenNamed: true,
  transports: [
    "sse",
    "streaming",
    "streaming+method=post",
    "long-polling",
    "short-polling",
    "websocket",
    "socket.io",
    "sse+h2",
    "streaming+h2",
    "long-polling+h2",
    "websocket+h2",
  ],
  describe: ({ payloadBytes }) => `single clients through a proxy and past it, ${payloadBytes} B`,
  async play(stage) {
    const reached = await reach(stage);
    if (reached.refusal !== null) return await stateRefusal(stage, reached.refusal);
    const isPolled = stage.transport.pollIntervalMs !== null;
    // The longest wait comes first: others use the machine meanwhile.
    const idle = isPolled ? null : await searchIdle(stage);
    const look = await lookTwice(stage);
    if (idle !== null) await closeIdle(stage, idle);
    const fault = find.eventsFault(look);
    const held = fault === "buffered" ? await findHeld(stage, look.proxy.longestMs) : null;
    const asked = await askTwice(stage);
    const { pads } = await stage.server.answer({});
    const means: Means = { pads, hasHead: !isUpgrade(asked) };
    const cured = await cureAnswers(stage, means, fault, asked);
    const { answering = null, by = null } = fault === null ? {} : (cured[fault] ?? {});
    // What follows can only be told of events that come.
    if (answering !== null) await stage.server.answer(answering);
    const added = isPolled ? null : await measureAdded(stage);
    const goneClient = added && (await clientGoes(stage, added.proxy, "written to who has gone"));
    const goneServer = isPolled ? null : await serverGoes(stage);
    if (goneClient?.toldMs === null) cured["gone-client"] = await cureGone(stage, means);
    const reloaded = await reload(stage);
    if (idle !== null) cured.cut = cutCure(heartbeatsOf(idle).keptMs, stage);
    if ("cut" in reloaded) cured.reload = reloadCure(reloaded);
    const findings: Findings = {
      refused: find.refusedFinding(null, asked),
      upgrade: find.upgradeFinding(asked),
      head: find.headFinding(asked),
      buffered: find.bufferedFinding(look, held),
      delayed: find.delayedFinding(look),
      compressed: find.compressedFinding(asked),
      cut: find.cutFinding(idle, look),
      "gone-client": find.goneFinding(goneClient, "client"),
      "gone-server": find.goneFinding(goneServer, "server"),
      reload: find.reloadFinding(reloaded),
    };
    const seen: Seen = {
      opened: reached.opened,
      refusal: null,
      idle,
      look,
      held,
      asked,
      added,
      with: by,
      goneClient,
      goneServer,
      reloaded,
    };
    for (const figure of proxyFigures(seen, findings, cured)) stage.figure(figure);
  },
});

type Cures = Partial<Record<ProxyFaultKind, Cured>>;

/** Connects through the proxy, and ends it again; what it is told instead where none of several attempts gets through. */
async function reach(
  stage: Stage,
): Promise<{ readonly opened: Opened; readonly refusal: string | null }> {
  let opened = await stage.probe.open({ through: "proxy", waitMs });
  for (let attempt = 1; opened.refusal !== null && attempt < attempts.count; attempt += 1) {
    await stage.idle(attempts.everyMs);
    opened = await stage.probe.open({ through: "proxy", waitMs });
  }
  await stage.probe.close(opened.id);
  return { opened, refusal: opened.refusal };
}

/** Nothing else can be told of who is refused. */
async function stateRefusal(stage: Stage, refusal: string): Promise<void> {
  const asked = await askBoth(stage, "asked");
  const untold = find.cantTell("no connection");
  const findings: Findings = {
    refused: find.refusedFinding(refusal, asked),
    upgrade: untold,
    head: untold,
    buffered: untold,
    delayed: untold,
    compressed: untold,
    cut: untold,
    "gone-client": untold,
    "gone-server": untold,
    reload: untold,
  };
  const seen: Seen = {
    opened: null,
    refusal: find.refusalText(refusal, asked),
    idle: null,
    look: null,
    held: null,
    asked: null,
    added: null,
    with: null,
    goneClient: null,
    goneServer: null,
    reloaded: null,
  };
  for (const figure of proxyFigures(seen, findings, {})) stage.figure(figure);
}

/** What is found once may be the machine's doing: it has to be found again. */
async function lookTwice(stage: Stage): Promise<Look> {
  const first = await lookOnce(stage, "events");
  if (find.eventsFault(first) === null && first.ended === null) return first;
  const second = await lookOnce(stage, "events again");
  return find.eventsFault(second) === null ? second : first;
}

async function lookOnce(stage: Stage, name: string): Promise<Look> {
  const pair = await openPair(stage);
  const look = await lookAtEvents(stage, name, pair);
  await closePair(stage, pair);
  return look;
}

async function askTwice(stage: Stage): Promise<AskedBoth> {
  const first = await askBoth(stage, "asked");
  return headWaits(first) === true ? await askBoth(stage, "asked again") : first;
}

/** Tries what the server can answer otherwise. */
async function cureAnswers(
  stage: Stage,
  means: Means,
  fault: "buffered" | "delayed" | null,
  asked: AskedBoth,
): Promise<Cures> {
  const cured: Cures = {};
  if (fault !== null) {
    cured[fault] = await tryCures(stage, fault, means, async ({ name }) => {
      return find.eventsFault(await lookOnce(stage, `events, ${name}`)) === null;
    });
  }
  const uncured = fault === null ? undefined : cured[fault];
  // Where all that comes waits, so does its head.
  if (headWaits(asked) === true && uncured?.by === null) cured.head = uncured;
  else if (headWaits(asked) === true) {
    cured.head = await tryCures(stage, "head", means, async ({ name, apply }) => {
      return headWaits(await askBoth(stage, `asked, ${name}`, answeringOf(apply))) === false;
    });
  }
  if (compressedBy(asked) !== null) {
    cured.compressed = await tryCures(stage, "compressed", means, async ({ name, apply }) => {
      return compressedBy(await askBoth(stage, `asked, ${name}`, answeringOf(apply))) === null;
    });
  }
  return cured;
}

function answeringOf(apply: Cure["apply"]): Answering {
  return isAnswering(apply) ? apply : {};
}

async function cureGone(stage: Stage, means: Means): Promise<Cured> {
  return await tryCures(stage, "gone-client", means, async ({ apply }) => {
    return "heartbeats" in apply && (await toldByHeartbeats(stage, apply.heartbeats)) !== null;
  });
}

/** It has been measured along with the cut-off. */
function cutCure(keptMs: number | null, { transport }: Stage): Cured {
  const what =
    transport.delivery === "pull" ? "polls held for no longer than" : "a heartbeat every";
  const by = keptMs === null ? null : `${what} ${keptMs / 1_000} s`;
  return { by, tried: ["heartbeats"], answering: null };
}

/** Likewise, by clients that came back. */
function reloadCure({ cut, lost }: { readonly cut: number; readonly lost: number }): Cured {
  const resuming = "coming back and asking for what was missed";
  return { by: cut > 0 && lost === 0 ? resuming : null, tried: [resuming], answering: null };
}
