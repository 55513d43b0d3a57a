import { describe, expect, it } from "vitest";
import { transports } from "../../transports/index.ts";
import type { Theory } from "../../transports/theory.ts";
import { expectedPollBytes, expectedPushBytes } from "./expected-bytes.ts";
import { WireLedger, diffTotals } from "./wire-ledger.ts";
import type { AnswerGroup } from "./wire-ledger.ts";

function theoryOf(name: string): Theory {
  const transport = transports.find((candidate) => candidate.name === name);
  const theory = transport?.configure("default", {}).theory;
  if (!theory) throw new Error(`${name} has no theory`);
  return theory;
}

const place = { payloadBytes: 100, channel: "all", authority: "127.0.0.1:40000" };

describe("what a phase must cost where messages are pushed", () => {
  const pushes = { ...place, clients: 3, firstNumber: 1, messages: 10 };

  it("is the same for every message and client of a WebSocket, to the byte", () => {
    expect(expectedPushBytes(theoryOf("websocket"), pushes)).toEqual({
      down: 3 * 10 * (100 + 2),
      up: 0,
    });
  });

  it("grows with the digits of an event's number", () => {
    // 8 bytes of the event and 5 of its id, in a chunk of 4 and 2 digits: 119 and the number's own.
    const across = { ...pushes, firstNumber: 98, messages: 4 };
    expect(expectedPushBytes(theoryOf("sse"), across).down).toBe(
      3 * (2 * (119 + 2) + 2 * (119 + 3)),
    );
  });

  it("is nothing when nothing was sent", () => {
    expect(expectedPushBytes(theoryOf("tcp"), { ...pushes, messages: 0 })).toEqual({
      down: 0,
      up: 0,
    });
  });
});

describe("what a phase must cost where messages are polled for", () => {
  const theory = theoryOf("long-polling");

  const nothing = { bodyBytes: 0, digitBytes: 0 };

  /** What the ledger know of answers that held these many messages in turn, client by client. */
  function kept(perClient: readonly (readonly number[])[], first: number): readonly AnswerGroup[] {
    const ledger = new WireLedger();
    const none = { down: 0, up: 0 };
    const before = ledger.totals(none);
    for (const batches of perClient) {
      let newest = first - 1;
      for (const messages of batches) {
        newest += messages;
        ledger.attributePoll({ ...nothing, messages, newest }, 0, 0);
      }
    }
    return diffTotals(before, ledger.totals(none), "pull", "underWay").answers;
  }

  /** The same, added up one by one. */
  function oneByOne(perClient: readonly (readonly number[])[], first: number) {
    let down = 0;
    let up = 0;
    for (const batches of perClient) {
      let number = first - 1;
      for (const messages of batches) {
        number += messages;
        const bytes = theory.down({ ...place, messages, number });
        down += bytes.down;
        up += bytes.up;
      }
    }
    return { down, up };
  }

  const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

  it("is nothing when no poll found anything", () => {
    expect(expectedPollBytes(theory, place, [])).toEqual({ down: 0, up: 0 });
  });

  it.each([
    ["one message each", times(3, times(1_200, 1))],
    ["equally many", times(3, times(4, 5))],
    ["mostly one, now and then several", [times(90, 1), times(30, 3), [...times(60, 1), 30]]],
    ["many at first, then one", times(3, [60, ...times(30, 1)])],
    ["as the clients' polls fell into the window", [times(9, 10), times(8, 11), [2], []]],
    ["more than ever had the same number of digits", times(3, [7, 70, 700, 7_000])],
  ])("is exact, from whichever number on, where answers brought %s", (_how, perClient) => {
    for (const first of [1, 9, 10, 98, 999, 99_999]) {
      expect(expectedPollBytes(theory, place, kept(perClient, first))).toEqual(
        oneByOne(perClient, first),
      );
    }
  });

  it("is looked up for each kind of answer, and not for each of them", () => {
    let calls = 0;
    const counting: Theory = {
      ...theory,
      down(delivery) {
        calls += 1;
        return theory.down(delivery);
      },
    };
    expectedPollBytes(counting, place, kept(times(3, times(25_000, 1)), 1));
    expect(calls).toBeLessThan(20);
  });
});
