import { describe, expect, test } from "vitest";
import { Absence } from "./absence.ts";
import { lossesOf, noLosses, turnsOf } from "./losses.ts";
import type { Accounted } from "./losses.ts";

/** Ten messages, number 11 to 20, one each 100 ns from 1 000 ns on. */
const sent = { firstSequence: 11, messages: 10, startNs: 1_000, untilNs: 2_000 };

function absence(
  fromSequence: number,
  awayNs: number,
  { backNs = null as number | null } = {},
): Absence {
  return Object.assign(new Absence(fromSequence, awayNs, true), { backNs });
}

function losses(client: Partial<Accounted>) {
  return lossesOf({ next: 21, missing: [], absences: [], gaps: [], ...client }, sent);
}

describe("what a client hasn't received", () => {
  test("is nothing where it has everything", () => {
    expect(losses({})).toEqual(noLosses);
  });

  test("was in flight where it was due before the client noticed that it is away", () => {
    // Number 13 was due at 1 200.
    const absences = [absence(13, 1_250, { backNs: 1_500 })];
    expect(losses({ missing: [13], absences })).toEqual({ ...noLosses, inFlight: 1 });
  });

  test("was missed where it was due while the client was away", () => {
    const absences = [absence(13, 1_150, { backNs: 1_450 })];
    expect(losses({ missing: [13, 14, 15], absences })).toEqual({ ...noLosses, missed: 3 });
  });

  test("was missed to the end where the client never came back", () => {
    expect(losses({ next: 15, absences: [absence(15, 1_350)] })).toEqual({
      ...noLosses,
      missed: 6,
    });
  });

  test("was overrun where the server said so, whenever it was due, and without any absence", () => {
    const absences = [absence(13, 1_250, { backNs: 1_600 })];
    const gaps = [{ fromSequence: 13, messages: 3 }];
    expect(losses({ missing: [13, 14, 15], gaps })).toEqual({ ...noLosses, overrun: 3 });
    expect(losses({ missing: [13, 14, 15, 16], absences, gaps })).toEqual({
      ...noLosses,
      overrun: 3,
      missed: 1,
    });
  });

  test("is unaccounted for where the client was there, before or after an absence or with none at all", () => {
    const absences = [absence(15, 1_350, { backNs: 1_500 })];
    expect(losses({ missing: [12, 18], absences })).toEqual({ ...noLosses, unaccounted: 2 });
    expect(losses({ missing: [12] })).toEqual({ ...noLosses, unaccounted: 1 });
  });

  test("belongs to the absence in which it would have come next", () => {
    const absences = [absence(12, 1_050, { backNs: 1_250 }), absence(16, 1_550, { backNs: 1_750 })];
    expect(losses({ missing: [12, 13, 16, 17], absences })).toEqual({
      ...noLosses,
      missed: 3,
      inFlight: 1,
    });
  });

  test("was missed in the first of several absences without a message in between", () => {
    const absences = [absence(12, 1_050, { backNs: 1_250 }), absence(12, 1_450, { backNs: 1_750 })];
    expect(losses({ missing: [12, 13, 14, 15, 16], absences })).toEqual({
      ...noLosses,
      missed: 3,
      inFlight: 2,
    });
  });

  test("is only of the messages that were sent", () => {
    expect(losses({ missing: [3, 10, 21, 30], next: 31 })).toEqual(noLosses);
  });
});

describe("a message that comes after a return", () => {
  test("was missed where it was sent before that, and the client asked for such", () => {
    const resumed = absence(13, 1_150, { backNs: 1_450 });
    expect(resumed.isReplay(1_500, 1_200)).toBe(true);
    expect(resumed.isReplay(1_501, 1_450)).toBe(false);
    expect(resumed.receivedNs).toBe(1_500);
    expect(new Absence(13, 1_150, false).isReplay(1_500, 1_200)).toBe(false);
  });
});

describe("clients that send in turn", () => {
  test("have each their own messages, due one after another", () => {
    const turns = [0, 1, 2].map((place) => turnsOf(sent, 3, place));
    expect(turns.map(({ messages }) => messages)).toEqual([4, 3, 3]);
    expect(turns[1]).toEqual({ firstSequence: 11, messages: 3, startNs: 1_100, untilNs: 2_000 });
  });

  test("have none where there are fewer messages than clients", () => {
    expect(turnsOf({ ...sent, messages: 2 }, 3, 2).messages).toBe(0);
  });
});
