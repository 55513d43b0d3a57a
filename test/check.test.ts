import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { faultVariable } from "../bench/settings/fault.ts";
import { comparisonSchema } from "../bench/results/comparison.ts";
import { readResults } from "../bench/results/files.ts";
import { TemporaryFolder, bench } from "./bench-process.ts";
import { figureOf, phaseOf, resultsOf, trialOf } from "./results-fixture.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Eleven thousand messages: in a second, to one client, and no more than once. */
const little = ["--transports", "sse", "--scenarios", "integrity", "--rate", "11000"] as const;
const quick = ["--clients", "1", "--trials", "1", "--out", "out"] as const;

describe("bench check", () => {
  it("passes what has not changed, and finds one message lost in ten thousand", async () => {
    using folder = new TemporaryFolder();
    const inFolder = (name: string): string => join(folder.path, name);

    const update = await bench(folder.path, "check", ...little, ...quick, "--update");
    expect(update).toMatchObject({ code: 0, stdout: expect.stringContaining("created, with") });
    expect((await readResults(inFolder("out"))).run.command).toBe(
      `npx transport-bench check ${little.join(" ")} --clients 1 --trials 1 --update`,
    );
    const text = readFileSync(inFolder("bench.baseline.json"), "utf8");

    const same = await bench(folder.path, "check", ...little, ...quick);
    expect(same).toMatchObject({ code: 0, stdout: expect.stringMatching(/^PASS/) });

    vi.stubEnv(faultVariable, '{"kind":"drop","oneIn":10000}');
    const lossy = await bench(folder.path, "check", ...little, ...quick);
    expect(lossy).toMatchObject({ code: 1, stdout: expect.stringMatching(/^REGRESSED/) });
    const comparison = comparisonSchema.parse(
      JSON.parse(readFileSync(inFolder("out/comparison.json"), "utf8")),
    );
    const worse = comparison.changes.filter(({ verdict }) => verdict === "regressed");
    expect(worse).toMatchObject([
      { variant: "sse", scenario: "integrity", metric: "lost", reason: "0 became 1" },
    ]);

    const refused = await bench(folder.path, "check", ...little, ...quick, "--update");
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error: --update:/) });
    expect(readFileSync(inFolder("bench.baseline.json"), "utf8")).toBe(text);
  });

  it("says before it measures what can't be checked", async () => {
    using folder = new TemporaryFolder();
    const without = await bench(folder.path, "check", ...little);
    expect(without).toMatchObject({ code: 2, stdout: "" });
    expect(without.stderr).toMatch(
      /^error: there is no baseline bench\.baseline\.json; run the same command with --update to create it\n$/,
    );
    const unnamed = await bench(folder.path, "check", ...little, "--baseline", "");
    expect(unnamed).toMatchObject({ code: 2, stderr: 'error: --baseline: "" names nothing\n' });

    const check = { budgets: ["sse.latency.p98 <= 5ms"] };
    writeFileSync(join(folder.path, "bench.config.json"), JSON.stringify({ check }));
    const wrong = await bench(folder.path, "check", "--update");
    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toMatch(/^error: check\.budgets: .*p98.*did you mean "[^"]*p9[09]"\?\n$/);
  });
});

describe("bench compare", () => {
  it("ends with 0 where nothing got worse, with 1 where something did, with 3 where none can tell", async () => {
    using folder = new TemporaryFolder();
    const phase = phaseOf();
    const lossy = phaseOf({ deliveries: { ...phase.deliveries, lost: 1 } });
    const figures = [figureOf("delivery.p50", 1e6, { unit: "ns", phase: "steady" })];
    const trials = {
      a: trialOf("sse", { phases: [phase] }),
      b: trialOf("sse", { phases: [lossy] }),
      c: trialOf("sse", { phases: [phase], figures }),
    };
    for (const [name, trial] of Object.entries(trials)) {
      writeFileSync(join(folder.path, `${name}.json`), JSON.stringify(resultsOf([trial])));
    }
    const codes = await Promise.all(
      [
        ["a.json", "a.json"],
        ["--write", "json=found.json", "a.json", "b.json"],
        ["c.json", "c.json"],
        ["c.json", "c.json", "--inconclusive", "pass"],
        ["c.json", "c.json", "--inconclusive", "fail"],
        ["c.json", "c.json", "--inconclusive", "maybe"],
        ["a.json", "nowhere.json"],
      ].map(async (args) => (await bench(folder.path, "compare", ...args)).code),
    );
    expect(codes).toEqual([0, 1, 3, 0, 1, 2, 2]);
    const found: unknown = JSON.parse(readFileSync(join(folder.path, "found.json"), "utf8"));
    expect(comparisonSchema.parse(found).outcome).toBe("regressed");
  });
});
