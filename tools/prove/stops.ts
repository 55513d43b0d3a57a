import { readFileSync } from "node:fs";
import Table from "cli-table3";
import * as z from "zod";
import type { Scenario } from "../../scenarios/scenario.ts";
import { resolveConfig } from "../../bench/settings/config.ts";
import { asFlag } from "../../bench/settings/naming.ts";
import { playTrial } from "../../bench/run/play-trial.ts";
import { exitCodes } from "../../bench/errors/errors.ts";
import { MachineLock } from "../../bench/run/machine-lock.ts";
import { bounds } from "../../bench/measure/bounds.ts";
import { planRun } from "../../bench/plan/plan.ts";
import type { Trial } from "../../bench/results/schema.ts";
import { warningMeanings } from "../../bench/results/warnings.ts";
import type { WarningCode } from "../../bench/results/warnings.ts";
import { admittedTarget } from "../../bench/settings/target.ts";
import type { ServerTarget } from "../../bench/settings/target.ts";
import { parsedFlags } from "./flags.ts";
import { ServedTarget, stopFor } from "./stopped-process.ts";

/** The processes that are stopped. The publisher sends to the target, a user's own server. */
export const everybody = ["server", "load 1", "canary", "publisher", "director", "target"] as const;
type Who = (typeof everybody)[number];

/** Of those whose messages are only counted, which a stop of less than `pushedStallMs` leaves as they are. */
const counting = ["server", "load 1"] as const;

const flagsSchema = z.object({
  lengths: z.string().regex(/^[1-9]\d*(,[1-9]\d*)*$/, "milliseconds, separated by commas"),
  only: z
    .string()
    .transform((names) => names.split(","))
    .pipe(z.array(z.enum(everybody, `of ${everybody.join(", ")}`))),
});

/** How long messages are sent beyond the stop. */
const restMs = 300;

const settings = { transports: ["websocket"], scenarios: ["latency"], clients: 5, rate: 100 };

/** `stops`: each process in turn is stopped for a while, and its trial has to say so. */
export async function proveByStops(given: unknown): Promise<void> {
  const { lengths, only } = parsedFlags(flagsSchema, given);
  const lengthsMs = lengths.split(",").map(Number);
  const table = new Table({
    head: ["stopped", ...lengthsMs.map((ms) => `for ${ms} ms`)],
    style: { head: [], border: [] },
  });
  let wrong = 0;
  await using served = await ServedTarget.start("websocket");
  const target = await admittedTarget(served.url, { kind: "unknown" }, []);
  const stops = [
    ...everybody.map((who): Stop => ({ who, counted: false })),
    ...counting.map((who): Stop => ({ who, counted: true })),
  ].filter(({ who }) => only.includes(who));
  for (const stop of stops) {
    const row: string[] = [stop.counted ? `${stop.who}, counted` : stop.who];
    for (const ms of lengthsMs) {
      const { isRight, text } = judgeTrial(
        stop,
        ms,
        await stoppedTrial(stop, ms, target, served.pid),
      );
      if (!isRight) wrong += 1;
      row.push(isRight ? text : `WRONG: ${text}`);
    }
    table.push(row);
  }
  process.stdout.write(`${table.toString()}\n`);
  if (wrong > 0) process.exitCode = exitCodes.failed;
}

/** Whose process is stopped, and whether in a trial that times nothing. */
interface Stop {
  readonly who: Who;
  readonly counted: boolean;
}

function stoppedTrial(
  { who, counted }: Stop,
  ms: number,
  target: ServerTarget,
  targetPid: number,
): Promise<Trial> {
  const foreign = who === "publisher" || who === "target";
  const config = resolveConfig({ ...settings, trials: 1 }, asFlag, ms, foreign ? target : null);
  const [planned] = planRun(config).flat();
  if (planned === undefined) throw new Error("nothing was planned");
  const pidOf = (): number => (who === "target" ? targetPid : ownPid(who));
  const scenario = stopping(
    { ...planned.scenario, measures: counted ? "counts" : "time" },
    ms,
    pidOf,
  );
  const stand = {
    machineLock: new MachineLock(),
    observer: { phase: () => {} },
    signal: new AbortController().signal,
  };
  return playTrial({ ...planned, scenario }, stand);
}

/** The processes of a trial are named by what they run; the canary is started after the load. */
function ownPid(who: Exclude<Who, "target">): number {
  if (who === "director") return process.pid;
  const entry = who === "canary" || who === "load 1" ? "load" : who;
  // In the order in which they were started.
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8");
  const pids = children
    .split(" ")
    .filter((pid) => pid !== "" && commandOf(pid).includes(`processes/${entry}.`))
    .map(Number);
  const pid = who === "canary" ? pids[1] : pids[0];
  if (pid === undefined) throw new Error(`there is no ${who} process`);
  return pid;
}

/** Empty when it has ended meanwhile. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Stops a process once its window is open, while messages are being sent. */
function stopping(scenario: Scenario, ms: number, pidOf: () => number): Scenario {
  return {
    ...scenario,
    async play(stage) {
      await stage.clients.connect(stage.workload.clients);
      await stage.phase("steady", async () => {
        const sending = stage.server.publish({ forMs: ms + restMs });
        await stopFor(pidOf(), ms);
        await sending;
      });
    },
  };
}

function concernsServer(code: WarningCode): boolean {
  return warningMeanings[code].causedBy === "server";
}

/**
 * A stop of the target stays in its figures, and counts don't change; any other stop has to make the trial invalid.
 */
function judgeTrial(
  { who, counted }: Stop,
  ms: number,
  trial: Trial,
): { isRight: boolean; text: string } {
  const pauses = trial.warnings.filter(({ code }) => code === "stood-still");
  const steady = trial.phases.find(({ name }) => name === "steady");
  if (steady === undefined) return { isRight: false, text: JSON.stringify(trial.outcome) };
  const isReported = pauses.some(({ detail }) => detail.startsWith(`the ${who} `));
  if (counted && ms < bounds.pushedStallMs) {
    const codes = trial.warnings.map(({ code }) => code);
    const text = [trial.outcome.status, ...codes].join(", ");
    // Of a busy machine there may be other warnings.
    return { isRight: !isReported && codes.every((code) => !concernsServer(code)), text };
  }
  const maxMs = (steady.latency.delivery.maxNs ?? 0) / 1e6;
  if (who === "target") {
    const blamed = steady.standStills.some(({ stoppedMs }) => stoppedMs >= ms);
    const text = `${trial.outcome.status}, max ${Math.round(maxMs)} ms`;
    return { isRight: !blamed && maxMs >= ms / 2, text };
  }
  const still = steady.standStills.find(({ process: name }) => name === who);
  return {
    isRight: trial.outcome.status === "invalid" && isReported && (still?.longestMs ?? 0) >= ms,
    text: `${trial.outcome.status}, ${Math.round(still?.longestMs ?? 0)} ms`,
  };
}
