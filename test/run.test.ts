import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { runCode } from "../bench/commands/run-code.ts";
import { readResults } from "../bench/results/files.ts";
import type { Results, Trial } from "../bench/results/schema.ts";
import {
  BenchProcess,
  TemporaryFolder,
  bench,
  benchFile,
  listeningAddresses,
} from "./bench-process.ts";
import { isMissing, namespaces, procFiles, pseudoTerminal } from "./requirements.ts";
import { wireOf } from "./results-fixture.ts";

const words = (line: string): string[] => line.split(" ");

const short = words("--quick --duration 400ms --warmup 100ms --seed 1 --extra-trials 0 --out out");

/** For what is read from the results alone. */
const bare = [...short, "--no-report"];

describe("bench run", () => {
  it("measures, prints tables, and leaves results from which reports can be made again", async () => {
    using folder = new TemporaryFolder();
    const { code, stdout, stderr } = await bench(
      folder.path,
      "run",
      ...short,
      ...words("--transports short-polling@50ms,long-polling,sse,sse:eventsource,websocket"),
      ...words("--max-connections 40"),
    );
    expect(stderr).toMatch(/^20 trials, about \d+ s; results in out\n\[1\/20\] latency/m);
    expect(readdirSync(join(folder.path, "out")).toSorted()).toEqual([
      "charts",
      "figures.csv",
      "report.html",
      "report.md",
      "results.csv",
      "results.json",
    ]);
    const results = await readResults(join(folder.path, "out"));
    expect(results.run.status).toBe("complete");
    expect(results.trials).toHaveLength(20);
    expect(code).toBe(runCode(results));
    for (const trial of results.trials) {
      expect(doubtsBesidesTheMachine(trial)).toEqual([]);
      for (const phase of trial.phases) {
        const { deliveries } = phase;
        const wire = wireOf(phase);
        expect(deliveries.lost ?? 0).toBe(0);
        expect(deliveries).toMatchObject({ duplicated: 0, reordered: 0, corrupted: 0 });
        const sum = Object.values(wire.parts).reduce((total, { down }) => total + down, 0);
        expect(sum).toBe(wire.total.down);
      }
    }

    for (const line of stdout.replace(/^Repeat:.*/m, "").split("\n")) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
    expect(stdout).toBe(stripVTControlCharacters(stdout));
    const again = await bench(folder.path, ...words("report out --format terminal"));
    expect(stdout.startsWith(again.stdout.trimEnd())).toBe(true);
    await bench(folder.path, ...words("report out --format csv --out again.csv"));
    const csv = readFileSync(join(folder.path, "again.csv"), "utf8");
    expect(csv).toBe(readFileSync(join(folder.path, "out/results.csv"), "utf8"));
    const phases = results.trials.reduce((count, trial) => count + trial.phases.length, 0);
    expect(csv.trimEnd().split("\n")).toHaveLength(1 + phases);
    // Twenty trials, one after the other.
  }, 240_000);

  it("finds the bytes that the formats' arithmetic gives", async () => {
    using folder = new TemporaryFolder();
    await bench(
      folder.path,
      "run",
      ...bare,
      ...words("--scenarios overhead --transports websocket+heartbeat=1s,sse+heartbeat=1s"),
      ...words("--payload 200 --rate 100"),
    );
    const results = await readResults(join(folder.path, "out"));
    // RFC 6455: four bytes before a payload of 126 to 65 535. A ping has 2 bytes, its pong 6.
    expect(figure(results, "websocket+heartbeat=1s", "parts.deliveries")).toBe(4);
    const pings = idleWire(results, "websocket+heartbeat=1s");
    // Pongs to the pings at the very end of the window come after it.
    const pongs = heartbeats(pings.up, 6, 0);
    expect(pings).toEqual({ down: 2 * heartbeats(pings.down, 2), up: 6 * pongs });
    // An event of 8 bytes and its id of 5 + k around the payload, in a chunk of 2 + 4 more: ids of
    // one to three digits.
    const overhead = Number(figure(results, "sse+heartbeat=1s", "parts.deliveries"));
    expect(overhead).toBeGreaterThanOrEqual(8 + 6 + 6);
    expect(overhead).toBeLessThanOrEqual(8 + 8 + 6);
    // `:` and two line feeds in a chunk: 8 bytes.
    const comments = idleWire(results, "sse+heartbeat=1s");
    expect(comments).toEqual({ down: 8 * heartbeats(comments.down, 8), up: 0 });
  });

  it("delivers by short polling half an interval late on average", async () => {
    using folder = new TemporaryFolder();
    await bench(
      folder.path,
      "run",
      ...words("--scenarios latency --transports short-polling@400ms --clients 100 --rate 50"),
      ...words("--duration 1200ms --warmup 0ms --trials 1 --seed 3 --no-report --out out"),
    );
    const [trial] = (await readResults(join(folder.path, "out"))).trials;
    const steady = trial?.phases.find(({ name }) => name === "steady");
    const meanMs = (steady?.latency.delivery.meanNs ?? 0) / 1e6;
    // A poll is late by its round trip and never early, so a slow machine can only add.
    expect(meanMs).toBeGreaterThan(195);
    expect(meanMs).toBeLessThan(400);
  });

  it("prints nothing with --quiet, and still leaves results", async () => {
    using folder = new TemporaryFolder();
    const { stdout, stderr } = await bench(
      folder.path,
      "run",
      "--quiet",
      ...short,
      ...words("--scenarios latency --transports sse"),
    );
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "" });
    expect((await readResults(join(folder.path, "out"))).trials).toHaveLength(1);
  });

  it("goes on when the reader of its tables has gone", async () => {
    using folder = new TemporaryFolder();
    const line = `"$0" "$@" | head -n 1; echo "\${PIPESTATUS[0]}"`;
    await using process = new BenchProcess(
      folder.path,
      ["run", ...bare, ...words("--scenarios latency --transports sse")],
      ["bash", "-c", line],
    );
    const { stdout, stderr } = await process.ended;
    expect(stdout).toMatch(/^transport-bench .*\n[013]\n$/);
    expect(stderr).not.toContain("error");
  });

  it.skipIf(isMissing(pseudoTerminal))(
    "on a terminal draws progress in one line, in colour only without NO_COLOR",
    async () => {
      using folder = new TemporaryFolder();
      const screenOf = async (variable: string, scenario: string): Promise<string> => {
        const line = [
          "run",
          ...bare,
          ...words(`--scenarios ${scenario} --transports sse,websocket`),
        ];
        const command = [process.execPath, benchFile, ...line].map((word) => `'${word}'`).join(" ");
        const script = `script -qec "stty cols 100; TERM=xterm ${variable} ${command}" /dev/null`;
        await using terminal = new BenchProcess(folder.path, [], ["bash", "-c", script]);
        return (await terminal.ended).stdout;
      };
      const plain = await screenOf("NO_COLOR=1", "latency");
      expect(plain).toMatch(/\r\u001B\[2K\[0\/2\] \d+ s left · latency · \w+ · trial 1 · steady/);
      // What is best of a single trial each is told of what is counted only.
      expect(await screenOf("NO_COLOR=", "overhead")).toContain("\u001B[1m");
      expect(await screenOf("NO_COLOR=1", "overhead")).not.toContain("\u001B[1m");
    },
  );

  it.skipIf(isMissing(procFiles))("listens on loopback only", async () => {
    using folder = new TemporaryFolder();
    await using process = new BenchProcess(folder.path, [
      "run",
      ...bare,
      ...words("--scenarios latency --transports websocket"),
    ]);
    const [server = 0] = await process.measuring("server");
    let addresses: string[] = [];
    while (addresses.length === 0) {
      addresses = listeningAddresses(server);
      await new Promise(setImmediate);
    }
    const loads = await process.measuring("load");
    const all = [process.pid, server, ...loads].flatMap(listeningAddresses);
    for (const address of all) expect(address).toMatch(/^[0-9A-F]{6}7F:/);
    await process.ended;
  });
});

