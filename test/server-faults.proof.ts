import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { freeUrl } from "../tools/prove/free-port.ts";
import { comparisonSchema } from "../bench/results/comparison.ts";
import type { Comparison } from "../bench/results/comparison.ts";
import { readResults } from "../bench/results/files.ts";
import type { Trial } from "../bench/results/schema.ts";
import { invalidates } from "../bench/results/warnings.ts";
import { TemporaryFolder, bench } from "./bench-process.ts";

const faultyServer = fileURLToPath(new URL("fixtures/faulty-ws.js", import.meta.url));

function command(faults: object): string {
  return `'${process.execPath}' '${faultyServer}' '${JSON.stringify(faults)}'`;
}

const inASecond = "--transports websocket --scenarios integrity --rate 11000 --clients 2 --out out";

function comparisonIn(folder: string): Comparison {
  const text = readFileSync(join(folder, "out", "comparison.json"), "utf8");
  return comparisonSchema.parse(JSON.parse(text));
}

function hasLostAClient({ phases }: Trial): boolean {
  return phases.some(({ disconnected }) => disconnected > 0);
}

describe("a server that loses messages", () => {
  it.concurrent("gets no baseline", async () => {
    using folder = new TemporaryFolder();
    const args = ["check", "--update", ...inASecond.split(" "), "--target", await freeUrl()];
    const lossy = command({ skipsEach: 500 });
    const refused = await bench(folder.path, ...args, "--target-command", lossy);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(
      /error: bench\.baseline\.json was not written: websocket\.integrity\.burst\.lost is 44 in trial \d/,
    );
    expect(existsSync(join(folder.path, "bench.baseline.json"))).toBe(false);
  });
});

describe("a server that ends in the middle", () => {
  it.concurrent("is the cause that is told, in its own words", async () => {
    using folder = new TemporaryFolder();
    const target = await freeUrl();
    const args = ["run", "--trials", "1", ...inASecond.split(" "), "--target", target];
    const ending = command({ exitsAt: 500 });
    const { code, stdout } = await bench(folder.path, ...args, "--target-command", ending);
    expect(code).toBe(1);
    const reason = `the server at ${target} is gone: it ended with exit code 1; it said: RangeError: no room left`;
    const { trials } = await readResults(join(folder.path, "out"));
    expect(trials[0]?.outcome).toEqual({ status: "failed", by: "server", reason, stderr: "" });
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(`trial 1 failed: ${reason}`);
  });
});

describe("a server that ends a client in every second of its starts", () => {
  it.concurrent("fails the check, and no trial of it is left out", async () => {
    using folder = new TemporaryFolder();
    const check = { budgets: ["loss == 0"] };
    writeFileSync(join(folder.path, "bench.config.json"), JSON.stringify({ check }));
    const args = ["check", ...inASecond.split(" "), "--target", await freeUrl()];
    const made = await bench(folder.path, ...args, "--update", "--target-command", command({}));
    expect(made, made.stderr).toMatchObject({ code: 0 });

    const failing = command({ endsMemberAt: 200, counter: join(folder.path, "starts") });
    const { code, stdout } = await bench(folder.path, ...args, "--target-command", failing);
    expect(code, stdout).toBe(1);
    expect(stdout).toMatch(/^REGRESSED/);
    const { trials } = await readResults(join(folder.path, "out"));
    // A busy machine may invalidate some, which are played again; what the server does invalidates none.
    const valid = trials.filter(({ outcome }) => outcome.status === "valid");
    const invalidated = trials.filter((trial) => !valid.includes(trial));
    for (const { warnings } of invalidated)
      expect(warnings.some(({ code }) => invalidates(code))).toBe(true);
    const faulty = valid.filter(hasLostAClient);
    expect(faulty.length).toBeGreaterThan(0);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(
      new RegExp(
        String.raw`Of ${trials.length} trials of the candidate: .*\b${faulty.length} in which the server was at fault \(\d+ lost, 1 disconnected`,
      ),
    );
    const { changes, budgets, candidate } = comparisonIn(folder.path);
    expect(candidate.trials).toMatchObject({
      played: trials.length,
      invalid: invalidated.length,
      faulty: faulty.length,
    });
    const worse = changes.filter(({ verdict }) => verdict === "regressed");
    expect(worse.map(({ metric }) => metric)).toEqual(["disconnected", "lost"]);
    expect(budgets.map(({ outcome }) => outcome)).toContain("exceeded");
  });

  it.concurrent("loses against one that doesn't", async () => {
    using folder = new TemporaryFolder();
    const { code, stdout } = await bench(
      folder.path,
      "ab",
      ...inASecond.split(" "),
      "--target",
      await freeUrl(),
      "--baseline-command",
      command({}),
      "--candidate-command",
      command({ endsMemberAt: 200, counter: join(folder.path, "starts") }),
    );
    expect(code, stdout).toBe(1);
    expect(comparisonIn(folder.path).changes).toContainEqual(
      expect.objectContaining({ metric: "disconnected", verdict: "regressed" }),
    );
  });
});
