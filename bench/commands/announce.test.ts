import {
  readFileSync,
  readdirSync,
  writeFileSync,
  linkSync,
  mkdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TemporaryFolder } from "../../test/bench-process.ts";
import {
  hostileComparison,
  mixedComparison,
  passingComparison,
} from "../../test/comparison-fixture.ts";
import type { Comparison } from "../results/comparison.ts";
import { announce, proveWritable } from "./announce.ts";
import type { Announcement } from "./announce.ts";
import { BenchError } from "../errors/errors.ts";

const usual: Announcement = { folder: null, quiet: false, wanted: [] };

/** What it prints, in an environment that has nothing of a CI but `variables`. */
async function announced(
  comparison: Comparison,
  announcement: Partial<Announcement> = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<{ stdout: string; stderr: string }> {
  for (const name of ["GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"]) {
    vi.stubEnv(name, variables[name] ?? "");
  }
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    });
  }
  try {
    await announce(comparison, { ...usual, ...announcement });
  } finally {
    vi.restoreAllMocks();
  }
  return printed;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("a comparison is announced", () => {
  it("in the terminal, and elsewhere only where that is asked for", async () => {
    const { stdout, stderr } = await announced(mixedComparison());
    expect(stdout).toMatch(/^REGRESSED {2}bench ab: /);
    expect(stdout).not.toContain("::");
    expect(stderr).toBe("");
  });

  it("in the files that are always made, and in those that are named", async () => {
    using folder = new TemporaryFolder();
    const path = join(folder.path, "bmf");
    const wanted = [{ format: "bencher" as const, path }];
    const { stdout } = await announced(mixedComparison(), {
      folder: folder.path,
      quiet: true,
      wanted,
    });
    expect(stdout).toBe("");
    expect(readdirSync(folder.path).toSorted()).toEqual([
      "bmf",
      "comparison.json",
      "comparison.md",
      "junit.xml",
    ]);
    const saved = readFileSync(join(folder.path, "comparison.json"), "utf8");
    expect(JSON.parse(saved)).toEqual(mixedComparison());
    expect(JSON.parse(readFileSync(path, "utf8"))).toHaveProperty(["sse.latency.steady"]);
  });

  it("below what GitHub's summary of the step says already", async () => {
    using folder = new TemporaryFolder();
    const summary = join(folder.path, "summary.md");
    writeFileSync(summary, "before\n");
    await announced(mixedComparison(), {}, { GITHUB_STEP_SUMMARY: summary });
    expect(readFileSync(summary, "utf8")).toMatch(/^before\n### ❌ bench ab\n/);
  });

  it("not in a summary that has no room, since GitHub would then show nothing of it", async () => {
    using folder = new TemporaryFolder();
    const summary = join(folder.path, "summary.md");
    writeFileSync(summary, "x".repeat(1024 * 1024 - 100));
    const { stderr } = await announced(mixedComparison(), {}, { GITHUB_STEP_SUMMARY: summary });
    expect(stderr).toMatch(
      /^no step summary: can't write to .*summary\.md \(it would be too long\)\n$/,
    );
    expect(readFileSync(summary, "utf8")).toHaveLength(1024 * 1024 - 100);
  });

  it("also where the summary can't be written", async () => {
    const missing = { GITHUB_STEP_SUMMARY: "/proc/nothing/here" };
    const { stdout, stderr } = await announced(mixedComparison(), {}, missing);
    expect(stdout).toContain("REGRESSED");
    expect(stderr).toMatch(/^no step summary: .* \(ENOENT\)\n$/);
  });

  it("by annotations in GitHub's CI, also when quiet", async () => {
    const { stdout } = await announced(
      mixedComparison(),
      { quiet: true },
      { GITHUB_ACTIONS: "true" },
    );
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(6);
    expect(lines.every((line) => line.startsWith("::"))).toBe(true);
    const passing = await announced(
      passingComparison(),
      { quiet: true },
      { GITHUB_ACTIONS: "true" },
    );
    expect(passing.stdout).toBe("");
  });

  it("so that GitHub's runner obeys no command that is in a text", async () => {
    const { stdout } = await announced(hostileComparison(), {}, { GITHUB_ACTIONS: "true" });
    const [, token = ""] = /^::stop-commands::([\w-]{36})\n/.exec(stdout) ?? [];
    expect(token).not.toBe("");
    const [, own = ""] = stdout.split(`\n::${token}::\n`);
    const commands = own.trimEnd().split("\n");
    expect(commands.length).toBeGreaterThan(1);
    for (const line of commands) expect(line).toMatch(/^::(error|warning) title=/);
    expect(hostileComparison().command).toContain("\n::error::pwned");
  });
});

describe("what --write is given", () => {
  it("is a format and a path, as often as one likes", async () => {
    using folder = new TemporaryFolder();
    const path = join(folder.path, "ci", "a=b.xml");
    expect(await proveWritable([`junit=${path}`, `md=${path}.md`])).toEqual([
      { format: "junit", path },
      { format: "md", path: `${path}.md` },
    ]);
    // The folder is made, and nothing is left in it.
    expect(readdirSync(join(folder.path, "ci"))).toEqual([]);
  });

  it("may be nothing", async () => {
    expect(await proveWritable()).toEqual([]);
  });

  it.each([
    ["junt=x.xml", /^--write: unknown format "junt"; did you mean "junit"\? known are terminal, /],
    ["report.xml", /^--write: unknown format "report.xml"; known are/],
    ["junit", /^--write: "junit" names no file; write junit=path$/],
    ["junit=", /^--write: "junit=" names no file/],
    ["junit=/proc/nothing/here.xml", /^--write: can't write to \/proc\/nothing \(E[A-Z]+\)$/],
  ])("is refused in one line: %s", async (given, message) => {
    await expect(proveWritable([given])).rejects.toThrow(message);
    await expect(proveWritable([given])).rejects.toBeInstanceOf(BenchError);
  });

  it("is refused where one file is asked for twice, or is a folder", async () => {
    using folder = new TemporaryFolder();
    const path = join(folder.path, "report");
    await expect(proveWritable([`junit=${path}`, `md=${path}`])).rejects.toThrow(/named twice/);
    writeFileSync(path, "");
    for (const link of [linkSync, symlinkSync]) {
      const other = `${path}.${link.name}`;
      link(path, other);
      await expect(proveWritable([`junit=${path}`, `md=${other}`])).rejects.toThrow(/named twice/);
    }
    rmSync(path);
    mkdirSync(path);
    await expect(proveWritable([`junit=${path}`])).rejects.toThrow(
      /is a folder; name a file in it/,
    );
  });
});
