import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { TemporaryFolder } from "../../test/bench-process.ts";
import { mixedComparison, passingComparison } from "../../test/comparison-fixture.ts";
import { figureOf, phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import type { Results } from "../results/schema.ts";
import { gatesOf } from "../verdict/gates.ts";
import { readHistory } from "./read-history.ts";

const gates = gatesOf({});

/** A run of two trials; `run` and `host` are put over what it usually has. */
function runOf(
  startedAt: string,
  run: Partial<Results["run"]> = {},
  host: Partial<Results["environment"]["host"]> = {},
): Results {
  const figures = ["delivery.p50", "delivery.p99"].map((key) =>
    figureOf(key, 361_000, { unit: "ns", phase: "steady" }),
  );
  const trials = [1, 2].map((repetition) =>
    trialOf("sse", { repetition, phases: [phaseOf()], figures }),
  );
  const results = resultsOf(trials);
  return {
    ...results,
    run: { ...results.run, startedAt, ...run },
    environment: { ...results.environment, host: { ...results.environment.host, ...host } },
  };
}

/** A folder with these files; an object is written as JSON. */
function folderWith(files: Readonly<Record<string, unknown>>): TemporaryFolder {
  const folder = new TemporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content);
    writeFileSync(join(folder.path, path), text);
  }
  return folder;
}

/** Root may read everything: for a while it isn't root who does. */
async function asNobody<T>(act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return await act();
  process.seteuid?.(65_534);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}

describe("the runs below a folder", () => {
  it("come oldest first, however deep they lie and whatever they are called", async () => {
    using folder = folderWith({
      "a/results.json": runOf("2026-11-23T08:30:00.000Z"),
      "z/y/results.json": runOf("2026-11-21T08:30:00.000Z"),
      "results.json": runOf("2026-11-22T08:30:00.000Z"),
      "a/other.json": "no run",
    });
    const { runs, skipped } = await readHistory(folder.path, gates);
    expect(runs.map(({ path }) => path)).toEqual([
      "z/y/results.json",
      "results.json",
      "a/results.json",
    ]);
    expect(skipped).toEqual([]);
  });

  it("have their gating metrics, over valid trials", async () => {
    using folder = folderWith({ "results.json": runOf("2026-11-23T08:30:00.000Z") });
    const { runs } = await readHistory(folder.path, gates);
    const values = runs[0]?.values ?? [];
    expect(values.map(({ metric }) => metric)).toEqual(expect.arrayContaining(["lost", "p50"]));
    expect(values.map(({ metric }) => metric)).not.toContain("p99");
    expect(values.find(({ metric }) => metric === "lost")).toMatchObject({
      variant: "sse",
      scenario: "latency",
      phase: "steady",
      tier: 0,
      value: { level: 0, low: 0, high: 0, trials: 2 },
    });
  });

  it("have those that the user's settings name", async () => {
    using folder = folderWith({ "results.json": runOf("2026-11-23T08:30:00.000Z") });
    const { runs } = await readHistory(folder.path, gatesOf({ gates: ["*p50"] }));
    expect(runs[0]?.values.map(({ metric }) => metric)).toEqual(["p50"]);
  });

  it("know their machine, numbered as they came", async () => {
    using folder = folderWith({
      "a/results.json": runOf("2026-11-23T08:30:00.000Z"),
      "b/results.json": runOf("2026-11-22T08:30:00.000Z", {}, { cores: 128 }),
      "c/results.json": runOf("2026-11-24T08:30:00.000Z", {}, { cores: 128, loadBefore: 7 }),
    });
    const { runs } = await readHistory(folder.path, gates);
    expect(runs.map(({ path, machine }) => [path, machine])).toEqual([
      ["b/results.json", 1],
      ["a/results.json", 2],
      ["c/results.json", 1],
    ]);
  });

  it("know what was said of them: by bench check beside them, by bench ab above", async () => {
    const pairing = { session: "s", side: "candidate", confirmsFrom: null } as const;
    using folder = folderWith({
      "check/results.json": runOf("2026-11-21T08:30:00.000Z"),
      "check/comparison.json": passingComparison(),
      "ab/comparison.json": mixedComparison(),
      "ab/baseline/results.json": runOf("2026-11-22T08:30:00.000Z", {
        pairing: { ...pairing, side: "baseline" },
      }),
      "ab/candidate/results.json": runOf("2026-11-22T08:30:00.000Z", { pairing }),
    });
    const { runs, skipped } = await readHistory(folder.path, gates);
    expect(runs.map(({ path, outcome }) => [path, outcome])).toEqual([
      ["check/results.json", "pass"],
      ["ab/candidate/results.json", "regressed"],
    ]);
    expect(skipped).toEqual([
      { path: "ab/baseline/results.json", why: "is the baseline of a comparison" },
    ]);
  });

  it("may be comparisons whose results weren't kept", async () => {
    using folder = folderWith({ "old/comparison.json": mixedComparison() });
    const { runs } = await readHistory(folder.path, gates);
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({
      path: "old/comparison.json",
      machine: null,
      outcome: "regressed",
      startedAt: "2026-11-23T08:30:05.000Z",
    });
    const metrics = runs[0]?.values.map(({ metric }) => metric);
    expect(metrics).toContain("bytesPerMessage");
    expect(metrics).not.toContain("p99");
  });
});

