import { beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../../transports/transport.ts";
import { Outbox } from "./outbox.ts";

let outbox: Outbox;
let sent: string[];
let connection: Connection;

beforeEach(() => {
  outbox = new Outbox();
  sent = [];
  connection = {
    cursor: 0,
    send: (payload) => sent.push(payload.toString()),
    [Symbol.asyncDispose]: async () => {},
  };
});

/** Sends messages while the client is there, or away. */
function send(isThere: boolean, ...sequences: number[]): void {
  for (const sequence of sequences) {
    outbox.send(sequence, Buffer.from(String(sequence)), isThere ? connection : null);
  }
}

describe("an outbox", () => {
  test("sends at once while its client is there, and nothing twice that has come back", () => {
    send(true, 1, 2);
    outbox.acknowledge(1, 0);
    outbox.acknowledge(2, 0);
    outbox.sendAll(connection, 10);
    expect(sent).toEqual(["1", "2"]);
    expect(outbox.tally()).toMatchObject({ sentAgain: 0, untilAcknowledged: [] });
  });

  test("sends what hasn't come back once more, in order, and then what was queued", () => {
    send(true, 1, 2, 3);
    outbox.acknowledge(2, 0);
    send(false, 4, 5);
    outbox.sendAll(connection, 10);
    send(true, 6);
    expect(sent.slice(3)).toEqual(["1", "3", "4", "5", "6"]);
    expect(outbox.tally()).toMatchObject({ mostKept: 5, sentAgain: 2 });
  });

  test("measures until all that it held at a return has come back, whatever was sent since", () => {
    send(false, 1, 2);
    outbox.sendAll(connection, 100);
    send(true, 3);
    outbox.acknowledge(1, 150);
    expect(outbox.tally()).toMatchObject({ untilAcknowledged: [], unacknowledged: 1 });
    outbox.acknowledge(2, 170);
    outbox.acknowledge(3, 190);
    expect(outbox.tally()).toMatchObject({ untilAcknowledged: [70], unacknowledged: 0 });
  });

  test("measures from the last return where several were needed", () => {
    send(false, 1);
    outbox.sendAll(connection, 100);
    outbox.sendAll(connection, 300);
    outbox.acknowledge(1, 350);
    expect(outbox.tally()).toMatchObject({ untilAcknowledged: [50], sentAgain: 1 });
  });

  test("tells each time what happened since the last", () => {
    send(false, 1, 2);
    outbox.acknowledge(1, 0);
    expect(outbox.tally().mostKept).toBe(2);
    expect(outbox.tally().mostKept).toBe(1);
  });
});
