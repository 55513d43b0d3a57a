import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { MessageLog } from "./message-log.ts";
import type { LogLimits, Missed } from "./message-log.ts";

const roomy = { messages: 1_000, bytes: 1_000_000 };

function logOf(limits: LogLimits, ...entries: string[]): MessageLog {
  const log = new MessageLog(limits);
  for (const entry of entries) log.append(Buffer.from(entry));
  return log;
}

function textsAfter(log: MessageLog, number: number): { cursor: number; texts: string[] } {
  const { cursor, entries } = log.after(number);
  return { cursor, texts: entries.map(String) };
}

/** The same by the book: everything is kept, and what is left is worked out when asked for. */
class NaiveLog {
  readonly #limits: LogLimits;
  readonly #all: Buffer[] = [];

  constructor(limits: LogLimits) {
    this.#limits = limits;
  }

  append(entry: Buffer): void {
    this.#all.push(entry);
  }

  after(number: number): { cursor: number; entries: Buffer[] } {
    let first = this.#all.length;
    let bytes = 0;
    while (first > 0) {
      const kept = this.#all.length - first;
      bytes += this.#all[first - 1]?.length ?? 0;
      if (kept > 0 && (kept + 1 > this.#limits.messages || bytes > this.#limits.bytes)) break;
      first -= 1;
    }
    const cursor = Math.max(number, first);
    return { cursor, entries: this.#all.slice(cursor) };
  }
}

function asText({ cursor, entries }: Missed): string {
  return `${cursor}|${Buffer.concat(entries).toString("latin1")}`;
}

/** A linear congruential generator: the same numbers in every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe("a message log", () => {
  it("is at number 0 and has nothing before the first message", () => {
    const log = new MessageLog(roomy);
    expect(log.newest).toBe(0);
    expect(log.after(0)).toEqual({ cursor: 0, entries: [] });
  });

  it("gives what comes after a number, and nothing after the newest", () => {
    const log = logOf(roomy, "one", "two", "three");
    expect(log.newest).toBe(3);
    expect(textsAfter(log, 1)).toEqual({ cursor: 1, texts: ["two", "three"] });
    expect(textsAfter(log, 3)).toEqual({ cursor: 3, texts: [] });
  });

  it("keeps no more messages than allowed, and tells the gap by a higher number", () => {
    const log = logOf({ messages: 2, bytes: 1_000 }, "one", "two", "three", "four");
    expect(textsAfter(log, 0)).toEqual({ cursor: 2, texts: ["three", "four"] });
    expect(textsAfter(log, 2)).toEqual({ cursor: 2, texts: ["three", "four"] });
  });

  it("keeps exactly as many bytes as allowed", () => {
    expect(textsAfter(logOf({ messages: 9, bytes: 8 }, "aaaa", "bbb", "c"), 0).texts).toEqual([
      "aaaa",
      "bbb",
      "c",
    ]);
    expect(textsAfter(logOf({ messages: 9, bytes: 7 }, "aaaa", "bbb", "c"), 0)).toEqual({
      cursor: 1,
      texts: ["bbb", "c"],
    });
  });

  it("keeps the newest message however large it is, and that alone", () => {
    const log = logOf({ messages: 9, bytes: 4 }, "a", "bb", "too large");
    expect(textsAfter(log, 0)).toEqual({ cursor: 2, texts: ["too large"] });
  });

  it("begins after a number, when it is told to", () => {
    const log = new MessageLog(roomy, 7);
    expect(log).toMatchObject({ newest: 7, oldest: 8, isUntouched: true });
    expect(log.after(3)).toEqual({ cursor: 7, entries: [] });
    log.append(Buffer.from("eight"));
    expect(log).toMatchObject({ newest: 8, oldest: 8, isUntouched: false });
    expect(textsAfter(log, 3)).toEqual({ cursor: 7, texts: ["eight"] });
  });

  it("has each message by its number, as long as it keeps it", () => {
    const log = logOf({ messages: 2, bytes: 1_000 }, "one", "two", "three");
    expect([0, 1, 2, 3, 4].map((number) => log.entry(number)?.toString())).toEqual([
      undefined,
      undefined,
      "two",
      "three",
      undefined,
    ]);
    expect([log.resume(0), log.resume(1), log.resume(3)]).toEqual([1, 1, 3]);
  });

  it("can be cut to what it may weigh, up to nothing, and tells the gap", () => {
    const log = logOf(roomy, "x".repeat(900), "y".repeat(900), "z".repeat(900));
    const { weight } = log;
    log.cut(weight);
    expect(log.oldest).toBe(1);
    log.cut(weight - 1);
    expect(log.oldest).toBe(2);
    log.cut(0);
    expect(log).toMatchObject({ newest: 3, oldest: 4, weight: 0 });
    expect(log.after(1)).toEqual({ cursor: 3, entries: [] });
    log.append(Buffer.from("four"));
    expect(textsAfter(log, 3)).toEqual({ cursor: 3, texts: ["four"] });
  });

  it.each([1, 2, 3, 4])("agrees with the naive log in 2 000 random steps, seed %d", (seed) => {
    const random = seeded(seed);
    // Large enough for the log to be cut in bulk, over and over.
    const limits = { messages: 1 + random(400), bytes: 200 + random(20_000) };
    const log = new MessageLog(limits);
    const naive = new NaiveLog(limits);
    for (let step = 1; step <= 2_000; step += 1) {
      const entry = Buffer.from(`${step}:`.padEnd(random(120), "x"));
      log.append(entry);
      naive.append(entry);
      const number = random(log.newest + 1);
      expect(asText(log.after(number))).toBe(asText(naive.after(number)));
    }
    expect(log.newest).toBe(2_000);
  });

  it("keeps small messages apart from the blocks that Node cuts them from", () => {
    const log = logOf(roomy, "small");
    expect(Buffer.from("small").buffer.byteLength).toBe(Buffer.poolSize);
    expect(log.entry(1)?.buffer.byteLength).toBe("small".length);
  });

  it("lets go of the memory of what it has dropped at once", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: unknown = runInNewContext("gc");
    if (typeof collectGarbage !== "function") throw new Error("garbage can't be collected");
    const log = new MessageLog({ messages: 1, bytes: 1_000 });
    const appended = (): WeakRef<Buffer> => {
      const entry = Buffer.alloc(100_000);
      log.append(entry);
      return new WeakRef(entry);
    };
    const dropped = appended();
    log.append(Buffer.from("newer"));
    // A weak reference holds until the end of the turn in which it was made.
    await new Promise(setImmediate);
    collectGarbage();
    expect(dropped.deref()).toBeUndefined();
    expect(log.newest).toBe(2);
  });
});
