import { describe, expect, it } from "vitest";
import { clockAheadMs, gatheringOf, isGathered, isHeadHeld } from "./gathering.ts";
import type { Heard } from "./heard.ts";

const count = 30;
const gap = 50;
const wait = 300;
const question = { count, gap, wait };
/** By how much the client's clock is ahead. */
const aheadMs = 4_000;
const eventBytes = 283;

/** What is heard of events that are sent each `gap` from 300 ms on, by when each arrives. */
function heardOf(arrivesMs: (sentMs: number, number: number) => number, headMs = 2): Heard {
  const events = Array.from({ length: count }, (_, index) => {
    const sentMs = wait + index * gap;
    return {
      number: index + 1,
      sentMs,
      atMs: aheadMs + arrivesMs(sentMs, index + 1),
    };
  });
  const chunks = events.map(({ atMs }, index) => ({
    atMs,
    bytes: eventBytes,
    wireBytes: 200 + (index + 1) * eventBytes,
  }));
  const head = { atMs: aheadMs + headMs, status: 200, reason: "OK", fields: {}, version: "1.1" };
  const heard = { head, chunks, events, connectMs: 1, askedMs: aheadMs, end: null };
  return { ...heard, stalledMs: 0 };
}

describe("events that were sent apart", () => {
  it("come by themselves where nothing is in between", () => {
    const gathering = gatheringOf(
      heardOf((sentMs) => sentMs + 1),
      question,
      aheadMs,
    );
    expect(gathering).toMatchObject({ burst: 1, gathered: 0, heldMs: 1, isUntilEnd: false });
    expect(gathering !== null && isGathered(gathering)).toBe(false);
  });

  it("are held by time: as long as the first of those that come together", () => {
    // Let go at 800, 1300, 1800: half a second after the first that was held.
    const heard = heardOf((sentMs) => 300 + 500 * (Math.floor((sentMs - 300) / 500) + 1));
    const gathering = gatheringOf(heard, question, aheadMs);
    expect(gathering).toMatchObject({ burst: 10, gathered: 1, heldMs: 500, isUntilEnd: false });
    expect(gathering !== null && isGathered(gathering)).toBe(true);
  });

  it("are held by bytes: as many as came, and more than came without the last event", () => {
    const heard = heardOf((_, number) => wait + gap * (Math.ceil(number / 6) * 6 - 1));
    expect(gatheringOf(heard, question, aheadMs)?.heldBytes).toEqual({
      from: 5 * eventBytes,
      to: 6 * eventBytes,
    });
  });

  it("are held until the answer ends", () => {
    const gathering = gatheringOf(
      heardOf(() => 1_760),
      question,
      aheadMs,
    );
    expect(gathering).toMatchObject({ burst: count, isUntilEnd: true });
  });

  it("are not gathered because the machine stood still once", () => {
    const heard = heardOf((sentMs) => (sentMs >= 500 && sentMs < 650 ? 650 : sentMs));
    const gathering = gatheringOf(heard, question, aheadMs);
    expect(gathering?.burst).toBe(4);
    expect(gathering !== null && isGathered(gathering)).toBe(false);
  });

  it("tell nothing where none came", () => {
    expect(gatheringOf({ ...heardOf(() => 0), events: [] }, question, aheadMs)).toBeNull();
  });
});

describe("the clocks of both ends", () => {
  it("are compared by when it was asked and when events came, held or not", () => {
    const held = heardOf((sentMs) => 300 + 500 * (Math.floor((sentMs - 300) / 500) + 1));
    expect(clockAheadMs([{ heard: held, question }])).toBe(aheadMs);
    expect(clockAheadMs([{ heard: heardOf((sentMs) => sentMs + 2), question }])).toBe(aheadMs);
  });

  it("can't be compared where no event came", () => {
    expect(clockAheadMs([{ heard: { ...heardOf(() => 0), events: [] }, question }])).toBeNull();
  });
});

describe("a head", () => {
  it("is held where it comes with the first event", () => {
    expect(
      isHeadHeld(
        heardOf((sentMs) => sentMs, 299),
        question,
      ),
    ).toBe(true);
    expect(
      isHeadHeld(
        heardOf((sentMs) => sentMs, 2),
        question,
      ),
    ).toBe(false);
  });
});
