import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCode } from "../bench/commands/run-code.ts";
import {
  BenchProcess,
  TemporaryFolder,
  eventually,
  isRunning,
  listeningAddresses,
} from "./bench-process.ts";
import { isMissing, procFiles } from "./requirements.ts";

const words = (line: string): string[] => line.split(" ");

/**
 * Two variants, several trials: long enough that something can break in the middle. So few messages that
 * nothing is concluded from their timing.
 */
const run = words(
  "run --scenarios latency --transports sse,websocket --trials 2 --rate 20 --warmup 0ms --duration 500ms " +
    "--seed 1 --extra-trials 0 --out out",
);

/** A trial that was played to its end; whether the machine was quiet enough for it is another matter. */
const measured = {
  outcome: { status: expect.stringMatching(/^(in)?valid$/) },
  phases: [{ name: "connect" }, { name: "warm-up" }, { name: "steady" }],
};

function isListening(pid: number): boolean {
  return isRunning(pid) && listeningAddresses(pid).length > 0;
}

/** Starts a run, waits until its first trial is saved, and until the next one's processes are there. */
async function midway(folder: string, ...more: readonly string[]): Promise<BenchProcess> {
  const process = new BenchProcess(folder, [...run, ...more]);
  // The server, the load process and the canary of the first.
  await eventually(async () => (await process.measuring("load")).length === 2);
  const first = process.children();
  await eventually(async () => (await process.results().catch(() => null))?.trials.length === 1);
  await eventually(() => !first.some(isRunning));
  await process.measuring("load");
  // Those of the next one are started before it begins, and replaced where they end until then.
  await eventually(async () => (await process.measuring("server")).some(isListening));
  return process;
}

describe.skipIf(isMissing(procFiles))("when things break", () => {
  it.concurrent.each([["SIGINT"], ["SIGTERM"], ["SIGHUP"]] as const)(
    "%s ends all processes, keeps what was measured and marks it as interrupted",
    async (signal) => {
      using folder = new TemporaryFolder();
      await using process = await midway(folder.path);
      const children = process.children();
      process.signal(signal);
      const { code, stdout } = await process.ended;
      expect(code).toBe(130);
      expect(children.filter(isRunning)).toEqual([]);
      const { run: ended, trials } = await process.results();
      expect(ended.status).toBe("interrupted");
      expect(trials[0]).toMatchObject(measured);
      expect(trials.at(-1)?.outcome).toEqual({ status: "interrupted" });
      expect(stdout).toContain("INTERRUPTED");
      // Charts are drawn where a trial counts, which a busy machine may have kept both from.
      const files = readdirSync(join(folder.path, "out")).filter((name) => name !== "charts");
      expect(files.toSorted()).toEqual([
        "figures.csv",
        "report.html",
        "report.md",
        "results.csv",
        "results.json",
      ]);
    },
  );

  it.concurrent("is interrupted as usual when nobody reads what it prints any more", async () => {
    using folder = new TemporaryFolder();
    await using process = await midway(folder.path);
    process.stopReading();
    process.signal("SIGINT");
    expect((await process.ended).code).toBe(130);
    expect((await process.results()).run.status).toBe("interrupted");
    expect(readdirSync(join(folder.path, "out"))).toContain("report.html");
  });

  it.concurrent.each(["bash", "sh"])(
    "goes on without its terminal under nohup of %s, and without readers",
    async (shell) => {
      using folder = new TemporaryFolder();
      const line = "run --scenarios latency --transports sse --trials 1 --duration 300ms --out out";
      const nohup = [shell, "-c", 'nohup "$@"; exit $?', shell];
      await using process = new BenchProcess(folder.path, words(line), nohup);
      const [run = 0] = await process.childrenOnce();
      process.stopReading();
      await eventually(async () => (await process.results().catch(() => null)) !== null);
      globalThis.process.kill(run, "SIGHUP");
      await process.ended;
      expect((await process.results()).run.status).toBe("complete");
    },
  );

  it.concurrent("Ctrl-C doesn't wait for trials that wait", { timeout: 45_000 }, async () => {
    using folder = new TemporaryFolder();
    // Each trial ends with 50 s of waiting for a heartbeat: longer than this test may take.
    await using process = new BenchProcess(
      folder.path,
      words(
        "run --thorough --trials 1 --scenarios overhead --duration 100ms --out out --transports",
      ).concat("websocket@50s,sse@50s"),
    );
    await eventually(() => process.children().length === 4);
    process.signal("SIGINT");
    expect((await process.ended).code).toBe(130);
    const { trials } = await process.results();
    expect(trials.map(({ outcome }) => outcome.status)).toEqual(["interrupted", "interrupted"]);
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
      await using bench = await midway(folder.path, "--no-report");
      const [victim = 0] = await bench.measuring(entry);
      process.kill(victim, "SIGKILL");
      const { code, stdout } = await bench.ended;
      const results = await bench.results();
      const { run: ended, trials } = results;
      expect(ended.status).toBe("complete");
      // What happens to a process of the harness is made good, unless the machine spoils the rest of its cell.
      expect(code).toBe(runCode(results));
      if (entry === "server") expect(code).toBe(1);
      else expect([0, 3]).toContain(code);
      expect(trials).toHaveLength(4);
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
    expect(children.length).toBeGreaterThanOrEqual(2);
    process.signal("SIGKILL");
    await process.ended;
    await eventually(() => !children.some(isRunning));
    expect(readdirSync(join(folder.path, "out"))).toEqual(["results.json"]);
    const { run: ended, trials } = await process.results();
    expect(ended.status).toBe("running");
    expect(trials[0]).toMatchObject(measured);
  });
});
