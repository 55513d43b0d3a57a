import { describe, expect, it } from "vitest";
import { nothingSent, shares, addSend } from "./phase-sends.ts";
import type { SendCounts } from "./phase-sends.ts";

describe("clients that take turns", () => {
  it.each([
    [6, 3, [2, 2, 2]],
    [7, 3, [3, 2, 2]],
    [2, 3, [1, 1, 0]],
    [0, 2, [0, 0]],
    [4, 0, []],
  ])("send %d messages among %d as %j", (messages, clients, each) => {
    expect(shares(messages, clients)).toEqual(each);
  });
});

describe("what was sent", () => {
  it("adds up, and keeps the latest rate", () => {
    const counts = (overrides: Partial<SendCounts>): SendCounts => ({
      ...nothingSent.counts,
      ...overrides,
    });
    const first = addSend(nothingSent, [], counts({ intended: 4, sentUp: [2, 1, 1] }), 10);
    const both = addSend(first, [], counts({ intended: 3, sentUp: [1, 2] }), 20);
    expect(both).toMatchObject({ intendedRate: 20, counts: { intended: 7, sentUp: [3, 3, 1] } });
  });

  it("is told apart for the canary, also where a load process joins in between", () => {
    const first = addSend(
      nothingSent,
      [],
      { ...nothingSent.counts, expected: [8], toCanary: 4 },
      10,
    );
    const more = { ...nothingSent.counts, expected: [6, 3], toCanary: 3 };
    expect(addSend(first, [], more, 10).counts).toMatchObject({ expected: [14, 3], toCanary: 7 });
  });
});
