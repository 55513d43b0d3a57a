import { afterAll, describe, expect, it } from "vitest";
import { versionIn } from "../bench/files/package-files.ts";
import { percentileNs } from "../bench/results/percentile.ts";
import type { Hosts } from "../bench/run/host.ts";
import type { Offset } from "../bench/workers/clock-exchange.ts";
import {
  Director,
  MachineLock,
  TrialProcesses,
  WorkerHosts,
  WorkerPool,
  correctClock,
  uncorrected,
  usingRedis,
} from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";
import { brokers, isMissing, timeNamespaces } from "./requirements.ts";
import { WorkerMachines } from "./worker-machines.ts";

const dayS = 86_400;

// This process's clock is corrected, too, and other tests have one machine.
afterAll(() => correctClock(uncorrected));

describe.skipIf(isMissing(brokers) || isMissing(timeNamespaces))("clocks of machines", () => {
  it("are known to be as far apart as they are, before, during and after a trial", async () => {
    await using machines = await WorkerMachines.start([
      { name: "server-host", role: "servers", aheadS: dayS },
      { name: "client-host", role: "clients", aheadS: 3 * dayS },
    ]);
    await using pool = await usingRedis(machines.url, "--on", (redis) =>
      WorkerPool.open(redis, "--on", versionIn(), machines.token, () => {}),
    );
    const peer = pool.workers.get("server-host")?.clock;
    if (peer === undefined) throw new Error("no worker has joined that serves");
    const found: Offset[] = [];
    const look = async (): Promise<void> => {
      found.push(await pool.hostOf("client-host").call("offset", { peer }));
    };
    await look();
    const hosts = lookedAt(await new WorkerHosts(pool, "--on").of({ servers: 1 }), look);
    const trial = trialOf("websocket", 256);
    await using processes = new TrialProcesses(trial, hosts);
    await processes.start();
    using lease = await new MachineLock().acquire();
    const director = new Director(trial, processes, lease, () => {});
    await director.clients.connect(10);
    await director.phase("steady", async () => {
      await Promise.all([director.server.publish({ ratePerSecond: 50, forMs: 500 }), look()]);
    });
    await director.clients.disconnect();
    await look();
    // Before, at both ends of the phase and within it, after.
    expect(found.length).toBeGreaterThanOrEqual(5);
    for (const { offsetNs, boundNs } of found) {
      expect(Math.abs(offsetNs - 2 * dayS * 1e9)).toBeLessThanOrEqual(boundNs);
      expect(boundNs).toBeLessThan(1e8);
    }
    // All processes tell one time.
    expect(processes.clocks.filter(({ shared }) => !shared)).toEqual([]);
    const steady = director.phases.at(-1);
    expect(steady?.clockBoundNs).toBeGreaterThan(0);
    expect(steady?.deliveries).toMatchObject({ expected: 250, delivered: 250 });
    const median = steady === undefined ? null : percentileNs(steady.latency.delivery, 0.5);
    expect(median).toBeGreaterThan(-(steady?.clockBoundNs ?? 0));
    expect(median).toBeLessThan(1e9);
  });
});

/** The same hosts, whose clocks are looked at whenever they are corrected and judged. */
function lookedAt(hosts: Hosts, look: () => Promise<void>): Hosts {
  const { clocks } = hosts;
  if (clocks === null) throw new Error("several machines have several clocks");
  return {
    ...hosts,
    clocks: {
      async agree() {
        await look();
        await clocks.agree();
      },
      async look() {
        await look();
        return await clocks.look();
      },
    },
  };
}
