import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import type { Answers } from "../test/scripted-stage.ts";
import { connections } from "./connections.ts";
import type { MemoryUse, Stopped } from "./scenario.ts";

async function searched(answers: Answers): Promise<ScriptedStage> {
  const stage = new ScriptedStage(answers);
  await connections.play(stage);
  return stage;
}

const byServer: Stopped = { side: "server", cause: "EMFILE", explanation: "out of descriptors" };
const byClient: Stopped = { side: "client", cause: "EADDRNOTAVAIL", explanation: "out of ports" };

/** A stage that lets no more than `limit` clients in, and tells how many got in. */
function refusingBeyond(limit: number, stopped: Stopped): NonNullable<Answers["tryConnect"]> {
  return (clients) => (clients <= limit ? { clients, stopped: null } : { clients: limit, stopped });
}

/** A stage on which a broadcast reaches no more than `limit` clients. */
function servingUpTo(limit: number): NonNullable<Answers["measured"]> {
  return (name, clients) => ({
    expected: clients,
    lost: name.startsWith("broadcast") ? Math.max(0, clients - limit) : 0,
    maxDeliveryNs: 1e6,
  });
}

function triedBy(stage: ScriptedStage): number[] {
  return stage.calls
    .filter((call) => call.startsWith("  tryConnect "))
    .map((call) => Number(call.slice(13)));
}

const limits = [
  1, 2, 3, 7, 49, 50, 99, 100, 101, 249, 250, 251, 333, 500, 640, 777, 990, 999, 1_000,
];