describe.skipIf(isMissing(namespaces))("a machine that tells less", () => {
  it("without /proc and with one loopback address, gives n/a where it can't know", async () => {
    using folder = new TemporaryFolder();
    const hide =
      "ip link set lo up; ip address del 127.0.0.1/8 dev lo; ip address add 127.0.0.1/32 dev lo;" +
      ` mount -t tmpfs none /proc; exec "$0" "$@"`;
    await using process = new BenchProcess(
      folder.path,
      ["run", ...bare, ...words("--transports sse,short-polling@50ms --max-connections 50")],
      ["unshare", "--mount", "--net", "bash", "-c", hide],
    );
    const { code, stderr } = await process.ended;
    const results = await readResults(join(folder.path, "out"));
    expect(code, stderr).toBe(runCode(results));
    const { environment, trials } = results;
    expect(environment.host).toMatchObject({
      stealShare: null,
      cgroup: null,
      openFilesLimit: null,
      openFilesHardLimit: null,
      portRange: null,
      tcpMemory: null,
      congestionControl: null,
      acceptBacklog: null,
      loopbackAddresses: 1,
    });
    expect(trials.flatMap(doubtsBesidesTheMachine)).toEqual([]);
    const phases = trials.flatMap((trial) => trial.phases);
    expect(phases.every(({ kernelSocketBytes }) => kernelSocketBytes === null)).toBe(true);
  });
});

