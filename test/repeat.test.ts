import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readResults, saveResults } from "../bench/results/files.ts";
import { resultsSchema } from "../bench/results/schema.ts";
import type { Results } from "../bench/results/schema.ts";
import { BenchProcess, TemporaryFolder, bench, eventually } from "./bench-process.ts";
import { isMissing, procFiles } from "./requirements.ts";

const words = (line: string): string[] => line.split(" ");

/** So few messages that nothing is concluded from their timing: every trial counts on any machine. */
const brief = words(
  "--scenarios latency --transports sse --clients 1 --rate 5 --duration 200ms --warmup 0ms " +
    "--trials 1 --seed 1 --no-report --out out",
);

const program = fileURLToPath(new URL("fixtures/spoilt-trials.ts", import.meta.url));

/** Plays two planned trials of which the first `spoilt` don't count: what was added, and the results. */
async function playSpoilt(spoilt: number, extraTrials: number): Promise<[string[], Results]> {
  const args = ["--import", "tsx", program, String(spoilt), String(extraTrials)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const chunk of child.stdout) text += String(chunk);
  const lines = text.split("\n");
  return [lines.slice(0, -1), resultsSchema.parse(JSON.parse(lines.at(-1) ?? ""))];
}

function idlePolls({ trials }: Results): number {
  return trials[0]?.phases.find(({ name }) => name === "idle")?.wire?.requests ?? 0;
}

function outcomes({ trials }: Results): string[] {
  return trials.map(({ repetition, outcome }) => `${repetition} ${outcome.status}`);
}

describe("a trial that doesn't count", () => {
  it("is kept, and made good by another", async () => {
    const [added, results] = await playSpoilt(1, 2);
    expect(added).toEqual(["invalid 1"]);
    expect(outcomes(results)).toEqual(["1 invalid", "2 valid", "3 valid"]);
    const codes = results.trials[0]?.warnings.map(({ code }) => code);
    expect(codes).toContain("slow-rate");
  });

  it("is made good again when the other doesn't count either, up to the limit", async () => {
    const [added, results] = await playSpoilt(4, 3);
    expect(added).toEqual(["invalid 2", "invalid 1"]);
    expect(outcomes(results)).toEqual([
      "1 invalid",
      "2 invalid",
      "3 invalid",
      "4 invalid",
      "5 valid",
    ]);
  });

  it.skipIf(isMissing(procFiles))(
    "because it failed is made good too, but the run did not go well",
    async () => {
      using folder = new TemporaryFolder();
      await using run = new BenchProcess(folder.path, ["run", ...brief]);
      const [server = 0] = await run.measuring("server");
      process.kill(server, "SIGKILL");
      const { code, stderr } = await run.ended;
      expect(outcomes(await run.results())).toEqual(["1 failed", "2 valid"]);
      expect(stderr).toContain("[1/2] 1 more trial to make good what didn't count;");
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
      ...words("--precision 0.1% --metric loss"),
    );
    const results = await readResults(join(folder.path, "out"));
    expect(outcomes(results)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `${n} valid`));
    expect(results.run.precision).toEqual({
      targetPercent: 0.1,
      metric: "loss",
      timeLimitMs: 600_000,
      ended: "reached",
      cells: [
        {
          scenario: "latency",
          variant: "sse",
          key: "loss",
          state: "precise",
          halfWidthPercent: 0,
          trials: 6,
          why: null,
        },
      ],
    });
    expect(stderr).toContain("[1/6] 5 more trials for narrower intervals;");
    expect(stdout).toContain("- precision of ±0.100 % for loss: reached in 1 of 1 cells.");
    expect(code).toBe(0);
  });

  it("begins no trial after its time limit, and says what is too wide", async () => {
    using folder = new TemporaryFolder();
    // A trial that sends for a second takes longer than that.
    const { code, stdout } = await bench(
      folder.path,
      "run",
      ...brief,
      ...words("--duration 1s --precision 5% --metric delivery.max --time-limit 1s"),
    );
    const results = await readResults(join(folder.path, "out"));
    expect(outcomes(results)).toEqual(["1 valid"]);
    expect(results.run.precision?.ended).toBe("time limit");
    expect(stdout).toMatch(/reached in 0 of 1 cells when the time\s+limit of 1 s/);
    expect(stdout).toContain("- too wide: latency sse, delivery.max (a single valid trial).");
    expect(code).toBe(0);
  });

  it("is ended by Ctrl-C like any run", async () => {
    using folder = new TemporaryFolder();
    await using run = new BenchProcess(folder.path, [
      "run",
      ...brief,
      ...words("--precision 0.1% --metric cpu.server"),
    ]);
    await eventually(async () => (await run.results().catch(() => null))?.trials.length === 2);
    run.signal("SIGINT");
    const { code, stdout } = await run.ended;
    expect(code).toBe(130);
    expect((await run.results()).run).toMatchObject({
      status: "interrupted",
      precision: { ended: "interrupted" },
    });
    expect(stdout).toContain("when it was interrupted.");
  });
});

