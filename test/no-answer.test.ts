import { describe, expect, it } from "vitest";
import { askedMs } from "../bench/processes/deadline.ts";
import type { LoadVerbs } from "../bench/processes/protocol.ts";
import type { LocalRemote } from "../bench/processes/remote.ts";
import { failure, forkProcess } from "./built-engine.ts";

/** A load process whose verbs may take a second beyond what they are told to. */
function load(): LocalRemote<LoadVerbs> {
  return forkProcess<LoadVerbs>("bench/processes/load", "load 1", { answerMs: 1_000 });
}

/** Keeps this process from whatever comes in. */
function blockFor(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forMs);
}

describe("a process that doesn't answer", () => {
  it("fails the trial, with what it was at, and is ended", async () => {
    let pid = 0;
    {
      await using remote = load();
      ({ pid } = remote);
      process.kill(pid, "SIGSTOP");
      const error: unknown = await remote.call("memory", {}).catch((reason: unknown) => reason);
      expect(failure(error)).toEqual({
        status: "failed",
        by: "machine",
        reason: "the load 1 process didn't answer within 1 s while measuring memory",
        stderr: "",
      });
    }
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it("isn't one whose answer came while this process was blocked itself", async () => {
    await using remote = load();
    // It is told to take a minute, in which it starts.
    await remote.call("clock", { forMs: 6_000 });
    const asked = remote.call("clock", {});
    blockFor(1_500);
    expect((await asked).nowNs).toBeGreaterThan(0);
  });
});

describe("a verb may take", () => {
  it("ten times as long as it is to send for", () => {
    expect(askedMs({ forMs: 500 })).toBe(5_000);
  });

  it("as often as it waits for what still comes in", () => {
    expect(askedMs({ timeoutMs: 2_000 })).toBe(60_000);
  });

  it("10 s for as many clients as are dialled at once", () => {
    expect(askedMs({ clients: 65, concurrency: 64 })).toBe(20_000);
    expect(askedMs({ clients: 65 })).toBe(0);
  });

  it("as long as a server may take to start, and 10 s for each look at it", () => {
    const target = {
      url: "",
      host: "",
      port: 1,
      addresses: ["127.0.0.1"],
      verification: null,
      process: { kind: "unknown" },
    } as const;
    expect(askedMs({ target })).toBe(20_000);
  });
});
