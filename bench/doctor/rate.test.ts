import { describe, expect, it } from "vitest";
import type { Probed } from "./diagnosis.ts";
import { findRate, estimateRate } from "./rate.ts";

/** A machine on which each delivery takes as much as any other: 10 µs of each process. */
const probedAt = (deliveriesPerSecond: number, doubts: string[] = []): Probed => ({
  variant: "websocket",
  clients: 50,
  payloadBytes: 256,
  deliveriesPerSecond,
  serverCpuShare: deliveriesPerSecond * 1e-5,
  loadCpuShare: deliveriesPerSecond * 1e-5,
  loadUtilisation: deliveriesPerSecond * 1e-5,
  doubts,
});

describe("the rate that is estimated", () => {
  it("is where the first of server, load process and machine is as busy as it may be", () => {
    const most = (overrides: Partial<Probed>, processors = 4): (number | string | null)[] => {
      const { most, boundBy } = estimateRate({ ...probedAt(10_000), ...overrides }, processors);
      return [most, boundBy];
    };
    expect(most({})).toEqual([70_000, "the load process's event loop"]);
    expect(most({ serverCpuShare: 0.3 })).toEqual([30_000, "the server's core"]);
    expect(most({ loadCpuShare: 0.45 })).toEqual([20_000, "the load process's core"]);
    expect(most({}, 1)).toEqual([45_000, "all cores"]);
  });

  it("is below what was tried when that was too much", () => {
    expect(estimateRate({ ...probedAt(10_000), loadUtilisation: 1 }, 4).most).toBe(7_000);
  });

  it("leaves out what used too little to be seen", () => {
    const nothing = { serverCpuShare: 0, loadCpuShare: 0, loadUtilisation: 0 };
    expect(estimateRate({ ...probedAt(10_000), ...nothing }, 4).most).toBeNull();
  });
});

describe("the rate that is found", () => {
  /** Answers as a machine would that is too slow above `limit`. */
  const machine = (limit: number, asked: number[] = []) => {
    return async (deliveriesPerSecond: number): Promise<Probed> => {
      asked.push(deliveriesPerSecond);
      const isLate = deliveriesPerSecond > limit;
      return probedAt(deliveriesPerSecond, isLate ? ["messages sent late: 1 % were late"] : []);
    };
  };

  it("is the estimate, once that has been tried", async () => {
    const asked: number[] = [];
    const rate = await findRate(machine(100_000, asked), 4);
    expect(rate).toMatchObject({ most: 70_000, boundBy: "the load process's event loop" });
    expect(asked).toEqual([10_000, 70_000]);
  });

  it("is half of it where all of it was doubtful, and names the doubt", async () => {
    const rate = await findRate(machine(40_000), 4);
    expect(rate).toMatchObject({ most: 35_000, boundBy: "messages sent late: 1 % were late" });
    expect(rate.tried).toHaveLength(3);
  });

  it("is what it was estimated from where nothing more can be trusted", async () => {
    const rate = await findRate(machine(12_000), 4);
    expect(rate).toMatchObject({ most: 10_000, boundBy: "messages sent late: 1 % were late" });
    expect(rate.tried).toHaveLength(4);
  });

  it("is unknown where nothing can be trusted", async () => {
    const rate = await findRate(machine(0), 4);
    expect(rate).toMatchObject({ most: null, boundBy: "messages sent late: 1 % were late" });
  });

  it("is unknown, with the reason, where no trial can be played", async () => {
    const rate = await findRate(async () => ({ failed: "listen EACCES" }), 4);
    expect(rate).toEqual({
      most: null,
      boundBy: null,
      limits: [],
      tried: [],
      failure: "listen EACCES",
    });
  });
});
