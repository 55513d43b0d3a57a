import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { freeUrl } from "../bench/prove/free-url.ts";
import { comparisonSchema } from "../bench/results/comparison.ts";
import type { Comparison } from "../bench/results/comparison.ts";
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

describe("a server that loses messages", () => {
  it.concurrent("gets no baseline", async () => {
    using folder = new TemporaryFolder();
    const args = ["check", "--update", ...inASecond.split(" "), "--target", await freeUrl()];
    const lossy = command({ skipsEach: 500 });
    const refused = await bench(folder.path, ...args, "--target-command", lossy);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(
      /error: bench\.baseline\.json isn't written: websocket\.integrity\.burst\.lost is 44 in trial 1/,
    );
    expect(existsSync(join(folder.path, "bench.baseline.json"))).toBe(false);
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

    const faulty = command({ endsMemberAt: 200, counter: join(folder.path, "starts") });
    const { code, stdout } = await bench(folder.path, ...args, "--target-command", faulty);
    expect(code, stdout).toBe(1);
    expect(stdout).toMatch(/^REGRESSED/);
    expect(stdout).toMatch(
      /Of 2 trials of the candidate: 1 in which the server was at\sfault \(\d+ lost, 1 disconnected\)/,
    );
    const { changes, budgets, candidate } = comparisonIn(folder.path);
    expect(candidate.trials).toMatchObject({ played: 2, invalid: 0, faulty: 1 });
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
