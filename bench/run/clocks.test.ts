import { describe, expect, it } from "vitest";
import { agreement, checkClock } from "./clocks.ts";

/** A clock that is read twice a round, 100 ns apart, and another process's that is `aheadNs` of it. */
async function checked(aheadNs: number) {
  let ns = 5_000;
  let questions = 0;
  const result = await checkClock(
    "load 1",
    async () => {
      questions += 1;
      return { nowNs: ns + 50 + aheadNs };
    },
    () => (ns += 100),
  );
  return { ...result, questions };
}

describe("the clock handshake", () => {
  it("asks ten times and finds one clock where every answer lies between", async () => {
    expect(await checked(0)).toEqual({
      process: "load 1",
      shared: true,
      boundNs: 50,
      questions: 10,
    });
  });

  it.each([[51], [-51], [1e9], [-3_600e9]])(
    "finds another clock that is %d ns ahead",
    async (ns) => {
      expect((await checked(ns)).shared).toBe(false);
    },
  );

  it("is not satisfied by nine rounds of ten", () => {
    const good = { beforeNs: 10, remoteNs: 20, afterNs: 40 };
    const asked = [...Array.from({ length: 9 }, () => good), { ...good, remoteNs: 41 }];
    expect(agreement(asked)).toEqual({ shared: false, boundNs: 15 });
  });
});
