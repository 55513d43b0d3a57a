import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { Worktree } from "../../bench/ab/worktree.ts";
import { BenchError } from "../../bench/errors/errors.ts";
import { packageFolder } from "../../bench/files/package-files.ts";
import type { Servers } from "./servers.ts";
import { startHarness } from "./sides.ts";

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

const variant = "websocket";
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
  const server = await servers.of(variant);
  try {
    await using side = await startHarness(variant, server, build);
    await side.connect({ clients: 2, firstClient: 0, channels: "shared", nextSequence: 1 });
    await side.begin(1);
    await server.publish(messages);
    const latencyNs = await side.latencyNs(40);
    const { arrived, cpuMs, wrong } = await side.end();
    await side.disconnect();
    if (arrived === 40 && wrong === 0 && Number.isFinite(cpuMs) && latencyNs !== null) return;
  } catch (error) {
    throw cannot(error instanceof Error ? error.message : String(error));
  }
  throw cannot("what it reports of 40 deliveries is not what was sent");
}
