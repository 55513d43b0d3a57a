import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { Envelope } from "../payloads/envelope.ts";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { Outbox } from "./outbox.ts";
import { Recorder } from "./recorder.ts";
import { ReturningSubscriber } from "./returning-subscriber.ts";

const envelope = new Envelope(64, 7);
let recorder: Recorder;
let client: ReturningSubscriber;

beforeAll(() => initWebAssemblySync());

beforeEach(() => {
  recorder = new Recorder(new Envelope(64, 7), 0);
  client = new ReturningSubscriber(recorder, 1);
});

afterEach(() => recorder[Symbol.dispose]());

describe("a client that is told of a gap", () => {
  test("knows how many messages are in it, or learns that by the next one", () => {
    client.message(envelope.write(1, 0, 0));
    client.gap(2);
    client.message(envelope.write(4, 0, 0));
    client.gap(Number.POSITIVE_INFINITY);
    client.message(envelope.write(4, 0, 0));
    client.message(envelope.write(9, 0, 0));
    client.gap(Number.POSITIVE_INFINITY);
    client.message(envelope.write(10, 0, 0));
    expect(client.gaps).toEqual([
      { fromSequence: 2, messages: 2 },
      { fromSequence: 5, messages: 4 },
    ]);
  });
});

test("a client is away while it asks for messages again, and not while it only sends others", () => {
  const askedAgain = vi.fn<() => void>();
  client.askedAgain = askedAgain;
  client.reconnected(false, true);
  expect(askedAgain).not.toHaveBeenCalled();
  client.reconnected(true);
  expect(askedAgain).toHaveBeenCalledOnce();
  expect(recorder).toMatchObject({ reconnected: 2, retried: 1 });
});

describe("a client that keeps what it sends", () => {
  test("takes what comes back for acknowledged, once or twice, and garbage for nothing", () => {
    client.outbox = new Outbox();
    const acknowledge = vi.spyOn(client.outbox, "acknowledge");
    client.message(envelope.write(1, 0, 0));
    client.message(envelope.write(3, 0, 0));
    client.message(envelope.write(1, 0, 0));
    client.message(Buffer.alloc(64));
    expect(acknowledge.mock.calls.map(([sequence]) => sequence)).toEqual([1, 3, 1]);
  });
});
