import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import * as z from "zod";
import { exitCodes } from "../../bench/errors/errors.ts";
import type { Comparison } from "../../bench/results/comparison.ts";
import { parsedFlags } from "./flags.ts";
import { shareOf, shareWithInterval } from "./share.ts";
import { CountedCheck } from "./counted-check.ts";

const flagsSchema = z.object({
  checks: z.coerce.number().int().min(1).max(1_000),
  transports: z.string().min(1),
  scenarios: z.string().min(1),
});

/** A check that ends otherwise has shown nothing. */
type Outcome = Comparison["outcome"] | "failed";

interface Played {
  readonly outcome: Outcome;
  readonly seconds: number;
  readonly changes: readonly string[];
}

/** No proof takes longer; then the hog ends by itself. */
const hogMs = 3_600_000;

/** `busy`: checks of what is counted beside a process that never rests; each that fails is a false alarm. */
export async function proveOnBusyMachine(given: unknown): Promise<void> {
  const { checks, transports, scenarios } = parsedFlags(flagsSchema, given);
  const folder = await mkdtemp(join(tmpdir(), "bench-busy-"));
  const counted = new CountedCheck(folder, transports, scenarios);
  try {
    await counted.update();
    const played = await besideHog(() => playedTimes(counted, checks));
    const { text, falseAlarms } = summary(played);
    process.stdout.write(`${text}\n`);
    if (falseAlarms > 0) process.exitCode = exitCodes.failed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function playedTimes(counted: CountedCheck, checks: number): Promise<Played[]> {
  const played: Played[] = [];
  for (let index = 1; index <= checks; index += 1) {
    const check = playedOf(await counted.play(`${index}`));
    played.push(check);
    const ended = `${check.outcome}, ${check.seconds.toFixed(0)} s`;
    process.stderr.write(`${index} of ${checks}: ${[ended, ...check.changes].join("; ")}\n`);
  }
  return played;
}

/** Plays while another process never rests. */
async function besideHog<T>(play: () => Promise<T>): Promise<T> {
  const spin = `const end = Date.now() + ${hogMs}; while (Date.now() < end);`;
  const child = spawn(process.execPath, ["-e", spin], { stdio: "ignore" });
  const stop = (): void => void child.kill("SIGKILL");
  process.once("exit", stop);
  try {
    return await play();
  } finally {
    process.off("exit", stop);
    stop();
  }
}

function playedOf({ result, comparison }: Awaited<ReturnType<CountedCheck["play"]>>): Played {
  const { seconds, lastLine } = result;
  if (comparison === null) return { outcome: "failed", seconds, changes: [lastLine] };
  const regressed = comparison.changes.filter(({ verdict }) => verdict === "regressed");
  return {
    outcome: comparison.outcome,
    seconds,
    changes: regressed.map(({ variant, phase, metric, reason }) =>
      [variant, phase, metric, reason].filter((part) => part !== null).join(" "),
    ),
  };
}

function summary(played: readonly Played[]): { text: string; falseAlarms: number } {
  const table = new Table({
    head: ["outcome of bench check", "checks"],
    style: { head: [], border: [] },
  });
  for (const outcome of new Set(played.map((check) => check.outcome))) {
    const { hits, total } = shareOf(played, (check) => check.outcome === outcome);
    table.push([outcome, `${hits} of ${total}`]);
  }
  const alarms = shareOf(played, ({ outcome }) => outcome === "regressed" || outcome === "failed");
  const text = [
    table.toString(),
    `False alarms beside other work, with their 95 % interval: ${shareWithInterval(alarms)}.`,
  ].join("\n");
  return { text, falseAlarms: alarms.hits };
}
