import { setTimeout } from "node:timers/promises";
import { versionIn } from "../../bench/files/package-files.ts";
import { serveVerbs } from "../../bench/processes/serve-verbs.ts";
import type { Remote } from "../../bench/processes/remote.ts";
import { usingRedis } from "../../bench/workers/redis.ts";
import { WorkerPool } from "../../bench/workers/worker-pool.ts";
import { token } from "./coordinating-protocol.ts";
import type { CoordinatorVerbs } from "./coordinating-protocol.ts";
import { medianTripUs } from "./round-trips.ts";
import type { Asked } from "./round-trips.ts";

// A process that has workers as one has that plays a run, and plays none.

let pool: WorkerPool | undefined;
const processes: Remote<Asked>[] = [];

/** One process has to start those of all workers, and to renew their leases meanwhile. */
const startAtOnce = 50;

/** Microseconds of CPU time that something takes. */
async function cpuUsOf(body: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await body();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function askAll(): Promise<void> {
  await Promise.all(processes.map((remote) => remote.call("clock", {})));
}

const verbs: CoordinatorVerbs = {
  async open({ url }) {
    const opened = await usingRedis(url, "--on", (redis) =>
      WorkerPool.open(redis, "--on", versionIn(), token, () => {}),
    );
    pool = opened;
    const { id } = await opened.begin();
    const { present } = opened;
    for (let first = 0; first < present.length; first += startAtOnce) {
      const starting = present
        .slice(first, first + startAtOnce)
        .map((worker, index) =>
          opened.start<Asked>(worker, id, "load", `load ${first + index + 1}`),
        );
      await Promise.all(starting.map((remote) => remote.call("clock", {})));
      processes.push(...starting);
    }
    return processes.length;
  },

  async idle({ forMs }) {
    return ((await cpuUsOf(() => setTimeout(forMs))) / forMs) * 1_000;
  },

  async askAll({ times }) {
    const usedUs = await cpuUsOf(async () => {
      for (let time = 0; time < times; time += 1) await askAll();
    });
    return usedUs / times / processes.length;
  },

  async askOne({ times }) {
    const [remote] = processes;
    if (remote === undefined) throw new Error("not opened");
    return await medianTripUs(remote, times);
  },
};

serveVerbs(verbs, async () => {
  await pool?.[Symbol.asyncDispose]();
});
