import { describe, expect, it } from "vitest";
import { BenchError } from "../../bench/errors/errors.ts";
import { ProcessEnded } from "../../bench/processes/process-ended.ts";
import { startBoth } from "./contest.ts";
import type { Starter } from "./contest.ts";
import type { Side } from "./sides.ts";
import { reasonOf, started } from "./starting.ts";

const trace = `file:///build/load.js:7
    throw new TypeError("no such thing");
          ^

TypeError: no such thing
    at file:///build/load.js:7:11
`;

describe("why a process can't be played with", () => {
  it.each([
    [new Error("load: unknown transport"), "load: unknown transport"],
    [
      new ProcessEnded("load", "the load process ended with exit code 1", trace),
      "the load process ended with exit code 1: TypeError: no such thing",
    ],
    [new ProcessEnded("load", "the load process ended with SIGKILL", ""), /SIGKILL$/],
  ])("%s is said in one line", (error, line) => {
    expect(reasonOf(error)).toMatch(line);
    expect(reasonOf(error)).not.toContain("\n");
  });
});

describe("a process that can't start", () => {
  it("is ended, and its reason is an error of one line", async () => {
    const ended: string[] = [];
    const remote = { [Symbol.asyncDispose]: async () => void ended.push("load") };
    const failing = Promise.reject(new Error("load: no room"));
    await expect(started(remote, failing)).rejects.toThrow(
      new BenchError("usage", "load: no room"),
    );
    expect(ended).toEqual(["load"]);
  });

  it("leaves none of the other side behind", async () => {
    const ended: string[] = [];
    const unasked = (): Promise<never> => Promise.reject(new Error("nobody asks it"));
    const side: Side = {
      connect: unasked,
      begin: unasked,
      send: unasked,
      end: unasked,
      latencyNs: unasked,
      disconnect: unasked,
      memory: unasked,
      saturate: unasked,
      [Symbol.asyncDispose]: async () => void ended.push("first"),
    };
    const first: Starter = () => Promise.resolve(side);
    const second: Starter = () => Promise.reject(new Error("no room"));
    const load = { variant: "websocket", library: "websocket" } as const;
    const server = { port: 1, epochNs: 0, trust: null };
    const starting = startBoth({ first, second }, load, ["second", "first"], async () => server);
    await expect(starting).rejects.toThrow("no room");
    expect(ended).toEqual(["first"]);
  });
});
