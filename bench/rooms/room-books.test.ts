import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Recorder } from "../measure/recorder.ts";
import { Envelope } from "../payloads/envelope.ts";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { RoomBooks } from "./room-books.ts";
import type { RoomQuestion } from "./room-books.ts";
import { roomsOfMessages } from "./room-order.ts";
import type { RoomSubscriber } from "./room-subscriber.ts";

const clock = { ns: 0 };
const epochNs = 1e15;
const secondNs = 1e9;
const envelope = new Envelope(64, 7);

/** Rooms 0 and 1, of two clients each. */
const plan = { rooms: [{ clients: 2, count: 2 }] };

let recorder: Recorder;
let books: RoomBooks;

beforeAll(() => initWebAssemblySync());

beforeEach(() => {
  vi.spyOn(process.hrtime, "bigint").mockImplementation(() => BigInt(clock.ns));
  clock.ns = epochNs;
  recorder = new Recorder(new Envelope(64, 7), epochNs);
  recorder.begin(1, epochNs);
  books = new RoomBooks(plan, recorder, new Envelope(64, 7), (client) => client % 2);
});

afterEach(() => {
  recorder[Symbol.dispose]();
  vi.restoreAllMocks();
});

const never = (): void => {
  throw new Error("failed");
};

function joined(client: number, cursor = 0): RoomSubscriber {
  const subscriber = books.subscriber(client, never);
  books.joined(subscriber, cursor);
  return subscriber;
}

/** Each is due at its number in seconds, and received 5 ms later. */
function receive(client: RoomSubscriber, ...sequences: number[]): void {
  for (const sequence of sequences) {
    const dueNs = sequence * secondNs;
    clock.ns = epochNs + dueNs + 5e6;
    client.message(envelope.write(sequence, dueNs, dueNs));
  }
}

/** What was sent to room 0 and 1, if messages went there in turns, so many in all, one each half second. */
function question(messages: number, before = [0, 0]): RoomQuestion {
  const carried = before.map((number) => number + messages / 2);
  const startNs = epochNs + secondNs / 2;
  const untilNs = startNs + (messages * secondNs) / 2;
  return { carried, sent: [{ plan, seed: 1, before, messages, startNs, untilNs }] };
}

describe("the books of clients in rooms", () => {
  it("expect of each client all that its room has carried, and tell latency by server", () => {
    const [one, other] = [joined(0), joined(1)];
    receive(one, 1, 2);
    receive(other, 1);
    const { expected, latencies, inFlight } = books.report(question(4));
    expect(expected).toEqual([4]);
    expect(recorder.recorded()).toMatchObject({ delivered: 3, duplicated: 0, reordered: 0 });
    expect(latencies).toMatchObject([
      { size: 0, isAtFirstServer: true, isAtSpeakers: true, delivery: { count: 2 } },
      { size: 0, isAtFirstServer: false, isAtSpeakers: false, delivery: { count: 1 } },
    ]);
    expect(latencies[0]?.delivery.maxNs).toBeGreaterThanOrEqual(5e6);
    expect(inFlight).toBe(0);
  });

  it("begin, for a client that joins, behind the number at which it found the room", () => {
    books.begin([10, 10]);
    const client = joined(0, 12);
    receive(client, 13);
    expect(books.report(question(6, [10, 10])).expected).toEqual([1]);
    expect(recorder.recorded().delivered).toBe(1);
  });

  it("begin with a message that comes before the word that its client is subscribed", () => {
    const client = books.subscriber(0, never);
    receive(client, 4, 5);
    // The number is that of the message that came last.
    books.joined(client, 5);
    expect(books.report(question(10)).expected).toEqual([2]);
    expect(recorder.recorded()).toMatchObject({ delivered: 2, duplicated: 0 });
  });

  it("don't count a message of an earlier phase that comes late", () => {
    const client = joined(0);
    receive(client, 1);
    recorder.begin(1, epochNs);
    books.begin([3, 3]);
    receive(client, 2, 3, 4);
    expect(recorder.recorded().delivered).toBe(1);
    expect(books.report(question(2, [3, 3])).expected).toEqual([1]);
  });

  it("end when a client leaves: what was under way then is told apart, and what comes later doesn't count", () => {
    const client = joined(0);
    receive(client, 1);
    clock.ns = epochNs + 2.6 * secondNs;
    books.leave(client);
    receive(client, 2);
    const { expected, inFlight } = books.report(question(8));
    expect(expected).toEqual([1]);
    expect(inFlight).toBe(1);
    expect(recorder.recorded().delivered).toBe(1);
  });

  it("call lost what was due long before a client left and hasn't come", () => {
    const client = joined(0);
    receive(client, 1);
    clock.ns = epochNs + 5.1 * secondNs;
    books.leave(client);
    const { expected, inFlight } = books.report(question(12));
    expect(expected[0]).toBe(3);
    expect(inFlight).toBe(2);
  });

  it("call lost what is missing before a message that has come", () => {
    const client = joined(0);
    receive(client, 1, 4);
    books.leave(client);
    expect(books.report(question(12)).expected).toEqual([4]);
    expect(recorder.recorded().delivered).toBe(2);
  });

  it("tell of each delivery what became of it while the broker was away", () => {
    const client = joined(0);
    receive(client, 1, 4, 7);
    const at = (seconds: number): number => epochNs + seconds * secondNs;
    // Messages to the room are due each second, from this one on.
    const first = roomsOfMessages(plan, 1, 1)[0] === 0 ? 0.5 : 1;
    const asked = {
      ...question(16),
      outage: { fromNs: at(first + 1.5), untilNs: at(first + 5.2) },
    };
    // Number 2 is lost before it, 3, 5 and 6 in it, 8 after it; 4 was due in it, and came.
    const noneOnBus = { unsent: 0, untaken: 0 };
    expect(books.outageFates(asked, () => null)).toEqual({
      ...noneOnBus,
      inFlight: 1,
      missed: 3,
      replayed: 1,
      unaccounted: 1,
    });
    expect(books.report(asked).expected).toEqual([8]);
    expect(books.outageFates(question(16), () => null)).toBe(null);
    // Its server couldn't be sent number 3, and didn't take 5 and 4, which came all the same.
    const onBus = books.outageFates(asked, (server, channel, number) => {
      if (server !== 0 || channel !== "room-0") return null;
      return number === 3 ? "unsent" : number === 4 || number === 5 ? "untaken" : null;
    });
    expect(onBus).toEqual({
      unsent: 1,
      untaken: 1,
      inFlight: 1,
      missed: 1,
      replayed: 1,
      unaccounted: 1,
    });
  });

  it("tell how soon a client that changes its room is subscribed, and has a message", () => {
    const client = joined(1);
    clock.ns = epochNs + secondNs;
    books.leave(client);
    const joiner = books.joiner(1, 1, clock.ns, never);
    clock.ns += 3e6;
    books.joined(joiner, 1);
    receive(joiner, 2);
    const { joins, expected } = books.report(question(4));
    expect(joins).toMatchObject({ count: 1, untilSubscribed: { count: 1 } });
    expect(joins?.untilSubscribed.maxNs).toBeGreaterThanOrEqual(3e6);
    expect(joins?.untilReceiving.maxNs).toBeGreaterThanOrEqual(1.005e9);
    expect(expected).toEqual([1]);
  });
});
