import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { Worktree } from "../../bench/ab/worktree.ts";
import { BenchError } from "../../bench/errors/errors.ts";
import { packageFolder } from "../../bench/files/package-files.ts";
import type { Contest } from "./contest.ts";
import type { Servers } from "./servers.ts";
import { startHarness } from "./sides.ts";
import { reasonOf } from "./starting.ts";

/** With the dependencies that it names itself; `prepare` in its package.json builds it. */
const building = "npm ci --prefer-offline --no-audit --no-fund";

/** Another state of this repository, built in a folder of its own. */
export async function buildCommit(ref: string, signal: AbortSignal): Promise<Worktree> {
  const worktree = await Worktree.open(ref, fileURLToPath(packageFolder()), "--before");
  try {
    await worktree.prepare(building, signal, "--before");
    return worktree;
  } catch (error) {
    await worktree[Symbol.asyncDispose]();
    throw error;
  }
}

/** What every state speaks. */
const plain = "websocket";
const messages = { ratePerSecond: 200, forMs: 100, firstSequence: 1 };

/**
 * The load process of another state understands what this one asks of it, as long as what `LoadVerbs` says of
 * it is the same in both. Throws a `BenchError` where that isn't so.
 */
export async function verifyDrivable(build: string, servers: Servers): Promise<void> {
  const cannot = (reason: string): BenchError =>
    new BenchError("usage", `--before: its load process can't be driven by this state: ${reason}`);
  if (!existsSync(join(build, "dist/bench/processes/load.js"))) {
    throw cannot("its build makes no dist/bench/processes/load.js");
  }
  const reason = await whyNotDriven(plain, build, servers);
  if (reason !== null) throw cannot(reason);
}

/** Those that the load process of another state can play, too; `leaveOut` is called with each other one. */
export async function playableBy(
  build: string,
  contests: readonly Contest[],
  servers: Servers,
  leaveOut: (contest: Contest, reason: string) => void,
): Promise<Contest[]> {
  const reasons = new Map<string, string | null>([[plain, null]]);
  const playable: Contest[] = [];
  for (const contest of contests) {
    const { variant } = contest;
    if (!reasons.has(variant)) reasons.set(variant, await whyNotDriven(variant, build, servers));
    const reason = reasons.get(variant) ?? null;
    if (reason === null) playable.push(contest);
    else leaveOut(contest, reason);
  }
  return playable;
}

/** Null where a few messages arrive as they should. */
async function whyNotDriven(
  variant: string,
  build: string,
  servers: Servers,
): Promise<string | null> {
  const server = await servers.of(variant);
  try {
    await using side = await startHarness(variant, server, build);
    await side.connect({ clients: 2, firstClient: 0, channels: "shared", nextSequence: 1 });
    await side.begin(1);
    await server.publish(messages);
    const latencyNs = await side.latencyNs(40);
    const { arrived, cpuMs, wrong } = await side.end();
    await side.disconnect();
    if (arrived === 40 && wrong === 0 && Number.isFinite(cpuMs) && latencyNs !== null) return null;
    return "what it reports of 40 deliveries is not what was sent";
  } catch (error) {
    return reasonOf(error);
  }
}
