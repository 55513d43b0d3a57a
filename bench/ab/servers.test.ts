import { describe, expect, it } from "vitest";
import { BenchError } from "../errors/errors.ts";
import { serversOf, modeOf } from "./servers.ts";
import type { ServerFlags } from "./servers.ts";

const url = "http://127.0.0.1:3000";

describe("the two servers of a comparison", () => {
  it.each<[string, ServerFlags]>([
    ["urls", { baseline: url, candidate: url }],
    ["commands", { baselineCommand: "a", candidateCommand: "b", target: url }],
    ["commits", { base: "main", target: url, targetCommand: "a" }],
    ["commits", { base: "main", target: url, targetCommand: "a", prepare: "npm ci" }],
    [
      "commands",
      { baselineCommand: "a", candidateCommand: "b", target: url, startTimeout: 30_000 },
    ],
  ])("may be given as %s", (mode, flags) => {
    expect(modeOf(flags)).toBe(mode);
  });

  it.each<[ServerFlags, string]>([
    [{}, "bench ab needs two servers: --baseline URL --candidate URL, or --baseline-command C"],
    [{ target: url }, "bench ab needs two servers: "],
    [{ candidate: url }, "bench ab needs two servers: "],
    [{ baseline: url }, "--baseline needs --candidate as well"],
    [{ baselineCommand: "a", target: url }, "--baseline-command needs --candidate-command as well"],
    [{ baselineCommand: "a", candidateCommand: "b" }, "--baseline-command needs --target as well"],
    [{ base: "main", target: url }, "--base needs --target-command as well"],
    [{ baseline: url, candidate: url, base: "main" }, "--baseline and --base exclude each other"],
    [
      { baselineCommand: "a", candidateCommand: "b", target: url, prepare: "c" },
      "--baseline-command and --prepare exclude each other",
    ],
    [
      { baseline: url, candidate: url, startTimeout: 1_000 },
      "--baseline and --start-timeout exclude each other",
    ],
  ])("may not be %j", (flags, message) => {
    expect(() => modeOf(flags)).toThrow(BenchError);
    expect(() => modeOf(flags)).toThrow(message);
  });

  it("are told apart by what their user calls them", async () => {
    const flags = {
      baselineCommand: "node old.js",
      candidateCommand: "node new.js",
      target: url,
      startTimeout: 30_000,
    };
    await using servers = await serversOf(flags, [], new AbortController().signal);
    expect(servers.baseline).toMatchObject({
      label: "node old.js",
      target: { url, process: { kind: "command", command: "node old.js", startTimeoutMs: 30_000 } },
    });
    expect(servers.candidate.label).toBe("node new.js");
  });

  it("have to be of this machine", async () => {
    const flags = { baseline: url, candidate: "http://192.0.2.1:80" };
    await expect(serversOf(flags, [], new AbortController().signal)).rejects.toThrow(
      "192.0.2.1 is not this machine",
    );
  });
});
