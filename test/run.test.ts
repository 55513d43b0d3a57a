import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCode } from "../bench/commands/exit-code.ts";
import { readResults } from "../bench/results/files.ts";
import type { Results, Trial } from "../bench/results/schema.ts";
import { isInvalidated } from "../bench/verdict/trials.ts";
import {
  BenchProcess,
  TemporaryFolder,
  bench,
  benchFile,
  listeningAddresses,
} from "./bench-process.ts";
import type { Ended } from "./bench-process.ts";
import { isMissing, namespaces, procFiles, pseudoTerminal } from "./requirements.ts";
import { wireOf } from "./results-fixture.ts";
import { expectWhole } from "./whole-trial.ts";

const words = (line: string): string[] => line.split(" ");

const short = words("--quick --duration 400ms --warmup 100ms --seed 1 --extra-trials 0 --out out");

/** For what is read from the results alone. */
const bare = [...short, "--no-report"];

/** A WebSocket's client is cut off whose pong takes longer than this, as it may on a busy machine. */
const withHeartbeats = ["websocket+heartbeat=2s", "sse+heartbeat=1s"] as const;

describe("a run of every kind of client", () => {
  const folder = new TemporaryFolder();
  let ended: Ended;
  let results: Results;

  beforeAll(async () => {
    ended = await bench(
      folder.path,
      "run",
      ...short,
      // In connection searches they are below.
      ...words("--scenarios latency,overhead --payload 200 --rate 40 --transports"),
      ["short-polling@50ms", "long-polling", "sse:eventsource", ...withHeartbeats].join(),
    );
    results = await readResults(join(folder.path, "out"));
  });

  afterAll(() => folder[Symbol.dispose]());

  it("measures, each delivery and each byte once", () => {
    expect(ended.stderr).toMatch(/^10 trials, about [^;]+; results in out\n\[1\/10\] latency/m);
    expect(results.run.status).toBe("complete");
    expect(results.trials).toHaveLength(10);
    expect(ended.code).toBe(runCode(results));
    for (const trial of results.trials) expectWhole(trial);
  });

  it("prints tables, and leaves a row of each phase", () => {
    expect(readdirSync(join(folder.path, "out")).toSorted()).toEqual([
      "charts",
      "figures.csv",
      "report.html",
      "report.md",
      "results.csv",
      "results.json",
    ]);
    const { stdout } = ended;
    for (const line of stdout.replace(/^Repeat:.*/m, "").split("\n")) {
      expect(line.length).toBeLessThanOrEqual(100);
    }
    expect(stdout).toBe(stripVTControlCharacters(stdout));
    const csv = readFileSync(join(folder.path, "out/results.csv"), "utf8");
    const phases = results.trials.reduce((count, trial) => count + trial.phases.length, 0);
    expect(csv.trimEnd().split("\n")).toHaveLength(1 + phases);
  });

  it("finds the bytes that the formats' arithmetic gives", () => {
    const [websocket, sse] = withHeartbeats;
    // RFC 6455: four bytes before a payload of 126 to 65 535. A ping has 2 bytes, its pong 6.
    expect(figure(results, websocket, "parts.deliveries")).toBe(4);
    const pings = idleWire(results, websocket);
    // One at the very end of the window belongs to the phase that its pong comes in.
    const count = heartbeats(pings, pings.up / 6, 2_000);
    expect({ down: pings.down, up: pings.up }).toEqual({ down: 2 * count, up: 6 * count });
    // An event of 8 bytes and its id of 5 + k around the payload, in a chunk of 2 + 4 more: ids of
    // one to three digits.
    const overhead = Number(figure(results, sse, "parts.deliveries"));
    expect(overhead).toBeGreaterThanOrEqual(8 + 6 + 6);
    expect(overhead).toBeLessThanOrEqual(8 + 8 + 6);
    // `:` and two line feeds in a chunk: 8 bytes.
    const comments = idleWire(results, sse);
    const { down, up } = comments;
    expect({ down, up }).toEqual({ down: 8 * heartbeats(comments, down / 8, 1_000), up: 0 });
  });
});

describe("bench run --quiet", () => {
  const folder = new TemporaryFolder();
  let ended: Ended;
  let results: Results;

  beforeAll(async () => {
    ended = await bench(
      folder.path,
      ...words("run --quiet --scenarios latency --transports short-polling@400ms --clients 100"),
      ...words("--rate 50 --duration 1200ms --warmup 0ms --trials 1 --seed 3 --out out"),
    );
    results = await readResults(join(folder.path, "out"));
  });

  afterAll(() => folder[Symbol.dispose]());

  it("prints nothing, and still leaves results", () => {
    expect(ended).toMatchObject({ stdout: "", stderr: "" });
    expect(results.trials.length).toBeGreaterThan(0);
    expect(readdirSync(join(folder.path, "out"))).toContain("report.html");
  });

  it("delivers by short polling half an interval late on average", () => {
    for (const { phases, outcome } of results.trials) {
      const delivery = phases.find(({ name }) => name === "steady")?.latency.delivery;
      const meanMs = (delivery?.meanNs ?? 0) / 1e6;
      // A poll is late by its round trip and never early, so a slow machine can only add.
      expect(meanMs).toBeGreaterThan(195);
      // To the mean as much as it likes, but not to the luckiest of 6 000 deliveries.
      expect(delivery?.minNs).toBeLessThan(195e6);
      if (!isInvalidated({ outcome })) expect(meanMs).toBeLessThan(400);
    }
  });
});