describe("the connection search", () => {
  it("names the server's descriptors as the limit, and what it held", async () => {
    using folder = new TemporaryFolder();
    await using process = new BenchProcess(
      folder.path,
      [
        "run",
        ...bare,
        ...words("--scenarios connections --max-connections 2000"),
        ...words("--transports short-polling@50ms,long-polling,sse,websocket,tcp"),
      ],
      ["bash", "-c", `ulimit -n 256; exec "$0" "$@"`],
    );
    const { code, stdout } = await process.ended;
    const results = await readResults(join(folder.path, "out"));
    expect(code).toBe(runCode(results));
    for (const trial of results.trials) {
      expect(doubtsBesidesTheMachine(trial)).toEqual([]);
      const held = trial.figures.find(({ key }) => key === "held");
      expect(held).toMatchObject({ bound: "exact", note: expect.stringContaining("descriptors") });
      // 256 less what the process itself has open.
      expect(held?.value).toBeGreaterThan(200);
      expect(held?.value).toBeLessThan(256);
      expect(trial.figures.find(({ key }) => key === "stopped")?.value).toBe("EMFILE, server");
    }
    expect(stdout).toContain("EMFILE, server");
  });

  it.skipIf(isMissing(namespaces))(
    "names the ports of the client side as the limit, and says at least",
    async () => {
      using folder = new TemporaryFolder();
      const narrow =
        "ip link set lo up; echo 40000 40149 > /proc/sys/net/ipv4/ip_local_port_range;" +
        ` exec "$0" "$@"`;
      await using process = new BenchProcess(
        folder.path,
        ["run", ...bare, ...words("--scenarios connections --transports websocket,sse")],
        ["unshare", "--net", "bash", "-c", `${narrow} --max-connections 1000`],
      );
      await process.ended;
      const results = await readResults(join(folder.path, "out"));
      for (const trial of results.trials) {
        expect(doubtsBesidesTheMachine(trial)).toEqual([]);
        expect(trial.figures.find(({ key }) => key === "stopped")?.value).toBe(
          "EADDRNOTAVAIL, client",
        );
        const held = trial.figures.find(({ key }) => key === "held");
        expect(held).toMatchObject({ bound: "at least" });
        // 150 ports, one of which may be the server's own.
        expect(held?.value).toBeGreaterThanOrEqual(140);
        expect(held?.value).toBeLessThanOrEqual(150);
      }
    },
  );
});

/** What there is to complain about in a trial, except that the machine was busy. */
function doubtsBesidesTheMachine({ outcome, warnings }: Trial): string[] {
  const busy = new Set([
    "late-publisher",
    "slow-rate",
    "load-saturated",
    "server-saturated",
    "steal",
    "throttled",
    "not-steady",
    "rising",
    "hidden-backlog",
    "backlog",
    "canary",
    "stood-still",
    "contention",
  ]);
  const others = warnings.map(({ code }) => code).filter((code) => !busy.has(code));
  return ["failed", "interrupted"].includes(outcome.status) ? [outcome.status, ...others] : others;
}

/** All that crossed the wire while nothing was sent. */
function idleWire(results: Results, variant: string): { down: number; up: number } {
  const trial = results.trials.find((candidate) => candidate.variant === variant);
  const phase = trial?.phases.find(({ name }) => name === "idle");
  return phase?.wire?.total ?? { down: 0, up: 0 };
}

/** How many heartbeats these bytes are: one for each of ten clients, give or take one at the edges. */
function heartbeats(bytes: number, bytesEach: number, least = 1): number {
  const count = Math.round(bytes / bytesEach);
  expect(count).toBeGreaterThanOrEqual(least);
  expect(count).toBeLessThanOrEqual(20);
  return count;
}

function figure(results: Results, variant: string, key: string): number | string | null {
  const trial = results.trials.find((candidate) => candidate.variant === variant);
  return trial?.figures.find((candidate) => candidate.key === key)?.value ?? null;
}
