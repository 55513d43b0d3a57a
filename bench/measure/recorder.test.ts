import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { percentileNs } from "../results/percentile.ts";
import { Envelope } from "../payloads/envelope.ts";
import { Absence } from "./absence.ts";
import { Recorder, Subscriber } from "./recorder.ts";
import { ReturningSubscriber } from "./returning-subscriber.ts";

const clock = { ns: 0 };

const epochNs = 1e15;
const envelope = new Envelope(64, 7);

let recorder: Recorder;
let alice: Subscriber;
let bob: Subscriber;

beforeAll(() => initWebAssemblySync());

beforeEach(() => {
  // Not the module: another test file may have loaded the recorder with it.
  vi.spyOn(process.hrtime, "bigint").mockImplementation(() => BigInt(clock.ns));
  recorder = new Recorder(new Envelope(64, 7), epochNs);
  alice = new Subscriber(recorder, 1);
  bob = new Subscriber(recorder, 1);
  recorder.begin(1, epochNs);
});

afterEach(() => {
  recorder[Symbol.dispose]();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Hands messages to a client, each due at its number in µs, sent 100 ns later and received 600 later. */
function receive(client: Subscriber, ...sequences: number[]): void {
  for (const sequence of sequences) {
    const dueNs = 1_000 * sequence;
    clock.ns = epochNs + dueNs + 700;
    client.message(envelope.write(sequence, dueNs, dueNs + 100));
  }
}

function counts(): object {
  const { delivered, duplicated, reordered, corrupted } = recorder.recorded();
  return { delivered, duplicated, reordered, corrupted };
}

const clean = { delivered: 0, duplicated: 0, reordered: 0, corrupted: 0 };

describe("a recorder", () => {
  it("measures from the due time and, apart from it, from the sending", () => {
    receive(alice, 1, 2, 3);
    const { delivery, transit } = recorder.recorded();
    expect(delivery).toMatchObject({ count: 3, minNs: 700, maxNs: 700, meanNs: 700 });
    expect(transit).toMatchObject({ count: 3, minNs: 600, maxNs: 600, meanNs: 600 });
  });

  it("reads text as it reads bytes", () => {
    clock.ns = epochNs + 900;
    alice.message(envelope.write(1, 400, 500).toString());
    expect(recorder.recorded().delivery).toMatchObject({ count: 1, minNs: 500, maxNs: 500 });
  });

  it.each([
    ["in order", [1, 2, 3, 4], { delivered: 4 }],
    ["with one lost", [1, 2, 4], { delivered: 3 }],
    ["with the first lost", [2, 3], { delivered: 2 }],
    ["one of them twice", [1, 2, 2, 3], { delivered: 3, duplicated: 1 }],
    ["an old one again", [1, 2, 3, 1], { delivered: 3, duplicated: 1 }],
    ["one of them late", [1, 3, 4, 2], { delivered: 4, reordered: 1 }],
    ["backwards", [4, 3, 2, 1], { delivered: 4, reordered: 3 }],
    ["one late and then again", [1, 3, 2, 2], { delivered: 3, reordered: 1, duplicated: 1 }],
    ["two losses that come after all", [1, 4, 3, 2, 5], { delivered: 5, reordered: 2 }],
  ])("counts messages that come %s", (_name, sequences, counted) => {
    receive(alice, ...sequences);
    expect(counts()).toEqual({ ...clean, ...counted });
  });

  it("keeps each client's state apart", () => {
    receive(alice, 1, 2, 3);
    receive(bob, 1, 3, 2);
    expect(counts()).toEqual({ ...clean, delivered: 6, reordered: 1 });
  });

  it("counts what is not a payload of this trial as corrupted, and measures nothing by it", () => {
    alice.message("hello");
    alice.message(Buffer.alloc(64));
    alice.message(new Envelope(64, 8).write(1, 0, 0));
    expect(counts()).toEqual({ ...clean, corrupted: 3 });
    expect(recorder.recorded().delivery.count).toBe(0);
    expect(recorder.arrived).toBe(0);
    receive(alice, 1);
    expect(counts()).toEqual({ ...clean, delivered: 1, corrupted: 3 });
  });

  it("is not led astray by a number that is far beyond all others", () => {
    receive(alice, 1, 0xf000_0001);
    receive(alice, 2);
    expect(recorder.recorded()).toMatchObject({ delivered: 2, corrupted: 1 });
  });

  it("takes no more for missing than it has memory for, in however many gaps", () => {
    receive(alice, 600_000);
    receive(alice, 1_100_000);
    expect(recorder.recorded()).toMatchObject({ delivered: 1, corrupted: 1 });
    receive(alice, 700_000);
    expect(recorder.recorded()).toMatchObject({ delivered: 2, corrupted: 1 });
  });

  it.each([
    ["garbage", (client: Subscriber) => client.message("hello")],
    ["a message that it has", (client: Subscriber) => receive(client, 1)],
  ])("ends a client that gets nothing but %s, and not before that is a flood", (_what, send) => {
    const ends: string[] = [];
    const carol = new Subscriber(recorder, 1, ({ message }) => ends.push(message));
    receive(carol, 1);
    for (let count = 0; count < 10_000; count += 1) send(carol);
    expect(ends).toEqual([]);
    // Where a second ends in between, it takes as many again.
    for (let count = 0; count < 11_000 && ends.length === 0; count += 1) send(carol);
    expect(ends).toEqual(["more than 10000 messages within a second that nobody had sent"]);
  });

  it("tells of each message when the last client had it", () => {
    receive(alice, 1, 3);
    // Bob has message 1 five microseconds after it was due, and message 3 never.
    clock.ns = epochNs + 1_000 + 5_000;
    bob.message(envelope.write(1, 1_000, 1_100));
    expect(recorder.recorded().lastClientNs).toEqual([5_000, null, 700]);
  });

  it("counts a message of an earlier phase as arrived, and nowhere else", () => {
    receive(alice, 1, 2);
    recorder.begin(4, epochNs);
    receive(alice, 3, 4);
    expect(counts()).toEqual({ ...clean, delivered: 1 });
    expect(recorder.recorded().lastClientNs).toEqual([700]);
    expect(recorder.arrived).toBe(4);
  });

  it("starts each phase with empty counts", () => {
    receive(alice, 1, 3, 2, 2);
    alice.message("hello");
    recorder.begin(4, epochNs);
    expect(recorder.recorded()).toMatchObject({ ...clean, lastClientNs: [] });
    expect(recorder.recorded().delivery).toMatchObject({ count: 0, minNs: null });
  });

  it("counts what a client had missed before it connected as neither lost nor late", () => {
    const late = new Subscriber(recorder, 5);
    receive(late, 5, 6);
    expect(counts()).toEqual({ ...clean, delivered: 2 });
    receive(late, 4);
    expect(counts()).toEqual({ ...clean, delivered: 2, duplicated: 1 });
  });

  it("counts a client that lost its connection, but not one that the harness ends", () => {
    alice.closed("reset");
    bob.ending = true;
    bob.closed("reset");
    expect(recorder.disconnected).toBe(1);
    expect([alice.open, bob.open]).toEqual([false, true]);
  });

  it("counts a client that needed a new connection, but not one whose poll fell due while it was ended", () => {
    alice.reconnected(true);
    bob.ending = true;
    bob.reconnected(true);
    expect([recorder.reconnected, recorder.retried]).toEqual([1, 1]);
  });

  it("gives percentiles of what was delivered", () => {
    for (let sequence = 1; sequence <= 1_000; sequence += 1) {
      clock.ns = epochNs + 5_000 + sequence;
      alice.message(envelope.write(sequence, 5_000, 5_000));
    }
    const { delivery } = recorder.recorded();
    expect([0.5, 0.9, 0.99].map((q) => percentileNs(delivery, q))).toEqual([500, 900, 990]);
  });

  describe("draining", () => {
    it("is over at once when everything is there", async () => {
      receive(alice, 1, 2);
      await recorder.drained(2, 1e9);
    });

    it("is over when the last delivery comes, and leaves no timer", async () => {
      vi.useFakeTimers();
      const drained = recorder.drained(3, 1e6);
      receive(alice, 1, 2);
      receive(bob, 1);
      await drained;
      expect(vi.getTimerCount()).toBe(0);
    });

    it("does not count duplicates or strays", async () => {
      vi.useFakeTimers();
      recorder.begin(2, epochNs);
      let over = false;
      const drained = recorder.drained(1, 1e6).then(() => (over = true));
      receive(alice, 1, 1);
      await Promise.resolve();
      expect(over).toBe(false);
      receive(alice, 2);
      await drained;
    });

    it.each([[0], [1], [2]])(
      "does not wait for what has come corrupted, %d of it before the waiting began",
      async (before) => {
        vi.useFakeTimers();
        for (let count = 0; count < before; count += 1) alice.message("hello");
        receive(alice, 1, 3);
        const drained = recorder.drained(4, 1e6);
        for (let count = before; count < 2; count += 1) alice.message("hello");
        await drained;
        expect(vi.getTimerCount()).toBe(0);
        expect(counts()).toEqual({ ...clean, delivered: 2, corrupted: 2 });
      },
    );

    it("ends after its time when something is lost", async () => {
      vi.useFakeTimers();
      receive(alice, 1);
      const drained = recorder.drained(3, 2_000);
      await vi.advanceTimersByTimeAsync(2_000);
      await drained;
      expect(counts()).toEqual({ ...clean, delivered: 1 });
    });

    it("ends soon when something is lost and everyone has what was sent last", async () => {
      vi.useFakeTimers();
      receive(alice, 1);
      const drained = recorder.drained(3, 2_000, () => alice.next > 3);
      await vi.advanceTimersByTimeAsync(1_000);
      receive(alice, 3);
      await vi.advanceTimersByTimeAsync(1_000);
      await drained;
      expect(counts()).toMatchObject({ delivered: 2 });
    });

    it("goes on for as long as deliveries keep coming", async () => {
      vi.useFakeTimers();
      const drained = recorder.drained(3, 2_000);
      for (const sequence of [1, 2, 3]) {
        await vi.advanceTimersByTimeAsync(1_999);
        receive(alice, sequence);
      }
      await drained;
      expect(counts()).toEqual({ ...clean, delivered: 3 });
    });

    it("ends some time also when strays never do", async () => {
      vi.useFakeTimers();
      let over = false;
      void recorder.drained(3, 2_000).then(() => (over = true));
      for (let second = 0; second < 90; second += 1) {
        receive(alice, 1);
        await vi.advanceTimersByTimeAsync(1_000);
      }
      expect(over).toBe(true);
    });
  });
});

describe("a client that comes back", () => {
  it("has its messages counted as replayed that were sent while it was away, once each", () => {
    const client = new ReturningSubscriber(recorder, 1);
    receive(client, 1, 2);
    const absence = new Absence(3, epochNs + 2_900, true);
    client.returned = absence;
    absence.backNs = epochNs + 5_050;
    receive(client, 3, 4, 5);
    receive(client, 3, 6, 7);
    expect(recorder.recorded()).toMatchObject({ delivered: 7, replayed: 2, duplicated: 1 });
    expect(absence.receivedNs).toBe(epochNs + 3_700);
    expect(client.returned).toBeNull();
  });

  it("isn't counted as gone for good, and hears of a gap in the server's log", () => {
    const client = new ReturningSubscriber(recorder, 1);
    let ends = 0;
    client.away = () => void (ends += 1);
    client.closed("reset");
    expect([ends, recorder.disconnected, client.open]).toEqual([1, 0, false]);
    client.returned = new Absence(3, epochNs, true);
    client.gap(4);
    expect(client.gaps).toEqual([{ fromSequence: client.next, messages: 4 }]);
  });
});