describe("bench run", () => {
  it("goes on when the reader of its tables has gone", async () => {
    using folder = new TemporaryFolder();
    const line = `"$0" "$@" | head -n 1; echo "\${PIPESTATUS[0]}"`;
    await using process = new BenchProcess(
      folder.path,
      ["run", ...bare, ...words("--scenarios echo --transports sse --clients 2 --rate 5")],
      ["bash", "-c", line],
    );
    const { stdout, stderr } = await process.ended;
    expect(stdout).toMatch(/^transport-bench .*\n[013]\n$/);
    expect(stderr).not.toContain("error");
  });

  it.skipIf(isMissing(pseudoTerminal))(
    "on a terminal draws progress in one line, in colour only without NO_COLOR, and with --no-report nothing else",
    async () => {
      using folder = new TemporaryFolder();
      const screenOf = async (variables: string, line: readonly string[]): Promise<string> => {
        const command = [process.execPath, benchFile, ...line].map((word) => `'${word}'`).join(" ");
        const script = `script -qec "stty cols 100; TERM=xterm ${variables} ${command}" /dev/null`;
        await using terminal = new BenchProcess(folder.path, [], ["bash", "-c", script]);
        return (await terminal.ended).stdout;
      };
      const twoTrials = [...bare, ...words("--scenarios overhead --transports sse,websocket")];
      const drawn = await screenOf("NO_COLOR=", ["run", ...twoTrials]);
      expect(drawn).toMatch(
        /\r\u001B\[2K\[0\/2\] [^·]+ left · overhead · \w+ · trial 1 · 20 msg\/s/,
      );
      // What is best of a single trial each is told, since it is counted.
      expect(drawn).toContain("\u001B[1m");
      // Without reports there is nothing else to look at.
      expect(drawn).toMatch(/^Results: out \(results\.json\)\r$/m);
      expect(drawn).not.toContain("Page:");
      expect(readdirSync(join(folder.path, "out"))).toEqual(["results.json"]);
      expect(await screenOf("NO_COLOR=1", ["report", "out"])).not.toContain("\u001B[1m");
    },
  );

  it.skipIf(isMissing(procFiles))("listens on loopback only", async () => {
    using folder = new TemporaryFolder();
    // The test is over long before.
    await using process = new BenchProcess(folder.path, [
      "run",
      ...bare,
      ...words("--scenarios echo --transports websocket --clients 2 --rate 5 --duration 60s"),
    ]);
    const [server = 0] = await process.measuring("server");
    await process.until(() => listeningAddresses(server).length > 0);
    const loads = await process.measuring("load");
    const all = [process.pid, server, ...loads].flatMap(listeningAddresses);
    expect(all.length).toBeGreaterThan(0);
    for (const address of all) expect(address).toMatch(/^[0-9A-F]{6}7F:/);
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
      [
        "run",
        ...bare,
        ...words("--transports short-polling@50ms --scenarios overhead,connections"),
        ...words("--max-connections 50"),
      ],
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
    expect(trials).toHaveLength(2);
    for (const trial of trials) expectWhole(trial);
    const phases = trials.flatMap((trial) => trial.phases);
    expect(phases.every(({ kernelSocketBytes }) => kernelSocketBytes === null)).toBe(true);
  });
});

function overheadOf({ trials }: Results, variant: string): Trial | undefined {
  return trials.find((trial) => trial.scenario === "overhead" && trial.variant === variant);
}

interface Idle {
  readonly down: number;
  readonly up: number;
  readonly durationMs: number;
}

/** What was complete of all that crossed the wire while nothing was sent. */
function idleWire(results: Results, variant: string): Idle {
  const phases = overheadOf(results, variant)?.phases;
  const idle = phases?.find(({ name }) => name === "idle");
  if (idle === undefined) throw new Error(`${variant} was never idle`);
  const { total, parts } = wireOf(idle);
  return {
    down: total.down - parts.underWay.down,
    up: total.up - parts.underWay.up,
    durationMs: idle.durationMs,
  };
}

/** So many heartbeats: of each of ten clients one in a cycle, give or take one at the edges. */
function heartbeats({ durationMs }: Idle, found: number, cycleMs: number): number {
  const count = Math.round(found);
  expect(count).toBeGreaterThanOrEqual(1);
  expect(count).toBeLessThanOrEqual(10 * (1 + Math.ceil(durationMs / cycleMs)));
  return count;
}

function figure(results: Results, variant: string, key: string): number | string | null {
  const figures = overheadOf(results, variant)?.figures;
  return figures?.find((candidate) => candidate.key === key)?.value ?? null;
}
