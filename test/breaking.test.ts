import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCode } from "../bench/commands/exit-code.ts";
import {
  BenchProcess,
  TemporaryFolder,
  eventually,
  isRunning,
  listeningAddresses,
} from "./bench-process.ts";
import { isMissing, packetNetwork, procFiles } from "./requirements.ts";

const words = (line: string): string[] => line.split(" ");

/**
 * Two trials side by side, of which one is soon over. The other waits for a heartbeat for longer than any
 * test may take: however slow the machine, what breaks does so in the middle of it.
 */
const run = words(
  "run --thorough --trials 1 --scenarios overhead --transports websocket@50s,sse@1s --clients 2 " +
    "--duration 100ms --seed 1 --extra-trials 0 --out out",
);

/** A trial that was played to its end; whether the machine was quiet enough for it is another matter. */
const measured = {
  variant: "sse@1s",
  outcome: { status: expect.stringMatching(/^(in)?valid$/) },
  phases: ["set-up", "warm-up", "20 msg/s", "idle", "upstream"].map((name) => ({ name })),
};

/** Starts a run, waits until its first trial is saved, and until only the other's processes are left. */
async function midway(folder: string, ...more: readonly string[]): Promise<BenchProcess> {
  const process = new BenchProcess(folder, [...run, ...more]);
  // A server and a load process, which take less time to count than results do to read.
  await process.until(
    async () =>
      process.children().length === 2 &&
      (await process.results().catch(() => null))?.trials.length === 1,
  );
  return process;
}

function isListening(pid: number): boolean {
  return isRunning(pid) && listeningAddresses(pid).length > 0;
}

/** Two trials of the same, each of which lasts for long enough that its processes are found in it. */
const twice = words(
  "run --no-report --scenarios echo --transports websocket --trials 2 --clients 2 --rate 5 " +
    "--warmup 0ms --duration 4s --seed 1 --extra-trials 0 --out out",
);

describe.skipIf(isMissing(procFiles))("when things break", () => {
  const reports = ["figures.csv", "report.html", "report.md", "results.csv"];

  /** Resolves with what it has printed. */
  const interrupted = async (
    process: BenchProcess,
    signal: NodeJS.Signals,
    written: readonly string[],
  ): Promise<string> => {
    const children = process.children();
    process.signal(signal);
    const { code, stdout } = await process.ended;
    expect(code).toBe(130);
    expect(children.filter(isRunning)).toEqual([]);
    const { run: ended, trials } = await process.results();
    expect(ended.status).toBe("interrupted");
    expect(trials[0]).toMatchObject(measured);
    expect(trials.slice(1)).toMatchObject([
      { variant: "websocket@50s", outcome: { status: "interrupted" } },
    ]);
    // Charts are drawn where a trial counts, which a busy machine may have kept both from.
    const files = process.files().filter((name) => name !== "charts");
    expect(files.toSorted()).toEqual([...written, "results.json"]);
    return stdout;
  };

  it.concurrent.each([
    ["SIGINT", [], reports],
    ["SIGTERM", ["--no-report"], []],
  ] as const)(
    "%s ends all processes, keeps what was measured and marks it as interrupted",
    async (signal, more, written) => {
      using folder = new TemporaryFolder();
      await using process = await midway(folder.path, ...more);
      expect(await interrupted(process, signal, written)).toContain("INTERRUPTED");
    },
  );

  it.concurrent("SIGHUP does the same, also when nobody reads what it prints any more", async () => {
    using folder = new TemporaryFolder();
    await using process = await midway(folder.path);
    process.stopReading();
    await interrupted(process, "SIGHUP", reports);
  });

  /** A command line that runs what is appended to it under nohup. */
  const underNohup = (folder: string, shell: string, where: string): string[] => {
    writeFileSync(join(folder, "start.sh"), '# in the background\nnohup "$@"\nexit $?\n');
    return [shell, ...(where === "a script" ? ["start.sh"] : ["-c", 'nohup "$@"; exit $?', shell])];
  };

  it.concurrent("goes on without its terminal under nohup, and without readers", async () => {
    using folder = new TemporaryFolder();
    const line =
      "run --no-report --scenarios echo --transports sse --trials 1 --clients 2 --rate 5 " +
      "--warmup 0ms --duration 1s --out out";
    const nohup = underNohup(folder.path, "bash", "its command");
    await using process = new BenchProcess(folder.path, words(line), nohup);
    const [run = 0] = await process.childrenOnce();
    process.stopReading();
    await process.until(() => existsSync(join(folder.path, "out/results.json")));
    globalThis.process.kill(run, "SIGHUP");
    await process.ended;
    expect((await process.results()).run.status).toBe("complete");
  });

  it.each([
    ["bash", "its command"],
    ["sh", "its command"],
    ["sh", "a script"],
  ])("knows that it is under nohup of %s in %s", (shell, where) => {
    using folder = new TemporaryFolder();
    const [program = "", ...nohup] = underNohup(folder.path, shell, where);
    const hangUp = new URL("../dist/bench/commands/hang-up.js", import.meta.url);
    const ask = `import("${hangUp.href}").then((it) => console.log(it.outlivesTerminal()))`;
    const { stdout } = spawnSync(program, [...nohup, globalThis.process.execPath, "-e", ask], {
      cwd: folder.path,
      encoding: "utf8",
    });
    expect(stdout).toBe("true\n");
  });

  it.concurrent("Ctrl-C doesn't wait for trials that wait", async () => {
    using folder = new TemporaryFolder();
    // In each trial, 50 s of waiting for a heartbeat.
    await using process = new BenchProcess(
      folder.path,
      words(
        "run --no-report --thorough --trials 1 --scenarios overhead --duration 100ms --out out --transports",
      ).concat("websocket@50s,sse@50s"),
    );
    await process.until(() => process.children().length === 4);
    process.signal("SIGINT");
    expect((await process.ended).code).toBe(130);
    const { trials } = await process.results();
    expect(trials.map(({ outcome }) => outcome.status)).toEqual(["interrupted", "interrupted"]);
    const waited = trials.flatMap(({ phases }) => phases.filter(({ name }) => name === "idle"));
    expect(waited).toEqual([]);
  });

  it.concurrent("a second Ctrl-C ends everything at once", async () => {
    using folder = new TemporaryFolder();
    await using process = await midway(folder.path);
    const children = process.children();
    process.signal("SIGINT");
    process.signal("SIGINT");
    expect((await process.ended).code).toBe(130);
    await eventually(() => !children.some(isRunning));
    expect((await process.results()).trials[0]).toMatchObject(measured);
  });

  it.concurrent.each([["server"], ["load"]] as const)(
    "a %s process that is killed fails its trial with the reason, and the run goes on",
    async (entry) => {
      using folder = new TemporaryFolder();
      await using bench = new BenchProcess(folder.path, twice);
      await bench.measuring("load");
      await bench.until(async () => (await bench.measuring("server")).some(isListening));
      const [victim = 0] = await bench.measuring(entry);
      process.kill(victim, "SIGKILL");
      const { code, stdout } = await bench.ended;
      const results = await bench.results();
      const { run: ended, trials } = results;
      expect(ended.status).toBe("complete");
      // What happens to a process of the harness is replaced, unless the machine invalidates the rest of its cell.
      expect(code).toBe(runCode(results));
      if (entry === "server") expect(code).toBe(1);
      else expect([0, 3]).toContain(code);
      expect(trials).toHaveLength(2);
      const name = entry === "load" ? "load 1" : "server";
      const failed = trials.filter(({ outcome }) => outcome.status === "failed");
      expect(failed).toHaveLength(1);
      expect(failed[0]?.outcome).toMatchObject({
        reason: `the ${name} process ended with SIGKILL`,
      });
      expect(stdout).toContain(`the ${name} process ended with SIGKILL`);
    },
  );

  it.concurrent("leaves no process when it is killed itself", async () => {
    using folder = new TemporaryFolder();
    await using process = await midway(folder.path);
    const children = process.children();
    expect(children).toHaveLength(2);
    process.signal("SIGKILL");
    await process.ended;
    await eventually(() => !children.some(isRunning));
    expect(process.files()).toEqual(["results.json"]);
    const { run: ended, trials } = await process.results();
    expect(ended.status).toBe("running");
    expect(trials[0]).toMatchObject(measured);
  });
});

