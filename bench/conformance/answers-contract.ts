import { deepStrictEqual as deepEqual, strictEqual as equal } from "node:assert";
import type { BoundTransport } from "../../transports/define-transport.ts";
import { maxMessageBytes } from "../../transports/transport.ts";
import { addBytes, noBytes, subtractBytes, sumBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import { framed } from "../measure/expected-bytes.ts";
import { expectThat } from "./mismatch.ts";
import { Link } from "./link.ts";
import type { LinkedClient } from "./link.ts";
import { openSockets } from "./open-sockets.ts";

/** The channel of the one client that asks. */
const channel = "own";

/** Checks that each request is answered by a stream that ends, where a transport's client can ask so. */
export function answersContract(
  transport: BoundTransport,
  test: (name: string, body: () => Promise<void>) => void,
  open: () => Promise<Link>,
): void {
  if (!transport.answers) return;
  const asking = async (
    play: (link: Link, alice: LinkedClient) => Promise<void>,
    after?: number,
  ): Promise<void> => {
    await using link = await open();
    await using alice = await link.connect({ channel, asks: true, ...(after && { after }) });
    await play(link, alice);
  };
  const complete = (link: Link): void => link.server.complete?.(channel);
  /** Has the request that came last answered with `messages`, and the answer ended. */
  const answer = (link: Link, messages: readonly string[]): void => {
    for (const message of messages) link.publish(message, channel);
    complete(link);
  };
  /** The one who comes back for the rest of what `lost` was answered. */
  const back = (link: Link, { connection }: LinkedClient): Promise<LinkedClient> =>
    link.connect({ channel, asks: true, after: connection.cursor });

  test("answers a request with a stream, and tells its client when that is whole", () =>
    asking(async (link, alice) => {
      alice.connection.send(Buffer.from("question"));
      deepEqual(await link.sentUp(1), [{ channel, payload: "question" }]);
      link.publish("one", channel);
      deepEqual(await alice.received(1), ["one"]);
      deepEqual(alice.seen.answers, []);
      answer(link, ["two", "three"]);
      deepEqual(await alice.answered(1), [3]);
      deepEqual(alice.seen.received, ["one", "two", "three"]);
      equal(alice.connection.cursor, 3);
      deepEqual(alice.seen.endings, []);
    }));

  test("answers what has no messages with a stream that ends at once", () =>
    asking(async (link, alice) => {
      alice.connection.send(Buffer.from("question"));
      await link.sentUp(1);
      complete(link);
      deepEqual(await alice.answered(1), [0]);
    }));

  const isKept = transport.layers.keepalive !== "off";
  const connections = isKept ? "on one connection" : "each on a connection of its own";
  test(`answers requests one after the other, ${connections}`, () =>
    asking(async (link, alice) => {
      for (let count = 1; count <= 20; count += 1) {
        alice.connection.send(Buffer.from(`question ${count}`));
        await link.sentUp(count);
        answer(link, [`answer ${count}`]);
        await alice.answered(count);
      }
      equal(alice.seen.received.length, 20);
      equal(alice.connection.cursor, 20);
      equal(link.listener.totals().connections, isKept ? 1 : 20);
      deepEqual(alice.seen.reconnects, []);
      deepEqual(alice.seen.gaps, []);
    }));

  test("sends no request before the answer to the one before is whole", () =>
    asking(async (link, alice) => {
      for (const question of ["one", "two", "three"]) alice.connection.send(Buffer.from(question));
      for (const count of [1, 2, 3]) {
        await link.sentUp(count);
        link.publish(`first of ${count}`, channel);
        await alice.received(2 * count - 1);
        equal(link.upstream.length, count);
        answer(link, [`last of ${count}`]);
        await alice.answered(count);
      }
      deepEqual(
        link.upstream.map(({ payload }) => payload),
        ["one", "two", "three"],
      );
    }));

  test("carries requests and answers to the byte, whatever their size", () =>
    asking(async (link, alice) => {
      const texts = [
        "x",
        "zwei\nLinien",
        "世界 \u{1f30d}",
        "y".repeat(65_537),
        "z".repeat(1_048_576),
      ];
      for (const [index, text] of texts.entries()) {
        alice.connection.send(Buffer.from(text));
        await link.sentUp(index + 1);
        answer(link, [text]);
        await alice.answered(index + 1);
      }
      deepEqual(
        link.upstream.map(({ payload }) => payload),
        texts,
      );
      deepEqual(alice.seen.received, texts);
    }));

  test("ends an answer behind all of it, though its client hasn't read it yet", () =>
    asking(async (link, alice) => {
      alice.connection.send(Buffer.from("question"));
      await link.sentUp(1);
      const messages = Array.from({ length: 128 }, (_, index) => `${index}`.padEnd(65_536, "."));
      answer(link, messages);
      link.publish("for nobody", channel);
      deepEqual(await alice.answered(1), [messages.length]);
      deepEqual(alice.seen.received, messages);
    }));

  test("tells of an answer that is cut, once, and sends no request behind it", () =>
    asking(async (link, alice) => {
      alice.connection.send(Buffer.from("question"));
      alice.connection.send(Buffer.from("never sent"));
      await link.sentUp(1);
      link.publish("one", channel);
      await alice.received(1);
      link.relay.cut();
      await alice.ended();
      alice.connection.send(Buffer.from("nor this"));
      equal(alice.seen.endings.length, 1);
      deepEqual(alice.seen.answers, []);
      equal(link.upstream.length, 1);
    }));

  test("tells of the end of a server in mid-answer", () =>
    asking(async (link, alice) => {
      alice.connection.send(Buffer.from("question"));
      await link.sentUp(1);
      link.publish("one", channel);
      await alice.received(1);
      for (const stream of link.listener.open) stream.destroy();
      await alice.ended();
      deepEqual(alice.seen.answers, []);
    }));

  test("tells why it got no answer", () =>
    asking(async (_link, alice) => {
      alice.connection.send(Buffer.alloc(maxMessageBytes + 1, "x"));
      const reason = (await alice.ended()) ?? "";
      expectThat(/\b413\b/.test(reason), "status 413", reason);
    }));

  /** Has an answer of four messages cut behind the second. */
  const cutOff = async (link: Link, alice: LinkedClient): Promise<void> => {
    alice.connection.send(Buffer.from("question"));
    await link.sentUp(1);
    for (const message of ["one", "two"]) link.publish(message, channel);
    await alice.received(2);
    link.relay.cut();
    await alice.ended();
    for (const message of ["three", "four"]) link.publish(message, channel);
  };

  test("resumes an answer that was cut behind the last message, without a new request", () =>
    asking(async (link, alice) => {
      await cutOff(link, alice);
      await using again = await back(link, alice);
      deepEqual(await again.received(2), ["three", "four"]);
      answer(link, ["five"]);
      deepEqual(await again.answered(1), [3]);
      equal(link.upstream.length, 1);
      deepEqual(again.seen.gaps, []);
    }));

  test("resumes an answer that has ended meanwhile, and ends it there", () =>
    asking(async (link, alice) => {
      await cutOff(link, alice);
      complete(link);
      {
        await using again = await back(link, alice);
        deepEqual(await again.answered(1), [2]);
        deepEqual(again.seen.received, ["three", "four"]);
        again.connection.send(Buffer.from("next"));
        await link.sentUp(2);
        answer(link, ["five"]);
        deepEqual(await again.answered(2), [2, 3]);
        equal(again.connection.cursor, 5);
      }
      await using last = await link.connect({ channel, asks: true, after: 5 });
      deepEqual(await last.answered(1), [0]);
    }));

  test("closes in mid-answer without a word to its handlers, and leaves no socket", async () => {
    const before = await openSockets();
    await asking(async (link, alice) => {
      alice.connection.send(Buffer.from("question"));
      alice.connection.send(Buffer.from("never sent"));
      await link.sentUp(1);
      link.publish("one", channel);
      await alice.received(1);
      await alice.connection[Symbol.asyncDispose]();
      deepEqual(alice.seen.endings, []);
      deepEqual(alice.seen.answers, []);
    });
    deepEqual(await openSockets(), before);
  });

  const { theory } = transport;
  // With compressed heads, nothing is exact but the messages.
  if (theory === null) return;
  const asked = (number: number, payloadBytes: number): WireBytes | null =>
    theory.asked?.({ channel, authority: "localhost", payloadBytes, number }) ?? null;
  for (const size of [1, 16, 250, 70_000]) {
    test(`costs what theory says for answers with messages of ${size} bytes, to the byte`, () =>
      asking(async (link, alice) => {
        let deliveries = noBytes;
        let upstream = noBytes;
        for (const count of [1, 2, 3, 4, 5]) {
          const before = 3 * (count - 1);
          upstream = addBytes(upstream, asked(before, size) ?? noBytes);
          alice.connection.send(Buffer.alloc(size, "q"));
          await link.sentUp(count);
          for (const number of [before + 1, before + 2, before + 3]) {
            const place = { channel, authority: "localhost", payloadBytes: size };
            deliveries = addBytes(deliveries, theory.down({ ...place, messages: 1, number }));
            link.publish("a".repeat(size), channel);
            // Each in a frame, or a TLS record, of its own.
            await alice.received(number);
          }
          complete(link);
          await alice.answered(count);
        }
        await link.listener.settled();
        await link.agreed();
        const { total, parts, records, allRecords, attributions } = link.listener.totals();
        equal(attributions.upstream, 5);
        const isExact = asked(0, size) !== null;
        if (isExact) deepEqual(subtractBytes(parts.upstream, records.upstream), upstream);
        const others = sumBytes([allRecords, parts.tlsHandshakes, parts.setUp, parts.upstream]);
        const inOthers = addBytes(records.setUp, records.upstream);
        const counted = subtractBytes(total, subtractBytes(others, inOthers));
        const { frames } = theory;
        const spread = { clients: 1, deliveries: 15 };
        deepEqual(counted, frames ? framed(deliveries, counted, frames, spread) : deliveries);
      }));
  }
}
