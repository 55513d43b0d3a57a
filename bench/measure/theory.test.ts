import { describe, expect, it } from "vitest";
import { transports } from "../../transports/index.ts";
import type { BoundTheory } from "../../transports/transport.ts";
import { expectedBytes } from "./theory.ts";
import type { Traffic } from "./theory.ts";

function theoryOf(name: string): BoundTheory {
  const transport = transports.find((candidate) => candidate.name === name);
  const theory = transport?.configure("default", {}).theory;
  if (!theory) throw new Error(`${name} has no theory`);
  return theory;
}

const traffic: Traffic = {
  payloadBytes: 100,
  clients: 3,
  firstNumber: 1,
  messages: 10,
  polls: null,
  channel: "all",
  authority: "127.0.0.1:40000",
};

/** What clients cost whose answers hold these many messages in turn, added up one by one. */
function oneByOne(theory: BoundTheory, perClient: readonly (readonly number[])[]) {
  let down = 0;
  let up = 0;
  for (const batches of perClient) {
    let number = traffic.firstNumber - 1;
    for (const messages of batches) {
      number += messages;
      const bytes = theory.down({ ...traffic, messages, number });
      down += bytes.down;
      up += bytes.up;
    }
  }
  return { down, up };
}

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe("what a phase must cost where messages are pushed", () => {
  it("is the same for every message and client of a WebSocket, to the byte", () => {
    const expected = expectedBytes(theoryOf("websocket"), traffic);
    expect(expected).toEqual({ down: 3 * 10 * (100 + 2), up: 0, tolerance: { down: 0, up: 0 } });
  });

  it("grows with the digits of an event's number", () => {
    // 8 bytes of the event and 5 of its id, in a chunk of 4 and 2 digits: 119 and the number's own.
    const between = { ...traffic, firstNumber: 98, messages: 4 };
    expect(expectedBytes(theoryOf("sse"), between)).toMatchObject({
      down: 3 * (2 * (119 + 2) + 2 * (119 + 3)),
      tolerance: { down: 0 },
    });
  });

  it("is nothing when nothing was sent", () => {
    const nothing = { down: 0, up: 0, tolerance: { down: 0, up: 0 } };
    expect(expectedBytes(theoryOf("tcp"), { ...traffic, messages: 0 })).toEqual(nothing);
  });
});

describe("what a phase must cost where messages are polled for", () => {
  const theory = theoryOf("long-polling");

  it("is nothing when no poll found anything", () => {
    const none = { ...traffic, messages: 0, polls: { answers: 0, held: false } };
    const nothing = { down: 0, up: 0, tolerance: { down: 0, up: 0 } };
    expect(expectedBytes(theory, none)).toEqual(nothing);
  });

  it("is exact where every answer brought one message", () => {
    const singles = { ...traffic, messages: 1_200, polls: { answers: 3_600, held: true } };
    const { down, up } = oneByOne(theory, times(3, times(1_200, 1)));
    expect(expectedBytes(theory, singles)).toMatchObject({ down, up });
  });

  it("is exact where every answer brought equally many", () => {
    const fives = { ...traffic, messages: 20, polls: { answers: 12, held: false } };
    const { down, up } = oneByOne(theory, times(3, times(4, 5)));
    expect(expectedBytes(theory, fives)).toMatchObject({ down, up });
  });

  it.each([
    ["mostly one, now and then several", [times(90, 1), times(30, 3), [...times(60, 1), 30]]],
    ["many at first, then one", times(3, [60, ...times(30, 1)])],
    ["one at first, then many", times(3, [...times(30, 1), 60])],
    ["as the clients' polls fell into the window", [times(9, 10), times(9, 10), times(8, 11), [2]]],
    ["two and three in turn", times(3, times(18, [2, 3]).flat())],
  ])("is within its tolerance where answers brought %s", (_how, perClient) => {
    const clients = perClient.length;
    const all = perClient.flat();
    const messages = all.reduce((sum, batch) => sum + batch, 0) / clients;
    const expected = expectedBytes(theory, {
      ...traffic,
      clients,
      messages,
      polls: { answers: all.length, held: true },
    });
    const { down, up } = oneByOne(theory, perClient);
    // What is left for the digits alone: without what the edges of a window may add.
    const head = theory.down({ ...traffic, messages: 0, number: Math.ceil(messages) }).down;
    expect(Math.abs(down - expected.down)).toBeLessThan(expected.tolerance.down - clients * head);
    expect(Math.abs(up - expected.up)).toBeLessThan(expected.tolerance.up);
  });

  it("allows for the polls of every client that had not come again when the window closed", () => {
    const all = { ...traffic, messages: 500, polls: { answers: 1_500, held: true } };
    const { down } = expectedBytes(theory, all);
    const fewer = expectedBytes(theory, { ...all, polls: { answers: 1_497, held: true } });
    expect(Math.abs(down - fewer.down)).toBeLessThanOrEqual(fewer.tolerance.down);
  });

  it("allows for the first poll of every client to ask for a number with a digit less", () => {
    const grid = { ...traffic, firstNumber: 13, messages: 30, polls: { answers: 60, held: false } };
    const { up, tolerance } = expectedBytes(theory, grid);
    // As if the first of every client's polls had asked for what came after 9, and not after 12.
    const measured = up - grid.clients * ("12".length - "9".length);
    expect(Math.abs(measured - up)).toBeLessThanOrEqual(tolerance.up);
  });

  it("allows for an answer to every client under way where polls come on a grid", () => {
    const grid = { ...traffic, messages: 500, polls: { answers: 150, held: false } };
    const { down, tolerance } = expectedBytes(theory, grid);
    const more = expectedBytes(theory, { ...grid, messages: 509 });
    expect(Math.abs(more.down - down)).toBeLessThanOrEqual(tolerance.down);
  });

  it("does not allow for another byte in every message that is pushed or fetched by a held poll", () => {
    const longer: BoundTheory = {
      ...theory,
      down(delivery) {
        const { down, up } = theory.down(delivery);
        return { down: down + delivery.messages, up };
      },
    };
    const singles = { ...traffic, messages: 1_000, polls: { answers: 3_000, held: true } };
    const { down, tolerance } = expectedBytes(theory, singles);
    const wrong = expectedBytes(longer, singles);
    expect(Math.abs(wrong.down - down)).toBeGreaterThan(tolerance.down);
  });

  it("stays near the sum of all polls when there are too many to look at each", () => {
    const many = { ...traffic, messages: 25_000, polls: { answers: 75_000, held: true } };
    let calls = 0;
    const counting: BoundTheory = {
      ...theory,
      down(delivery) {
        calls += 1;
        return theory.down(delivery);
      },
    };
    const expected = expectedBytes(counting, many);
    expect(calls).toBeLessThan(25_000);
    const { down, up } = oneByOne(theory, times(3, times(25_000, 1)));
    expect(Math.abs(down - expected.down)).toBeLessThanOrEqual(expected.tolerance.down);
    expect(Math.abs(up - expected.up)).toBeLessThanOrEqual(expected.tolerance.up);
  });
});
