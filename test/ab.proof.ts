import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { comparisonSchema } from "../bench/results/comparison.ts";
import type { Comparison } from "../bench/results/comparison.ts";
import { readResults } from "../bench/results/files.ts";
import { freeUrl } from "../tools/prove/free-port.ts";
import { BenchProcess, TemporaryFolder, bench, benchFile } from "./bench-process.ts";

const serve = (variant: string): string =>
  `'${process.execPath}' '${benchFile}' serve --transport ${variant}`;
const faulty = (variant: string, fault: string): string =>
  `TRANSPORT_BENCH_FAULT='${fault}' ${serve(variant)}`;

const words = (line: string): string[] => line.split(" ");

const short = words(
  "--clients 4 --rate 20 --duration 300ms --warmup 0ms --out out --seed 1 --max-pairs 7",
);

function comparisonIn(folder: string): Comparison {
  const text = readFileSync(join(folder, "out", "comparison.json"), "utf8");
  return comparisonSchema.parse(JSON.parse(text));
}

describe("bench ab", () => {
  it.concurrent("ends after two pairs where all is counted, and fails a server that loses a message", async () => {
    using folder = new TemporaryFolder();
    const { code, stdout, stderr } = await bench(
      folder.path,
      // Eleven thousand messages in a second, to one client.
      ...words(
        "ab --transports websocket --scenarios integrity --clients 1 --rate 11000 --out out",
      ),
      "--target",
      await freeUrl(),
      "--baseline-command",
      serve("websocket"),
      "--candidate-command",
      faulty("websocket", '{"kind":"drop","oneIn":10000}'),
    );
    expect(code, stdout + stderr).toBe(1);
    const comparison = comparisonIn(folder.path);
    expect(comparison).toMatchObject({ kind: "ab", outcome: "regressed", problems: [] });
    const regressed = comparison.changes.filter(({ verdict }) => verdict === "regressed");
    expect(regressed).toMatchObject([
      { metric: "lost", baseline: { level: 0 }, candidate: { level: 1 } },
    ]);
    for (const side of ["baseline", "candidate"] as const) {
      const { run, trials } = await readResults(join(folder.path, "out", side));
      expect(run).toMatchObject({ status: "complete", pairing: { side, confirmsFrom: null } });
      // Trials that a busy machine invalidates are played again.
      expect(trials.filter(({ outcome }) => outcome.status === "valid")).toHaveLength(2);
    }
  });

  it.concurrent("holds the working tree against a commit, says what fails, and leaves nothing behind", async () => {
    using folder = new TemporaryFolder();
    const git = (...args: readonly string[]): string =>
      execFileSync("git", ["-c", "user.name=n", "-c", "user.email=e", ...args], {
        cwd: folder.path,
        encoding: "utf8",
      });
    git("init", "--quiet");
    writeFileSync(join(folder.path, "start.sh"), `exec ${serve("sse")}\n`);
    git("add", ".");
    git("commit", "--quiet", "-m", "a server that works");
    writeFileSync(join(folder.path, "start.sh"), "echo broken >&2; exit 7\n");
    const { code, stdout, stderr } = await bench(
      folder.path,
      "ab",
      "--base",
      "HEAD",
      "--target",
      await freeUrl(),
      "--target-command",
      "sh start.sh",
      "--transports",
      "sse",
      ...short,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: --target-command, with sse: .*exit code 7.*broken\n$/);
    expect(git("worktree", "list").trim().split("\n")).toHaveLength(1);
  });

  it.concurrent("keeps what was measured when it is interrupted", async () => {
    using folder = new TemporaryFolder();
    await using process = new BenchProcess(folder.path, [
      "ab",
      "--target",
      await freeUrl(),
      "--transports",
      "sse",
      ...short,
      "--baseline-command",
      serve("sse"),
      "--candidate-command",
      serve("sse"),
    ]);
    await process.until(async () => {
      const results = await readResults(join(folder.path, "out", "candidate")).catch(() => null);
      return (results?.trials.length ?? 0) > 0;
    });
    process.signal("SIGINT");
    const { code, stdout } = await process.ended;
    expect(code, stdout).toBe(130);
    const comparison = comparisonIn(folder.path);
    expect(comparison.problems.map(({ code: why }) => why)).toContain("interrupted");
    const { run } = await readResults(join(folder.path, "out", "baseline"));
    expect(run.status).toBe("interrupted");
  });

  it.each([
    [["ab"], /^error: --transports: which of these do both servers speak\?/],
    [["ab", "--transports", "sse"], /^error: bench ab needs two servers: --baseline URL/],
    [
      ["ab", "--transports", "sse", "--base", "x", "--prepare", "y"],
      /^error: --base needs --target as well\n$/,
    ],
    [
      ["ab", "--transports", "sse", "--max-pairs", "6"],
      /^error: --max-pairs: "6" is not a whole number from 7 to 200\n$/,
    ],
    [
      ["ab", "--transports", "sse", "--inconclusive", "x"],
      /^error: --inconclusive: "x" is not "pass" or "fail"\n$/,
    ],
  ])("refuses %j in one line", async (args, message) => {
    using folder = new TemporaryFolder();
    const { code, stdout, stderr } = await bench(folder.path, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
