import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveConfig } from "../bench/settings/config.ts";
import { runCode } from "../bench/commands/exit-code.ts";
import { planRun } from "../bench/plan/plan.ts";
import { readResults, saveResults } from "../bench/results/files.ts";
import type { Results, Trial } from "../bench/results/schema.ts";
import { defineScenario } from "../scenarios/scenario.ts";
import { BenchProcess, TemporaryFolder, bench } from "./bench-process.ts";
import { playRun } from "./built-engine.ts";
import { isMissing, procFiles } from "./requirements.ts";
import { expectWhole } from "./whole-trial.ts";

const words = (line: string): string[] => line.split(" ");

/**
 * So few messages that nothing is concluded from their timing: trials count on nearly any machine, and on
 * the others one of many does. Two processes play them, where others need three. Each of the tests takes
 * another client.
 */
const brief = words(
  "--scenarios echo --clients 1 --rate 5 --duration 400ms --warmup 0ms " +
    "--trials 1 --extra-trials 9 --seed 1 --no-report --out out",
);

/**
 * Fewer messages than it takes to be judged by their timing: only a machine that stops invalidates these trials.
 */
const feasible = { ratePerSecond: 20, forMs: 200 };
const impossible = { ratePerSecond: 1_000_000, forMs: 20 };

interface Spoilt {
  readonly trials: number;
  /** So many of the first don't count. */
  readonly invalidated: number;
  readonly extraTrials: number;
}

/** Plays planned trials and what makes them good: what was added, and the results. */
async function playInvalidated(given: Spoilt): Promise<[string[], Results]> {
  const { trials, invalidated, extraTrials } = given;
  let begun = 0;
  const scenario = defineScenario({
    name: "spoilt at first",
    summary: "",
    measures: "time",
    workload: { clients: 1, ratePerSecond: 1, payloadBytes: 40 },
    describe: () => "",
    async play(stage) {
      begun += 1;
      const sending = begun <= invalidated ? impossible : feasible;
      await stage.clients.connect(1);
      await stage.phase("steady", () => stage.server.publish(sending));
    },
  });
  const settings = { transports: ["websocket"], trials, extraTrials };
  const config = { ...resolveConfig(settings, String, 1), scenarios: [scenario] };
  const added: string[] = [];
  const results = await playRun(
    { config, plan: planRun(config), goals: [] },
    {
      command: "",
      notes: { before: [], after: () => [] },
      observer: {
        phase: () => {},
        grows: async ({ why, batches }) => void added.push(`${why} ${batches.flat().length}`),
        trialEnds: () => {},
      },
      save: async () => {},
      signal: new AbortController().signal,
    },
  );
  return [added, results];
}

function outcomes({ trials }: Results): string[] {
  return trials.map(({ repetition, outcome }) => `${repetition} ${outcome.status}`);
}

function validOf({ trials }: Results): Trial[] {
  return trials.filter(({ outcome }) => outcome.status === "valid");
}

/** As they were asked for. */
function variantsOf({ variants }: Results): object[] {
  return variants.map(({ name, transport, options }) => ({ name, transport, options }));
}

/** Null where the machine was too busy for a trial that counts. */
function idlePolls(results: Results): number | null {
  const phases = validOf(results).flatMap((trial) => trial.phases);
  return phases.find(({ name }) => name === "idle")?.wire?.requests ?? null;
}

describe("a trial that doesn't count", () => {
  it("is kept, and replaced by another", async () => {
    const [added, results] = await playInvalidated({ trials: 1, invalidated: 1, extraTrials: 20 });
    const [first, ...others] = outcomes(results);
    expect(first).toBe("1 invalid");
    // The machine may invalidate some that would have counted.
    const last = others.pop();
    expect(last).toBe(`${results.trials.length} valid`);
    expect(others).toEqual(others.map((_, index) => `${index + 2} invalid`));
    expect(added).toEqual(results.trials.slice(1).map(() => "invalid 1"));
    const codes = results.trials[0]?.warnings.map(({ code }) => code);
    expect(codes).toContain("slow-rate");
  });

  it("is replaced again when the other doesn't count either, up to the limit", async () => {
    const [added, results] = await playInvalidated({ trials: 2, invalidated: 4, extraTrials: 3 });
    expect(added).toEqual(["invalid 2", "invalid 1"]);
    expect(outcomes(results)).toEqual([
      "1 invalid",
      "2 invalid",
      "3 invalid",
      "4 invalid",
      expect.stringMatching(/^5 (in)?valid$/),
    ]);
  });

  it.skipIf(isMissing(procFiles))(
    "because it failed is replaced too, but the run did not go well",
    async () => {
      using folder = new TemporaryFolder();
      const args = ["run", ...brief, "--transports", "sse:eventsource"];
      await using run = new BenchProcess(folder.path, args);
      const [server = 0] = await run.measuring("server");
      process.kill(server, "SIGKILL");
      const { code, stderr } = await run.ended;
      const results = await run.results();
      const [first, ...others] = outcomes(results);
      for (const trial of results.trials.slice(1)) expectWhole(trial);
      expect(first).toBe("1 failed");
      expect(others.at(-1)).toMatch(/^\d+ valid$/);
      expect(stderr).toContain("[1/2] 1 more trial to replace those that didn't count;");
      expect(code).toBe(1);
    },
  );
});

