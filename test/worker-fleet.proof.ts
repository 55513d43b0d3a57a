import { readdirSync, readlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { percentileNs } from "../bench/results/percentile.ts";
import { eventually, isRunning } from "./bench-process.ts";
import type { BenchProcess } from "./bench-process.ts";
import { JoinedMachines } from "./joined-machines.ts";
import { brokers, isMissing, namespaces, timeNamespaces } from "./requirements.ts";
import { WorkerMachines } from "./worker-machines.ts";

const dayS = 86_400;

/** Two that serve, and three that have clients; no two clocks are alike. */
const five = [
  { name: "server-1", role: "servers", aheadS: dayS },
  { name: "server-2", role: "servers", aheadS: 2 * dayS },
  { name: "clients-1", role: "clients", aheadS: 3 * dayS },
  { name: "clients-2", role: "clients", aheadS: 4 * dayS },
  { name: "clients-3", role: "clients", aheadS: 5 * dayS },
] as const;

/** Of a process that can have so few, three are needed for the clients. */
const fewDescriptors = ["prlimit", "--nofile=160:160", "--"] as const;

/** As three load processes have them. */
const clients = 300;

const rate = 5;

function play(machines: WorkerMachines, duration: string): BenchProcess {
  const size = `--clients ${clients} --rate ${rate} --warmup 0ms --trials 2 --extra-trials 3`;
  return machines.run(
    `--scenarios latency --transports websocket --servers 2 --duration ${duration} ${size} --seed 1`,
    fewDescriptors,
  );
}

/** The processes of a run's trials on these workers, when all of them have some. */
async function measuring(
  run: BenchProcess,
  machines: WorkerMachines,
  names: readonly string[] = five.map(({ name }) => name),
): Promise<number[]> {
  const running = (): number[][] =>
    names.map((name) => machines.worker(name).running("processes/"));
  await run.until(() => running().every((pids) => pids.length > 0));
  return running().flat();
}

/** The networks that any process is in. */
function networksInUse(): Set<string> {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return new Set(
    pids.flatMap((pid) => {
      try {
        return [readlinkSync(`/proc/${pid}/ns/net`)];
      } catch {
        return [];
      }
    }),
  );
}

const cannot = [brokers, namespaces, timeNamespaces].some(isMissing);

describe.skipIf(cannot)("a run over five machines that a bridge joins", () => {
  it("goes on without those that die and stand still, and leaves nothing", async () => {
    let networks: string[] = [];
    {
      await using joined = await JoinedMachines.open();
      await using machines = await WorkerMachines.startApart(joined, five);
      networks = joined.networks();
      expect(networks.every((network) => networksInUse().has(network))).toBe(true);
      await using run = play(machines, "5s");
      await measuring(run, machines);
      machines.worker("clients-2").signal("SIGKILL");
      await run.said("trial 1: failed");
      const others = five.map(({ name }) => name).filter((name) => name !== "clients-2");
      await measuring(run, machines, others);
      const server = machines.worker("server-1");
      const stopped = server.running("processes/");
      server.signal("SIGSTOP");
      const { stderr } = await run.ended;
      const { trials } = await run.results();
      const [first, second, third] = trials;
      expect([first?.outcome, second?.outcome], stderr).toMatchObject([
        { status: "failed", by: "machine", reason: expect.stringContaining("worker clients-2 ") },
        { status: "failed", by: "machine", reason: expect.stringContaining("worker server-1 ") },
      ]);
      expect(third?.outcome.status, stderr).toMatch(/^(valid|invalid)$/);
      // All of its clients got all of its messages, and by one clock.
      const steady = third?.phases.find(({ name }) => name === "steady");
      const expected = clients * rate * 5;
      expect(steady?.deliveries).toMatchObject({ expected, delivered: expected, lost: 0 });
      expect(third?.durationMs).toBeLessThan(60_000);
      expect(steady?.clockBoundNs).toBeLessThan(1e8);
      expect(steady === undefined ? null : percentileNs(steady.latency.delivery, 0.9)).toBeLessThan(
        5e9,
      );
      server.signal("SIGCONT");
      await eventually(() => stopped.every((pid) => !isRunning(pid)));
      await server.said("joining anew");
      for (const { name } of five) expect(machines.worker(name).running("processes/")).toEqual([]);
    }
    const left = networksInUse();
    expect(networks.filter((network) => left.has(network))).toEqual([]);
  });

  it("is over when who plays it is killed, and another one can have the workers", async () => {
    await using joined = await JoinedMachines.open();
    await using machines = await WorkerMachines.startApart(joined, five);
    await using run = play(machines, "60s");
    const processes = await measuring(run, machines);
    run.signal("SIGKILL");
    await eventually(() => processes.every((pid) => !isRunning(pid)));
    await using next = play(machines, "1s");
    const { stderr } = await next.ended;
    const { trials } = await next.results();
    expect(trials.at(-1)?.outcome.status, stderr).not.toBe("failed");
  });

  it("ends with what it has when Redis is killed", async () => {
    await using joined = await JoinedMachines.open();
    await using machines = await WorkerMachines.startApart(joined, five);
    await using run = play(machines, "60s");
    const processes = await measuring(run, machines);
    await machines.killRedis();
    expect((await run.ended).code).not.toBe(0);
    const { trials } = await run.results();
    expect(trials[0]?.outcome).toMatchObject({ status: "failed", by: "machine" });
    await eventually(() => processes.every((pid) => !isRunning(pid)));
  });
});
