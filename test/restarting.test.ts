import { describe, expect, test } from "vitest";
import type { Host } from "../bench/run/host.ts";
import { TrialProcesses, failure, hostsOf } from "./built-engine.ts";
import { restartableTrial, survivesRestarts } from "./restart-trial.ts";

// All other variants: restarting.proof.ts.
survivesRestarts("websocket");
survivesRestarts("long-polling", { polls: true });

/** Calls `started` with each process that is started there. */
function watched(host: Host, started: (process: ReturnType<Host["start"]>) => void): Host {
  const seen: Host = {
    ...host,
    at: () => seen,
    start(entry, name) {
      const process = host.start(entry, name);
      started(process);
      return process;
    },
  };
  return seen;
}

describe("a restart", () => {
  test("fails the trial where no server comes back", async () => {
    let servers = 0;
    const usual = hostsOf(null);
    const hosts = {
      ...usual,
      servers: watched(usual.servers, (process) => {
        if (process.name === "server" && ++servers === 2) void process[Symbol.asyncDispose]();
      }),
    };
    await using processes = new TrialProcesses(restartableTrial("tcp"), hosts);
    await processes.start();
    const error: unknown = await processes
      .restartServer({ server: 0, downMs: 0, graceMs: 0 })
      .catch((reason: unknown) => reason);
    expect(failure(error)).toMatchObject({
      reason: expect.stringMatching(/^the server process ended with/),
    });
  });

  test("leaves no process behind when it is ended half-way", async () => {
    const ended: Promise<unknown>[] = [];
    const keep = (process: ReturnType<Host["start"]>): void => void ended.push(process.ended);
    const usual = hostsOf(null);
    const { servers, clients } = usual;
    const hosts = { ...usual, servers: watched(servers, keep), clients: watched(clients, keep) };
    const processes = new TrialProcesses(restartableTrial("tcp"), hosts);
    await processes.start();
    const restarted = processes.restartServer({ server: 0, downMs: 60_000, graceMs: 0 });
    const outcome = restarted.then(
      () => "restarted",
      () => "ended",
    );
    // The old server has ended, the next is there, and clients are refused.
    await ended[0];
    await processes[Symbol.asyncDispose]();
    expect(await outcome).toBe("ended");
    expect(await Promise.all(ended)).toHaveLength(4);
  });
});