describe("bench reproduce", () => {
  it("does again what led to a results file, whatever else is set by now", async () => {
    using folder = new TemporaryFolder();
    await bench(folder.path, "run", "--quiet", ...brief);
    writeFileSync(join(folder.path, "bench.config.json"), `{ "clients": 9, "seed": 9 }`);
    const { code, stdout, stderr } = await bench(
      folder.path,
      ...words("reproduce out --out again"),
    );
    const then = await readResults(join(folder.path, "out"));
    const now = await readResults(join(folder.path, "again"));
    expect(stderr).toMatch(/^1 trial, about \d+ s; results in again\n/m);
    expect(now.run).toMatchObject({
      status: "complete",
      seed: then.run.seed,
      profile: then.run.profile,
      configuration: then.run.configuration,
      command: "npx transport-bench reproduce out",
    });
    expect({ cells: now.cells, variants: now.variants }).toEqual({
      cells: then.cells,
      variants: then.variants,
    });
    expect(outcomes(now)).toEqual(outcomes(then));
    expect(stdout).toMatch(/\n\nThen {2}.*\n(?: .*\n)*Now {3}/);
    expect(code).toBe(0);
    expect((await readResults(join(folder.path, "out"))).run).toEqual(then.run);
  });

  it("plays a variant with the options that it had, though its name stands for others by now", async () => {
    using folder = new TemporaryFolder();
    const idling = "run --quiet --quick --scenarios overhead --transports short-polling --out out";
    await bench(folder.path, ...words(idling));
    const then = await readResults(join(folder.path, "out"));
    const [variant] = then.variants;
    // As if the default had been four polls a second when this was measured.
    Object.assign(variant?.options ?? {}, { intervalMs: 250 });
    await saveResults(join(folder.path, "out"), then);
    await bench(folder.path, ...words("reproduce out --out again --quiet"));
    const now = await readResults(join(folder.path, "again"));
    // Ten clients for a second; a late timer moves a poll across an end of it.
    expect(idlePolls(then)).toBeLessThan(20);
    expect(idlePolls(now)).toBeGreaterThan(30);
  });

  it.each<[string, (results: Results) => void, RegExp]>([
    [
      "variant",
      ({ variants: [variant] }) => Object.assign(variant ?? {}, { transport: "sse3" }),
      /^error: run\.configuration\.variants in out: unknown transport "sse3"; did you mean "sse"\?/,
    ],
    [
      "scenario",
      ({ run }) => Object.assign(run.configuration.scenarios[0] ?? {}, { name: "latenz" }),
      /^error: run\.configuration\.scenarios in out: unknown scenario "latenz"; did you mean/,
    ],
  ])(
    "refuses a %s that it doesn't know, before anything is started",
    async (_what, change, why) => {
      using folder = new TemporaryFolder();
      await bench(folder.path, "run", "--quiet", ...brief);
      const results = await readResults(join(folder.path, "out"));
      change(results);
      await saveResults(join(folder.path, "out"), results);
      const { code, stdout, stderr } = await bench(
        folder.path,
        ...words("reproduce out --out again"),
      );
      expect(stderr).toMatch(why);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect({ code, stdout, left: readdirSync(folder.path) }).toEqual({
        code: 2,
        stdout: "",
        left: ["out"],
      });
    },
  );

  it("doesn't write over the results that it reproduces", async () => {
    using folder = new TemporaryFolder();
    await bench(folder.path, "run", "--quiet", ...brief);
    const { code, stderr } = await bench(
      folder.path,
      ...words("reproduce out/results.json --out ./out"),
    );
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "error: --out: out/results.json is what is read here; name another file\n",
    });
  });
});
