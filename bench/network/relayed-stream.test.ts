import { setImmediate } from "node:timers/promises";
import { PassThrough, Writable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { Carriage } from "../../scenarios/scenario.ts";
import { RelayedDirection } from "./relayed-direction.ts";
import { RelayedStream } from "./relayed-stream.ts";

/** A stream that is relayed, and what is written at its other end. */
function relayed(carriage: Partial<Carriage> = {}) {
  const direction = new RelayedDirection(null, 1);
  direction.carry(carriage);
  const from = new PassThrough();
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  let isReading = true;
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      if (isReading) done();
      else waiting.push(done);
    },
  });
  const stream = new RelayedStream(from, to, direction, () => 0.5);
  return {
    direction,
    from,
    to,
    written,
    stream,
    /** Leaves what is written from here on unread. */
    stopReading: () => void (isReading = false),
    change: (changes: Partial<Carriage>) => {
      direction.carry(changes);
      stream.changed();
    },
  };
}

/** What can happen without waiting has happened. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
}

describe("a relayed stream", () => {
  test("passes pieces on as they come", async () => {
    const { from, written, direction } = relayed();
    from.write("one");
    await settled();
    from.write("two");
    await settled();
    expect(written).toEqual(["one", "two"]);
    expect(direction.bytes).toBe(6);
  });

  test("cuts what is longer than a slice", async () => {
    const { from, written } = relayed({ sliceBytes: 4 });
    from.write("0123456789");
    await settled();
    expect(written).toEqual(["0123", "4567", "89"]);
  });

  test("holds everything in a stall, and forwards it all in order afterwards", async () => {
    const { from, written, change } = relayed();
    change({ isStalled: true });
    from.write("one");
    await settled();
    from.write("two");
    await settled();
    expect(written).toEqual([]);
    change({ isStalled: false });
    await settled();
    expect(written).toEqual(["one", "two"]);
  });

  test("holds bytes back until there are enough, and then sends them as one", async () => {
    const { from, written } = relayed({ hold: { bytes: 6, forMs: 60_000 } });
    from.write("one");
    await settled();
    expect(written).toEqual([]);
    from.write("two");
    await settled();
    expect(written).toEqual(["onetwo"]);
  });

  test("releases what it holds back when nothing is to be held back any more, or the stream ends", async () => {
    const held = relayed({ hold: { bytes: 6, forMs: 60_000 } });
    held.from.write("one");
    await settled();
    held.change({ hold: null });
    await settled();
    expect(held.written).toEqual(["one"]);

    const ended = relayed({ hold: { bytes: 6, forMs: 60_000 } });
    ended.from.end("one");
    await settled();
    expect(ended.written).toEqual(["one"]);
    expect(ended.to.writableFinished).toBe(true);
  });

  test("reads no more than it may hold while nobody takes what it forwards", async () => {
    const { from, stopReading } = relayed();
    stopReading();
    const chunk = Buffer.alloc(65_536);
    let taken = 0;
    while (from.write(chunk)) taken += 1;
    for (let more = 0; more < 100; more += 1) {
      await settled();
      if (from.writableNeedDrain) break;
      from.write(chunk);
      taken += 1;
    }
    expect(from.isPaused()).toBe(true);
    expect(taken).toBeLessThan(10);
  });

  test("goes on reading once that is taken", async () => {
    const { from, written, change } = relayed({ isStalled: true });
    for (let chunk = 0; chunk < 40; chunk += 1) from.write(Buffer.alloc(65_536));
    await settled();
    expect(from.isPaused()).toBe(true);
    change({ isStalled: false });
    for (let rest = 0; rest < 40; rest += 1) await settled();
    expect(written).toHaveLength(40);
  });

  test("forwards what is under way before an end that the relay makes, and nothing that comes behind it", async () => {
    const { from, to, written, stream, change } = relayed({ isStalled: true });
    from.write("before");
    await settled();
    stream.finish();
    from.write("behind");
    await settled();
    expect(to.writableEnded).toBe(false);
    change({ isStalled: false });
    await settled();
    expect(written).toEqual(["before"]);
    expect(to.writableFinished).toBe(true);
  });
});