describe("a file that tells nothing", () => {
  it("is skipped with the reason", async () => {
    using folder = folderWith({
      "good/results.json": runOf("2026-11-23T08:30:00.000Z"),
      "cut/results.json": '{"format":',
      "old/results.json": { ...runOf("2026-11-20T08:30:00.000Z"), schemaVersion: 3 },
      "other/results.json": { format: "another" },
      "fault/results.json": runOf("2026-11-20T08:30:00.000Z", { fault: '{"kind":"late"}' }),
      "cut/comparison.json": "[",
      "new/comparison.json": { ...passingComparison(), comparisonVersion: 99 },
      "odd/comparison.json": { ...passingComparison(), outcome: "fine" },
    });
    const { runs, skipped } = await readHistory(folder.path, gates);
    expect(runs.map(({ path }) => path)).toEqual(["good/results.json"]);
    expect(skipped.map(({ path, why }) => `${path} ${why}`)).toEqual([
      "cut/comparison.json is not complete JSON; it was cut off or edited",
      "new/comparison.json has comparison version 99; this bench reads 2, update it",
      expect.stringMatching(/^odd\/comparison\.json outcome: Invalid option/),
      expect.stringMatching(/^cut\/results\.json is not complete JSON/),
      "fault/results.json was measured with an injected fault, to test the harness",
      expect.stringMatching(/^old\/results\.json has schema version 3; this bench reads \d+/),
      expect.stringMatching(/^other\/results\.json is not a results file of bench/),
    ]);
  });

  it.skipIf(process.platform === "win32")("may be a folder or file that is locked", async () => {
    using folder = folderWith({
      "good/results.json": runOf("2026-11-23T08:30:00.000Z"),
      "locked/results.json": runOf("2026-11-23T08:30:00.000Z"),
      "other/results.json": runOf("2026-11-23T08:30:00.000Z"),
    });
    chmodSync(folder.path, 0o755);
    chmodSync(join(folder.path, "locked"), 0o000);
    chmodSync(join(folder.path, "other", "results.json"), 0o000);
    const { runs, skipped } = await asNobody(() => readHistory(folder.path, gates));
    expect(runs.map(({ path }) => path)).toEqual(["good/results.json"]);
    expect(skipped).toEqual([
      { path: "locked", why: "can't be read (EACCES)" },
      { path: "other/results.json", why: "can't be read (EACCES)" },
    ]);
  });

  it("is told in the error where there is no other", async () => {
    using folder = folderWith({ "a/results.json": "{", "b/results.json": "{" });
    await expect(readHistory(folder.path, gates)).rejects.toThrow(
      /: holds no run; 2 files are skipped, such as a\/results\.json: is not complete JSON/,
    );
  });

  it("is asked for where there is none", async () => {
    using folder = folderWith({ "readme.md": "" });
    await expect(readHistory(folder.path, gates)).rejects.toThrow(
      /: holds no run; there is no results\.json and no comparison\.json below it$/,
    );
    await expect(readHistory(join(folder.path, "nowhere"), gates)).rejects.toThrow(
      /nowhere: is not a readable folder \(ENOENT\)$/,
    );
  });
});