describe("bench run --precision", () => {
  it("repeats until the interval is narrow enough, and says so", async () => {
    using folder = new TemporaryFolder();
    // Nothing is lost, so that the interval has no width; six trials are the least for one.
    const { code, stdout, stderr } = await bench(
      folder.path,
      "run",
      ...brief,
      ...words("--transports sse --precision 0.1% --metric loss"),
    );
    const results = await readResults(join(folder.path, "out"));
    expect(validOf(results)).toHaveLength(6);
    for (const trial of results.trials) expectWhole(trial);
    expect(results.run.precision).toEqual({
      targetPercent: 0.1,
      metric: "loss",
      timeLimitMs: 600_000,
      ended: "reached",
      cells: [
        {
          scenario: "echo",
          variant: "sse",
          key: "loss",
          state: "precise",
          halfWidthPercent: 0,
          trials: 6,
          why: null,
        },
      ],
    });
    expect(stderr).toMatch(/\[\d+\/\d+\] 5 more trials for narrower intervals;/);
    expect(stdout).toContain("- precision of ±0.100 % for loss: reached in 1 of 1 cells.");
    expect(code).toBe(0);
  });

  it("begins no trial after its time limit, and says what is too wide", async () => {
    using folder = new TemporaryFolder();
    // A trial that sends for a second takes longer than that, and half of the duration is sent.
    const { code, stdout } = await bench(
      folder.path,
      "run",
      ...brief,
      ...words("--transports long-polling --duration 2s"),
      ...words("--precision 5% --metric delivery.max --time-limit 1s"),
    );
    const results = await readResults(join(folder.path, "out"));
    expect(validOf(results)).toHaveLength(1);
    for (const trial of results.trials) expectWhole(trial);
    expect(results.run.precision?.ended).toBe("time limit");
    expect(stdout).toMatch(/reached in 0 of 1 cells when the time\s+limit of 1 s/);
    expect(stdout).toContain("- too wide: echo long-polling, delivery.max (a single valid trial).");
    expect(code).toBe(0);
  });

  it("is ended by Ctrl-C like any run", async () => {
    using folder = new TemporaryFolder();
    await using run = new BenchProcess(folder.path, [
      "run",
      ...brief,
      ...words("--transports websocket --precision 0.1% --metric cpu.server"),
    ]);
    const played = async (): Promise<number> =>
      (await run.results().catch(() => null))?.trials.length ?? 0;
    await run.until(async () => (await played()) >= 2);
    run.signal("SIGINT");
    const { code, stdout } = await run.ended;
    expect(code).toBe(130);
    const results = await run.results();
    for (const trial of results.trials.slice(0, 2)) expectWhole(trial);
    expect(results.run).toMatchObject({
      status: "interrupted",
      precision: { ended: "interrupted" },
    });
    expect(stdout).toContain("when it was interrupted.");
  });
});

describe("bench reproduce", () => {
  const folder = new TemporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  let measured: Results;

  beforeAll(async () => {
    const idling =
      "run --quiet --no-report --quick --scenarios overhead --transports short-polling --out out";
    await bench(folder.path, ...words(idling));
    measured = await readResults(at("out"));
  });

  afterAll(() => folder[Symbol.dispose]());

  /** Saves what was measured as if it had been something else. */
  async function save(name: string, change: (results: Results) => void): Promise<Results> {
    const results = structuredClone(measured);
    change(results);
    mkdirSync(at(name));
    await saveResults(at(name), results);
    return results;
  }

  it("does again what led to a results file, whatever is set and whatever names stand for by now", async () => {
    // As if the default had been four polls a second when this was measured.
    const then = await save("then", ({ variants: [variant] }) =>
      Object.assign(variant?.options ?? {}, { intervalMs: 250 }),
    );
    writeFileSync(at("bench.config.json"), `{ "clients": 9, "seed": 9 }`);
    const { code, stdout, stderr } = await bench(
      folder.path,
      ...words("reproduce then --no-report --out again"),
    );
    expect(readdirSync(at("again"))).toEqual(["results.json"]);
    const now = await readResults(at("again"));
    expect(stderr).toMatch(/^1 trial, about [^;]+; results in again\n/m);
    expect(now.run).toMatchObject({
      status: "complete",
      seed: then.run.seed,
      profile: then.run.profile,
      configuration: then.run.configuration,
      command: "npx transport-bench reproduce then",
    });
    expect(now.cells).toEqual(then.cells);
    expect(variantsOf(now)).toEqual(variantsOf(then));
    // Ten clients for a second: 10 polls and 40, some of which late timers move across an end of it.
    expect(idlePolls(measured) ?? 10).toBeLessThan(25);
    expect(idlePolls(now) ?? 40).toBeGreaterThan(25);
    expect(stdout).toMatch(/\n\nThen {2}.*\n(?: .*\n)*Now {3}/);
    expect(code).toBe(runCode(now));
    expect((await readResults(at("then"))).run).toEqual(then.run);
  });

  it.each<[string, (results: Results) => void, RegExp]>([
    [
      "variant",
      ({ variants: [variant] }) => Object.assign(variant ?? {}, { transport: "sse3" }),
      /^error: run\.configuration\.variants in \w+: unknown transport "sse3"; did you mean "sse"\?/,
    ],
    [
      "scenario",
      ({ run }) => Object.assign(run.configuration.scenarios[0] ?? {}, { name: "latenz" }),
      /^error: run\.configuration\.scenarios in \w+: unknown scenario "latenz"; did you mean/,
    ],
  ])("refuses a %s that it doesn't know, before anything is started", async (what, change, why) => {
    await save(what, change);
    const { code, stdout, stderr } = await bench(
      folder.path,
      ...words(`reproduce ${what} --out from-${what}`),
    );
    expect(stderr).toMatch(why);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(existsSync(at(`from-${what}`))).toBe(false);
  });

  it("doesn't write over the results that it reproduces", async () => {
    const { code, stderr } = await bench(
      folder.path,
      ...words("reproduce out/results.json --out ./out"),
    );
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "error: --out: out/results.json is an input; name another file\n",
    });
    expect(await readResults(at("out"))).toEqual(measured);
  });
});
