import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert";
import { recordBytes } from "../layers/tls.ts";
import { answersIn } from "../measure/wire-ledger.ts";
import { framed } from "../measure/expected-bytes.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import type { Theory } from "../../transports/theory.ts";
import { addBytes, noBytes, subtractBytes, sumBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import { Link } from "./link.ts";

/** What is in an answer: how many messages, in the order of the answers. */
type Batches = readonly number[];

/** Checks that a transport costs what its theory says, by the harness's counters and by the relay's. */
export function theoryContract(
  transport: BoundTransport,
  test: (name: string, body: () => Promise<void>) => void,
  open: () => Promise<Link> = () => Link.open(transport),
): void {
  const { theory } = transport;
  if (theory === null) return;

  for (const size of [1, 100, 125, 126, 65_535, 65_536, 1_000_000]) {
    test(`costs what theory says for a payload of ${size} bytes, to the byte`, async () => {
      await using link = await open();
      await using alice = await link.connect();
      await isSetUp(link);
      const payload = "x".repeat(size);
      link.publish(payload);
      await alice.received(1);
      const up = transport.sends ? theory.up({ ...place, payloadBytes: size }) : null;
      // Nothing is exact of messages that go up and down on one connection, with compressed headers.
      if (up !== null) {
        alice.connection.send(Buffer.from(payload));
        await link.sentUp(1);
      }
      const { deliveries, upstream } = await counted(link, transport, 1);
      const delivered = expected(transport, theory, size, 1, [1]);
      deepEqual(deliveries, inFrames(theory, delivered, deliveries, 1));
      deepEqual(upstream, up ?? noBytes);
    });
  }

  test("costs what theory says for several messages at once, to the byte", async () => {
    await using link = await open();
    await using alice = await link.connect();
    await isSetUp(link);
    // Where a poll waits at the server, it must be there.
    await counted(link, transport, 0);
    for (let count = 1; count <= 5; count += 1) link.publish("x".repeat(40));
    await alice.received(5);
    const batches = batchesAtOnce(transport, 5);
    const { deliveries } = await counted(link, transport, batches.length);
    const delivered = expected(transport, theory, 40, 1, batches);
    deepEqual(deliveries, inFrames(theory, delivered, deliveries, 5));
  });

  test("is set up for what theory says, however many messages there were before", async () => {
    const setUps = await Promise.all(
      [0, 9, 10, 1_180].map(async (number) => {
        await using link = await open();
        for (let older = 1; older <= number; older += 1) link.publish("older");
        await using alice = await link.connect();
        equal(alice.connection.cursor, number);
        await isSetUp(link);
        const { parts, records } = link.listener.totals();
        const expected = theory.handshake({ ...place, number });
        if (expected === null) return null;
        return subtractBytes(subtractBytes(parts.setUp, records.setUp), expected);
      }),
    );
    equal(new Set(setUps.map((rest) => JSON.stringify(rest))).size, 1);
  });

  for (const newest of [8, 98, 998]) {
    test(`costs what theory says for the messages after number ${newest}, to the byte`, async () => {
      await using link = await open();
      for (let number = 1; number <= newest; number += 1) link.publish("older");
      await using alice = await link.connect();
      await isSetUp(link);
      for (const count of [1, 2, 3]) {
        link.publish("x".repeat(7));
        await alice.received(count);
      }
      const { deliveries } = await counted(link, transport, 3);
      const delivered = expected(transport, theory, 7, newest + 1, [1, 1, 1]);
      deepEqual(deliveries, inFrames(theory, delivered, deliveries, 3));
    });
  }
}

/** What `Link` connects to. */
const place = { channel: "all", authority: "localhost" };

/** Whether a poll waits at the server whenever there is nothing to deliver. */
function isHeld({ delivery, polling }: BoundTransport): boolean {
  return delivery === "pull" && polling?.intervalMs === null;
}

/** How messages come that are published together: the first answers the poll that waits. */
function batchesAtOnce(transport: BoundTransport, messages: number): Batches {
  if (transport.delivery === "push") return Array.from({ length: messages }, () => 1);
  return isHeld(transport) ? [1, messages - 1] : [messages];
}

/** By theory: answers with messages from number `first` on, and the poll that waits after them. */
function expected(
  transport: BoundTransport,
  theory: Theory,
  payloadBytes: number,
  first: number,
  batches: Batches,
): WireBytes {
  let down = 0;
  let up = 0;
  let number = first - 1;
  for (const messages of batches) {
    number += messages;
    const bytes = theory.down({ ...place, payloadBytes, messages, number });
    down += bytes.down;
    up += bytes.up;
  }
  if (isHeld(transport)) {
    up += theory.down({ ...place, payloadBytes, messages: 1, number: number + 1 }).up;
  }
  return { down, up };
}

/** In as many frames as were counted, if one client may get so many messages in them. */
function inFrames(
  { frames }: Theory,
  bytes: WireBytes,
  counted: WireBytes,
  deliveries: number,
): WireBytes {
  return frames === undefined ? bytes : framed(bytes, counted, frames, { clients: 1, deliveries });
}

/** Resolves when the one client is set up for good: with HTTP/2, when it has acknowledged the settings, too. */
async function isSetUp({ listener, waiter }: Link): Promise<void> {
  const wanted = listener.isHttp2 ? 2 : 1;
  const isAttributed = (): boolean => listener.totals().attributions.setUp >= wanted;
  await waiter.until("bytes to be attributed to setUp", isAttributed);
}

/** What has crossed, without TLS, once all of it has, and the independent relay has counted the same. */
async function counted(
  link: Link,
  transport: BoundTransport,
  answers: number,
): Promise<{ deliveries: WireBytes; upstream: WireBytes }> {
  const polls = isHeld(transport) ? answers + 1 : null;
  await link.waiter.until("as many bytes as a relay counts, each attributed", () =>
    isQuiet(link, transport, polls),
  );
  const { parts, allRecords, records } = link.listener.totals();
  const { deliveries: _answered, ...otherParts } = parts;
  const { deliveries: _inAnswers, ...otherRecords } = records;
  const all = subtractBytes({ down: link.relay.down, up: link.relay.up }, allRecords);
  const rest = sumBytes(Object.values(otherRecords));
  return {
    deliveries: addBytes(subtractBytes(all, sumBytes(Object.values(otherParts))), rest),
    upstream: subtractBytes(parts.upstream, records.upstream),
  };
}

/** Whether nothing is under way, and as many polls have come as `polls` says, where they are told by their number. */
function isQuiet(
  { listener, relay }: Link,
  transport: BoundTransport,
  polls: number | null,
): boolean {
  const { total, allRecords, requests, attributions, answers, connections } = listener.totals();
  if (total.down !== relay.down || total.up !== relay.up) return false;
  // An alert that ends a connection is attributed once that has closed.
  if (allRecords.down % recordBytes !== 0 || allRecords.up % recordBytes !== 0) return false;
  const others = attributions.setUp + attributions.emptyPolls + attributions.upstream;
  const unanswered = connections - others - answersIn([...answers.values()]);
  if (transport.layers.keepalive === "off" && unanswered !== (isHeld(transport) ? 1 : 0))
    return false;
  return polls === null || requests - others === polls;
}
