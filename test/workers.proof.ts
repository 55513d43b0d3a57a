import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { againMs } from "../bench/commands/interruption.ts";
import { eventually, isRunning } from "./bench-process.ts";
import type { BenchProcess } from "./bench-process.ts";
import { brokers, isMissing } from "./requirements.ts";
import { WorkerMachines } from "./worker-machines.ts";

const machinesOfThree = [
  { name: "server-host", role: "servers", aheadS: 0 },
  { name: "first-clients", role: "clients", aheadS: 0 },
  { name: "more-clients", role: "clients", aheadS: 0 },
] as const;

/** Those that have something to do where one load process suffices. */
const busy = ["server-host", "first-clients"] as const;

function echo(machines: WorkerMachines, duration: string, trials = 1): BenchProcess {
  const size = `--clients 4 --rate 20 --warmup 0ms --trials ${trials} --duration ${duration} --seed 1`;
  return machines.run(`--scenarios echo --transports websocket ${size}`);
}

/** The processes of trials that a worker runs. */
async function measuring(worker: BenchProcess): Promise<number[]> {
  await worker.until(() => worker.running("processes/").length > 0);
  return worker.running("processes/");
}

describe.skipIf(isMissing(brokers))("a run on several machines", () => {
  it.each(["SIGKILL", "SIGSTOP"] as const)(
    "fails the trial of a worker that is gone by %s, with its name, and plays it on the others",
    async (signal) => {
      await using machines = await WorkerMachines.start(machinesOfThree);
      await using run = echo(machines, "4s");
      const worker = machines.worker("first-clients");
      const processes = await measuring(worker);
      worker.signal(signal);
      await run.ended;
      const { trials } = await run.results();
      const reason = /worker first-clients has left, or gave no sign of life for 5 s$/;
      expect(trials[0]?.outcome).toMatchObject({
        status: "failed",
        by: "machine",
        reason: expect.stringMatching(reason),
      });
      expect(trials.at(-1)?.outcome.status).not.toBe("failed");
      worker.signal("SIGCONT");
      await eventually(() => processes.every((pid) => !isRunning(pid)));
    },
  );

  it("is left by a worker that is asked to, with the end of its trial, and joined by none", async () => {
    await using machines = await WorkerMachines.start(machinesOfThree);
    await using run = echo(machines, "4s", 2);
    const worker = machines.worker("first-clients");
    await measuring(worker);
    const late = await machines.join({ name: "late", role: "clients", aheadS: 0 });
    await late.firstLine();
    worker.signal("SIGTERM");
    expect(await worker.ended).toMatchObject({ code: 0 });
    await measuring(machines.worker("more-clients"));
    const { stderr } = await run.ended;
    const { trials } = await run.results();
    for (const { outcome } of trials) expect(outcome.status, stderr).not.toBe("failed");
    late.signal("SIGTERM");
    expect((await late.ended).stdout).not.toContain("has started");
  });

  it("is left at once by a worker that is asked twice, and its trial played again", async () => {
    await using machines = await WorkerMachines.start(machinesOfThree);
    await using run = echo(machines, "4s");
    const worker = machines.worker("first-clients");
    const processes = await measuring(worker);
    worker.signal("SIGTERM");
    await worker.said("ask again");
    // What comes so soon is the first one, handed on.
    worker.signal("SIGTERM");
    await setTimeout(againMs);
    worker.signal("SIGTERM");
    expect(await worker.ended).toMatchObject({ code: 0 });
    expect(processes.filter(isRunning)).toEqual([]);
    await run.ended;
    const { trials } = await run.results();
    expect(trials[0]?.outcome).toMatchObject({
      status: "failed",
      by: "machine",
      reason: expect.stringMatching(/^(load 1: )?worker first-clients was told to end at once$/),
    });
    expect(trials.at(-1)?.outcome.status).not.toBe("failed");
  });

  it("leaves no process behind when who plays it is killed", async () => {
    await using machines = await WorkerMachines.start(machinesOfThree);
    await using run = echo(machines, "60s");
    const processes = await Promise.all(busy.map((name) => measuring(machines.worker(name))));
    run.signal("SIGKILL");
    await eventually(() => processes.flat().every((pid) => !isRunning(pid)));
  });

  it("ends with what it has when Redis is gone, and its processes with it", async () => {
    await using machines = await WorkerMachines.start(machinesOfThree);
    await using run = echo(machines, "60s");
    const processes = await Promise.all(busy.map((name) => measuring(machines.worker(name))));
    await machines.killRedis();
    const { code } = await run.ended;
    expect(code).not.toBe(0);
    const { trials } = await run.results();
    expect(trials[0]?.outcome).toMatchObject({ status: "failed", by: "machine" });
    await eventually(() => processes.flat().every((pid) => !isRunning(pid)));
  });

  it("shares workers with another one", async () => {
    await using machines = await WorkerMachines.start(machinesOfThree);
    await using one = echo(machines, "1s");
    const size = "--clients 4 --rate 20 --warmup 0ms --trials 1 --duration 1s --seed 2";
    await using other = machines.run(`--scenarios echo --transports sse --out other ${size}`);
    const [{ stderr }, { stderr: others }] = await Promise.all([one.ended, other.ended]);
    for (const said of [stderr, others]) expect(said).toMatch(/trial 1: (valid|invalid)/);
  });
});
