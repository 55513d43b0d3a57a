import { describe, expect, it } from "vitest";
import { joinedBooks, untakenOf } from "./bus-books.ts";
import type { BusBooks } from "./bus-books.ts";
import { fatesOnBus, lostOnBus } from "./lost-on-bus.ts";
import type { Receiver } from "./lost-on-bus.ts";
import { NumberRanges } from "./number-ranges.ts";
import type { NumberRange } from "./number-ranges.ts";

const publisher = 7;

const booksOf = (ranges: readonly NumberRange[], more: Partial<BusBooks> = {}): BusBooks => ({
  published: [],
  taken: [{ publisher, ranges }],
  ...more,
});

/** Published 11 to 20, and couldn't hand over 14. */
const published = [{ publisher, numbers: [11, 20], unsent: [[14, 14]] }] as const;

describe("the books of servers on a bus", () => {
  it("tell of each message which servers haven't taken it, and whether it was sent", () => {
    const first = booksOf(
      [
        [11, 13],
        [15, 20],
      ],
      { published },
    );
    const second = booksOf([
      [8, 12],
      [15, 18],
    ]);
    expect(untakenOf([first, second], true)).toEqual([
      { publishedBy: 0, publisher, number: 14, isUnsent: true, servers: [0, 1] },
      { publishedBy: 0, publisher, number: 13, isUnsent: false, servers: [1] },
      { publishedBy: 0, publisher, number: 19, isUnsent: false, servers: [1] },
      { publishedBy: 0, publisher, number: 20, isUnsent: false, servers: [1] },
    ]);
  });

  it("expect nothing of the one that publishes where the bus doesn't bring it its own", () => {
    const first = booksOf([], { published });
    expect(untakenOf([first, booksOf([[11, 20]])], false)).toEqual([]);
    expect(untakenOf([first, booksOf([[11, 19]])], false)).toMatchObject([{ number: 20 }]);
  });

  it("count together what a server and the one that took its place have taken", () => {
    const second = joinedBooks([booksOf([[11, 14]]), booksOf([[16, 20]])]);
    const first = booksOf([[11, 20]], { published });
    expect(untakenOf([first, second], true)).toMatchObject([{ number: 15, servers: [1] }]);
  });

  it("expect nothing of others' of a server that was told what it had missed", () => {
    const second = joinedBooks([booksOf([[11, 14]]), booksOf([[16, 20]], { wasTold: true })]);
    expect(untakenOf([booksOf([[11, 20]], { published }), second], false)).toEqual([]);
  });

  it("are empty where nothing was published", () => {
    const idle = [{ publisher, numbers: [21, 20], unsent: [] }] as const;
    expect(untakenOf([booksOf([], { published: idle }), booksOf([])], true)).toEqual([]);
  });

  it("keep numbers without gaps as one range", () => {
    const ranges = new NumberRanges();
    for (const number of [3, 4, 5, 9, 10, 12]) ranges.add(number);
    expect(ranges.all).toEqual([
      [3, 5],
      [9, 10],
      [12, 12],
    ]);
  });
});

describe("deliveries that are lost on the bus", () => {
  const losses = [
    { channel: "all", sequence: 4, isUnsent: true, servers: [0, 1] },
    { channel: "all", sequence: 5, isUnsent: false, servers: [1] },
    { channel: "other", sequence: 5, isUnsent: false, servers: [0, 1] },
  ];
  const question = { servers: 2, losses };
  const receiver = (server: number, channel: string, ...missing: number[]): Receiver => ({
    server,
    channel,
    misses: (sequence) => missing.includes(sequence),
  });

  it("are those that clients of the servers miss which haven't taken the message", () => {
    const clients = [
      receiver(0, "all", 4, 5),
      receiver(1, "all", 4, 5),
      // It has come back with number 4 from elsewhere, and lost 6 otherwise.
      receiver(1, "all", 5, 6),
      receiver(0, "other", 5),
      receiver(0, "third", 4),
    ];
    expect(lostOnBus(question, clients)).toEqual({ unsent: 2, untaken: 3 });
  });

  it("are told one by one, too", () => {
    const fateOf = fatesOnBus(question);
    expect(fateOf(0, "all", 4)).toBe("unsent");
    expect(fateOf(0, "all", 5)).toBe(null);
    expect(fateOf(1, "all", 5)).toBe("untaken");
    expect(fateOf(1, "third", 5)).toBe(null);
  });
});