describe("the search for connections", () => {
  it("doubles up to the cap when nothing stops it, and then says at least", async () => {
    const stage = await searched({});
    expect(triedBy(stage)).toEqual([125, 250, 500, 1_000]);
    expect(stage.stated("held")).toMatchObject({
      value: 1_000,
      bound: "at least",
      note: "nothing stopped it before --max-connections",
    });
    expect(stage.value("stopped")).toBe("--max-connections");
  });

  it("steps, broadcasts, measures memory that messages take, and disconnects at the end", async () => {
    const stage = await searched({ workload: { maxConnections: 60 } });
    expect(stage.calls).toEqual([
      "phase ramp to 60",
      "  tryConnect 60",
      "phase broadcast to 60",
      "  publish 10/s for 100 ms",
      "server's memory",
      "disconnect to 0",
      "pollCeiling for 1000 ms",
    ]);
  });

  it.each(limits)(
    "finds a server's limit of %d exactly when the refusal tells it",
    async (limit) => {
      const stage = await searched({ tryConnect: refusingBeyond(limit, byServer) });
      const reached = limit >= 1_000;
      expect(stage.stated("held")).toMatchObject({
        value: limit,
        bound: reached ? "at least" : "exact",
      });
      expect(stage.value("stopped")).toBe(reached ? "--max-connections" : "EMFILE, server");
    },
  );

  it.each(limits)(
    "finds a limit of %d exactly that only broadcasts show, by whom they reached",
    async (limit) => {
      const stage = await searched({ measured: servingUpTo(limit) });
      const isReached = limit >= 1_000;
      expect(stage.stated("held")).toMatchObject({
        value: limit,
        bound: isReached ? "at least" : "exact",
      });
      expect(stage.stated("held")?.most).toBeUndefined();
      if (!isReached) expect(stage.value("stopped")).toBe("not served, server");
      // Up to the first that fails, then the limit itself and one more.
      expect(triedBy(stage).length).toBeLessThanOrEqual(4 + 2);
    },
  );

  it.each(limits)("says in which range a limit of %d is that only time shows", async (limit) => {
    const tookMs = (clients: number): number => (clients <= limit ? 1_000 : 1_001);
    const stage = await searched({
      measured: (_name, clients) => ({ maxDeliveryNs: tookMs(clients) * 1e6 }),
    });
    const { value, bound, most = value } = stage.stated("held") ?? {};
    expect(value).toBeLessThanOrEqual(limit);
    if (limit === 1_000) return expect(bound).toBe("at least");
    expect(most).toBeGreaterThanOrEqual(limit);
    expect(Number(most)).toBeLessThanOrEqual(1.05 * Number(value));
    expect(bound).toBe(most === value ? "exact" : "range");
    if (bound === "range") {
      expect(stage.stated("held")?.note).toContain("the search ends within 5 %");
    }
    // Doubling and halving: no more steps than bits.
    expect(triedBy(stage).length).toBeLessThanOrEqual(2 + Math.log2(1_000));
  });

  it("goes on by halves where a server loses now these and now those", async () => {
    const lossOf = [0.1, 0.3, 0.2, 0.25, 0.15];
    let broadcasts = 0;
    const stage = await searched({
      measured: (name, clients) => {
        if (!name.startsWith("broadcast") || clients < 400) return { expected: clients, lost: 0 };
        broadcasts += 1;
        return { expected: clients, lost: Math.ceil(clients * (lossOf[broadcasts % 5] ?? 0)) };
      },
    });
    const { value, bound, most } = stage.stated("held") ?? {};
    expect(value).toBeLessThan(400);
    if (bound === "range") expect(most).toBeGreaterThanOrEqual(399);
    expect(triedBy(stage).length).toBeLessThanOrEqual(12);
  });

  it("says at least when it was the client's side that stopped it", async () => {
    const stage = await searched({ tryConnect: refusingBeyond(300, byClient) });
    expect(stage.stated("held")).toMatchObject({
      value: 300,
      bound: "at least",
      note: "out of ports",
    });
    expect(stage.value("stopped")).toBe("EADDRNOTAVAIL, client");
  });

  it("holds no one when not even one is served", async () => {
    const stage = await searched({ measured: servingUpTo(0) });
    expect(stage.stated("held")).toMatchObject({ value: 0, bound: "exact" });
    expect(stage.value("broadcast")).toBeNull();
  });

  it("never goes beyond the cap, however small it is", async () => {
    for (const maxConnections of [1, 2, 50, 100, 101, 401, 1_000_000]) {
      const stage = await searched({ workload: { maxConnections } });
      expect(stage.value("held")).toBe(maxConnections);
      expect(Math.max(...triedBy(stage))).toBe(maxConnections);
    }
  });

  it.each([
    [null, 1_000, 1_000],
    [null, 1_001, 0],
    // A client that polls can't have it before its next poll.
    [2_000, 3_000, 1_000],
    [2_000, 3_001, 0],
  ])("with polls each %j ms and a broadcast that takes %d ms, holds %d", async (...row) => {
    const [pollIntervalMs, tookMs, held] = row;
    const stage = await searched({
      transport: { pollIntervalMs },
      measured: () => ({ delivery: () => tookMs * 1e6, maxDeliveryNs: 9e12 }),
    });
    expect(stage.value("held")).toBe(held);
    if (held === 0) expect(stage.value("stopped")).toBe("not in time, server");
  });

  it("goes by the slowest when there are too few for a 99th percentile", async () => {
    const stage = await searched({ measured: () => ({ maxDeliveryNs: 1_001e6 }) });
    expect(stage.value("held")).toBe(0);
  });

  it("states memory as the slope over the clients held, not as a share", async () => {
    const memory = (clients: number): MemoryUse => ({
      residentBytes: 50_000_000 + 7_000 * clients,
      heapBytes: 20_000_000 + 5_000 * clients,
    });
    const loadMemory = (clients: number): MemoryUse => ({
      residentBytes: 0,
      heapBytes: 30_000_000 + 9_000 * clients,
    });
    const stage = await searched({ memory, loadMemory });
    expect(stage.value("memory")).toBeCloseTo(7_000, 6);
    expect(stage.value("heap")).toBeCloseTo(5_000, 6);
    expect(stage.value("clientMemory")).toBeCloseTo(9_000, 6);
    const few = await searched({ memory, workload: { maxConnections: 499 } });
    expect(few.value("clientMemory")).toBeNull();
    expect(few.stated("memory")).toMatchObject({
      value: null,
      note: expect.stringContaining("500 clients"),
    });
  });

  it("says nothing of the heap of a server of which only resident memory is known", async () => {
    const stage = await searched({
      memory: (clients) => ({ residentBytes: 9_000 * clients, heapBytes: null }),
    });
    expect(stage.value("memory")).toBeCloseTo(9_000, 6);
    expect(stage.figures.map(({ key }) => key)).not.toContain("heap");
  });

  it("states how fast the last step was connected that connected anyone", async () => {
    const stage = await searched({
      tryConnect: refusingBeyond(400, byServer),
      // From 125 to 250 clients; those up to 400 came in a step that failed.
      measured: () => ({ durationMs: 125, maxDeliveryNs: 5e6 }),
    });
    expect(stage.value("held")).toBe(400);
    expect(stage.value("connectRate")).toBe(1_000);
    expect(stage.value("broadcast")).toBe(5e6);
  });

  it("says why there is no such rate where only a step down was held", async () => {
    const stage = await searched({ tryConnect: refusingBeyond(100, byServer) });
    expect(stage.value("held")).toBe(100);
    expect(stage.stated("connectRate")).toMatchObject({
      value: null,
      note: "a step down, with no client to connect",
    });
  });

  it("keeps what was held when a process dies on the way, and does not say that nothing stopped it", async () => {
    const stage = new ScriptedStage({
      tryConnect: (clients) => {
        if (clients > 600) throw new Error("the server ended with exit code 134");
        return { clients, stopped: null };
      },
    });
    await expect(connections.play(stage)).rejects.toThrow("exit code 134");
    expect(stage.stated("held")).toMatchObject({ value: 500, bound: "at least" });
    expect(stage.value("stopped")).not.toBe("--max-connections");
    expect(stage.stated("held")?.note).not.toContain("nothing stopped it");
  });

  it.each([
    // 4 000 requests a second, each client asking every 500 ms or getting 20 messages a second.
    [500, 0.95, 2_000, "exact"],
    [null, 0.95, 200, "exact"],
    [null, 0.9, 200, "at least"],
  ])("with polls each %j ms and a server %d busy, carries %d clients", async (...row) => {
    const [pollIntervalMs, serverUtilisation, carried, bound] = row;
    const stage = await searched({
      transport: { delivery: "pull", pollIntervalMs },
      ceiling: { requestsPerSecond: 4_000, serverUtilisation },
    });
    expect(stage.stated("ceiling")).toMatchObject({ value: 4_000, bound });
    expect(stage.stated("carried")).toMatchObject({ value: carried, bound });
  });

  it("states no polls for a push transport", async () => {
    const stage = await searched({});
    expect(stage.stated("ceiling")).toBeUndefined();
    expect(stage.stated("carried")).toBeUndefined();
  });
});
