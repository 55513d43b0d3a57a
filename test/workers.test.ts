import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { percentileNs } from "../bench/results/percentile.ts";
import { bench } from "./bench-process.ts";
import { brokers, isMissing, timeNamespaces } from "./requirements.ts";
import { WorkerMachines } from "./worker-machines.ts";

const dayS = 86_400;

describe.skipIf(isMissing(brokers) || isMissing(timeNamespaces))("several machines", () => {
  it("measure latency as one does, though their clocks are a day apart", async () => {
    await using machines = await WorkerMachines.start([
      { name: "server-host", role: "servers", aheadS: 0 },
      { name: "ahead", role: "clients", aheadS: dayS },
      { name: "further-ahead", role: "clients", aheadS: 2 * dayS },
    ]);
    const size =
      "--clients 10 --rate 50 --duration 400ms --warmup 100ms --trials 1 --extra-trials 0";
    await using run = machines.run(`--scenarios latency --transports sse ${size} --seed 1`);
    const { stderr } = await run.ended;
    const results = await run.results();
    const [trial] = results.trials;
    expect(trial?.outcome.status, stderr).not.toBe("failed");
    const steady = trial?.phases.at(-1);
    expect(steady?.deliveries).toMatchObject({ expected: 200, delivered: 200, lost: 0 });
    const p50 = steady === undefined ? null : percentileNs(steady.latency.delivery, 0.5);
    expect(p50).toBeGreaterThan(0);
    expect(p50).toBeLessThan(1e9);
    expect(steady?.clockBoundNs).toBeGreaterThan(0);
    expect(steady?.clockBoundNs).toBeLessThan(1e7);
    // Results say what ran where, and how far that clock was ahead.
    const { hosts = [] } = results.environment;
    expect(hosts.map(({ name, role, ran }) => [name, role, ran])).toEqual([
      ["ahead", "clients", ["clients"]],
      ["further-ahead", "clients", ["clients"]],
      ["server-host", "servers", ["servers"]],
    ]);
    expect(steady?.resources.map(({ process, host }) => [process, host])).toEqual([
      ["server", "server-host"],
      ["load", "ahead"],
      ["canary", "further-ahead"],
    ]);
    const aheadS = new Map([
      ["server-host", 0],
      ["ahead", dayS],
      ["further-ahead", 2 * dayS],
    ]);
    expect(steady?.clocks).toHaveLength(3);
    for (const { host, offsetNs, boundNs } of steady?.clocks ?? []) {
      const wrongNs = Math.abs(offsetNs - (aheadS.get(host) ?? 0) * 1e9);
      expect(wrongNs, host).toBeLessThanOrEqual(boundNs);
    }
    const figure = trial?.figures.find(({ key }) => key === "delivery.p50");
    expect(figure?.clockBoundNs).toBe(steady?.clockBoundNs);
    expect(results.run.command).toMatch(/ --on redis:\/\/127\.0\.0\.1:\d+ --token-file token$/);
    // Nobody else is let in, and whoever isn't goes away.
    writeFileSync(`${machines.folder}/other`, "another token, as long as that\n");
    const on = ["run", "--on", machines.url, "--token-file", "other", "--scenarios", "echo"];
    expect(await bench(machines.folder, ...on)).toMatchObject({
      code: 2,
      stderr:
        "error: --token-file: not the token that ahead, further-ahead and server-host joined with\n",
    });
    const elsewhere = ["--token-file", "token", "--name", "new", "--listen", "192.0.2.1"];
    expect(
      await bench(machines.folder, "worker", "--redis", machines.url, ...elsewhere),
    ).toMatchObject({
      code: 2,
      stderr: "error: --listen: can't listen on 192.0.2.1 (EADDRNOTAVAIL)\n",
    });
    const join = ["worker", "--redis", machines.url, "--token-file"];
    const again = await bench(machines.folder, ...join, "token", "--name", "ahead");
    expect(again).toMatchObject({
      code: 2,
      stderr: 'error: --name: a worker called "ahead" is there already\n',
    });
  });
});
