import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { Subscriptions } from "./subscriptions.ts";
import type { SlowPolicy } from "./slow-policy.ts";

/** A client that takes what it is written only when it reads: one message at a time, behind a buffer of two. */
class Reader extends Writable {
  readonly received: string[] = [];
  isReading = false;
  #take: (() => void) | null = null;

  constructor() {
    super({ highWaterMark: 2 * messageBytes });
    this.on("error", () => {});
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#take = () => {
      this.#take = null;
      this.received.push(chunk.toString());
      done();
    };
    if (this.isReading) setImmediate(() => this.#take?.());
  }

  /** Reads everything that waits for it. */
  async readOn(): Promise<void> {
    this.isReading = true;
    this.#take?.();
    while (this.writableLength > 0) await new Promise(setImmediate);
  }
}

const messageBytes = 3;
const all = ["001", "002", "003", "004", "005", "006", "007", "008", "009", "010"];

function served(options: Partial<SlowPolicy> & { logBytes?: number }) {
  const subscriptions = new Subscriptions(
    { numbersAfter: 0 },
    { logMessages: 1_000, logBytes: 1_000_000, slowBytes: 1_000_000, ...options },
    (payload) => payload,
  );
  const reader = new Reader();
  const gaps: number[] = [];
  const { leave } = subscriptions.add("all", null, {
    stream: reader,
    greet: () => {},
    skipped: (cursor) => void gaps.push(cursor),
  });
  reader.once("close", leave);
  return {
    reader,
    gaps,
    publish: (messages: readonly string[]) => {
      for (const message of messages) subscriptions.publish("all", Buffer.from(message));
    },
    room: () => subscriptions.room("all"),
    [Symbol.dispose]: () => subscriptions[Symbol.dispose](),
  };
}

/** Five messages. */
const slowBytes = 5 * messageBytes;

describe("a client that doesn't read", () => {
  it("gets everything once it reads, as long as the log has it", async () => {
    using server = served({ slow: "close" });
    server.publish(all);
    expect(server.reader.destroyed).toBe(false);
    await server.reader.readOn();
    expect(server.reader.received).toEqual(all);
  });

  it("is cut off by `close` when more than the bound is unread", () => {
    using server = served({ slow: "close", slowBytes });
    server.publish(all.slice(0, 5));
    expect(server.reader.destroyed).toBe(false);
    server.publish(all.slice(5, 6));
    expect(server.reader.destroyed).toBe(true);
  });

  it("misses with `drop` the oldest beyond the bound, and is told so in their place", async () => {
    using server = served({ slow: "drop", slowBytes });
    server.publish(all);
    await server.reader.readOn();
    // Two were on the stream already.
    expect(server.reader.received).toEqual([...all.slice(0, 2), ...all.slice(7)]);
    expect(server.gaps).toEqual([7]);
  });

  it("isn't cut off by `drop` where the log is the bound", async () => {
    using server = served({ slow: "drop", logBytes: 3 * messageBytes });
    server.publish(all);
    await server.reader.readOn();
    expect(server.reader.received).toEqual([...all.slice(0, 2), ...all.slice(7)]);
    expect(server.gaps).toEqual([7]);
  });

  it("has `block` wait until it has read again", async () => {
    using server = served({ slow: "block", slowBytes });
    server.publish(all.slice(0, 5));
    expect(server.room()).toBe(null);
    server.publish(all.slice(5, 6));
    const room = server.room();
    expect(room).not.toBe(null);
    await Promise.all([server.reader.readOn(), room]);
    expect(server.room()).toBe(null);
    expect(server.reader.received).toEqual(all.slice(0, 6));
  });

  it("isn't waited for by `block` when it has gone", async () => {
    using server = served({ slow: "block", slowBytes });
    server.publish(all);
    const room = server.room();
    expect(room).not.toBe(null);
    server.reader.destroy();
    await room;
  });

  it("has `block` wait before the log moves on, whatever the bound", () => {
    using server = served({ slow: "block", logBytes: slowBytes });
    server.publish(all.slice(0, 4));
    expect(server.room()).not.toBe(null);
    expect(server.reader.destroyed).toBe(false);
  });

  it("has everything kept for it by `buffer`, also what the log has lost", async () => {
    using server = served({ slow: "buffer", logBytes: messageBytes });
    server.publish(all);
    expect(server.reader.writableLength).toBe(all.length * messageBytes);
    await server.reader.readOn();
    expect(server.reader.received).toEqual(all);
  });
});