/** Clients behind a relay and a network of packets, and a server whose place another takes after two seconds. */
const badDay = words(
  "run --no-report --scenarios storm --transports websocket --network lan --trials 1 --clients 2 " +
    "--warmup 0ms --duration 10s --seed 1 --extra-trials 0 --out out",
);

/** The network namespace of a process; the empty text of one that has ended. */
function namespaceOf(pid: number | string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return "";
  }
}

describe.skipIf(isMissing(procFiles) || isMissing(packetNetwork))(
  "when a bad day breaks off",
  () => {
    it.concurrent.each(["SIGINT", "SIGKILL"] as const)(
      "no relay, no restarted server, no namespace and no file is left after %s",
      async (signal) => {
        using folder = new TemporaryFolder();
        using temporary = new TemporaryFolder();
        await using bench = new BenchProcess(folder.path, badDay, [
          "env",
          `TMPDIR=${temporary.path}`,
        ]);
        const parts = ["cat", "packets/relay.js", "network.js", "load.js", "server.js"];
        await bench.until(() => parts.every((part) => bench.running(part).length > 0));
        const before = bench.children();
        const [first = 0] = bench.running("server.js");
        await bench.until(() => !isRunning(first) && bench.running("server.js").some(isListening));
        const all = new Set([...before, ...bench.children()]);
        const namespaces = new Set([...all].map(namespaceOf));
        namespaces.delete("");
        namespaces.delete(namespaceOf("self"));
        expect(namespaces.size).toBe(2);
        bench.signal(signal);
        await bench.ended;
        await eventually(() => ![...all].some(isRunning));
        const inhabited = readdirSync("/proc").map(namespaceOf);
        expect(inhabited.filter((namespace) => namespaces.has(namespace))).toEqual([]);
        expect(readdirSync(temporary.path).filter((name) => name !== cache)).toEqual([]);
      },
    );
  },
);

/** What newer releases of Node keep for the next time. */
const cache = "node-compile-cache";
