import type { ConformanceCase, Level } from "./case.ts";
import { Mismatch, expectThat } from "./mismatch.ts";
import { quoted } from "../../transports/protocol-error.ts";
import { trickyPayloads } from "./payloads.ts";
import type { Client, Subject } from "./subject.ts";
import { maxMessageBytes } from "../../transports/transport.ts";

// What the transport's own client can observe of a server: the same for every wire format.

/** The sizes of the harness's own payloads, which are printable ASCII without line ends. */
const plainSizes: Readonly<Record<string, number>> = { "40 bytes": 40, "64 KiB": 65_536 };

/** Subscribes a client: no other case of a client can be checked without that. */
export const subscribing: ConformanceCase = {
  name: "lets the built-in client subscribe",
  level: "required",
  gate: true,
  async check(subject) {
    await subject.client(subject.channel());
  },
};

/** `carried` is what becomes of a text for which the format itself has no exact form. */
export function clientCases(carried: (text: string) => string): readonly ConformanceCase[] {
  const cases = [
    ...delivery,
    ...Object.entries(plainSizes).map(([name, bytes]) =>
      payloadCase(`a payload of ${name}`, "x".repeat(bytes), "required", carried),
    ),
    ...Object.entries(trickyPayloads).map(([name, text]) =>
      payloadCase(name, text, "optional", carried),
    ),
    payloadCase("a payload of 8 MiB", "y".repeat(maxMessageBytes), "optional", carried),
    ...resuming,
  ];
  return cases.map(ofClients);
}

function ofClients(known: ConformanceCase): ConformanceCase {
  return { ...known, ofClients: true };
}

const delivery: readonly ConformanceCase[] = [
  {
    name: "sends each message back down to the client that sent it up, once",
    level: "required",
    async check(subject) {
      const alice = await subject.client(subject.channel());
      await expectEcho(subject, alice, ["first", "second", "third"]);
    },
  },
  {
    name: "sends each message to every client of its channel, once and in order",
    level: "required",
    async check(subject) {
      const channel = subject.channel();
      const alice = await subject.client(channel);
      const others = await Promise.all(Array.from({ length: 9 }, () => subject.client(channel)));
      const sent = numbered("message", 30);
      await expectEcho(subject, alice, sent);
      for (const other of others) await expectReceived(subject, other, sent);
    },
  },
  {
    name: "keeps the order of a burst of 500 messages, and loses none",
    level: "required",
    async check(subject) {
      const channel = subject.channel();
      const [alice, bob] = [await subject.client(channel), await subject.client(channel)];
      const sent = numbered("burst", 500);
      await expectEcho(subject, alice, sent);
      await expectReceived(subject, bob, sent);
    },
  },
  {
    name: "keeps channels apart",
    level: "required",
    async check(subject) {
      const alice = await subject.client(subject.channel());
      const bob = await subject.client(subject.channel());
      await expectEcho(subject, alice, ["for alice"]);
      await expectEcho(subject, bob, ["for bob"]);
      await expectEcho(subject, alice, ["for alice", "again"], 1);
    },
  },
  {
    name: "sends a new client the messages published after it subscribed, and nothing older",
    level: "required",
    async check(subject) {
      const channel = subject.channel();
      const alice = await subject.client(channel);
      const sent = numbered("before", 3);
      await expectEcho(subject, alice, sent);
      // Several, since a server that is late in adding a client is so now and then.
      for (const text of numbered("after", 5)) {
        const bob = await subject.client(channel);
        sent.push(text);
        alice.send(Buffer.from(text));
        await expectReceived(subject, bob, [text]);
      }
      await expectReceived(subject, alice, sent);
    },
  },
  {
    name: "keeps serving after another client's connection was reset",
    level: "required",
    async check(subject) {
      const channel = subject.channel();
      const alice = await subject.client(channel);
      const bob = await subject.client(channel);
      await expectEcho(subject, alice, ["both"]);
      await expectReceived(subject, bob, ["both"]);
      await bob.reset();
      await expectEcho(subject, alice, ["both", "one", "still one"], 1);
    },
  },
];

const resuming: readonly ConformanceCase[] = [
  {
    name: "sends a reconnecting client the messages that it missed",
    level: "optional",
    async check(subject) {
      const channel = subject.channel();
      const alice = await subject.client(channel);
      const bob = await subject.client(channel);
      await expectEcho(subject, alice, numbered("seen", 3));
      await expectReceived(subject, bob, numbered("seen", 3));
      const { cursor } = bob.connection;
      await bob.reset();
      const missed = numbered("missed", 2);
      await expectEcho(subject, alice, [...numbered("seen", 3), ...missed], 3);
      expectThat(Number.isSafeInteger(cursor), "a number with each message", String(cursor));
      const again = await subject.client(channel, cursor);
      alice.send(Buffer.from("back"));
      await expectReceived(subject, again, [...missed, "back"]);
      expectThat(again.seen.gaps.length === 0, "no gap", `one of ${again.seen.gaps[0]} messages`);
    },
  },
  {
    name: "tells a reconnecting client how many messages are gone for good",
    level: "optional",
    logMessages: 10,
    async check(subject) {
      const channel = subject.channel();
      const alice = await subject.client(channel);
      const start = alice.connection.cursor;
      const sent = numbered("message", 30);
      const kept = subject.logMessages ?? sent.length;
      // No more than that at a time: alice is to miss nothing.
      for (let count = kept; count <= sent.length; count += kept) {
        await expectEcho(subject, alice, sent.slice(0, count), count - kept);
      }
      const again = await subject.client(channel, start);
      alice.send(Buffer.from("back"));
      const gone = again.seen.gaps[0] ?? 0;
      expectThat(gone < sent.length, "a gap of fewer than the 30 messages", `one of ${gone}`);
      await expectReceived(subject, again, [...sent.slice(gone), "back"]);
      if (subject.logMessages !== null) {
        const [of, gaps] = [sent.length - kept, again.seen.gaps.join(" and ")];
        expectThat(gaps === String(of), `one gap, of ${of} messages`, `gaps of ${gaps}`);
      }
    },
  },
];

function payloadCase(
  name: string,
  text: string,
  level: Level,
  carried: (text: string) => string,
): ConformanceCase {
  return {
    name: `carries ${name}`,
    level,
    async check(subject) {
      const alice = await subject.client(subject.channel());
      // The one behind it tells whether it arrived as one message.
      alice.send(Buffer.from(text));
      alice.send(Buffer.from("end"));
      await expectReceived(subject, alice, [carried(text), "end"]);
    },
  };
}

/** Sends `texts` up, but for those before `from`, and expects that all have come down to the same client. */
async function expectEcho(
  subject: Subject,
  client: Client,
  texts: readonly string[],
  from = 0,
): Promise<void> {
  for (const text of texts.slice(from)) client.send(Buffer.from(text));
  await expectReceived(subject, client, texts);
}

/** Expects `texts` and nothing else, in their order. */
async function expectReceived(
  subject: Subject,
  { seen }: Client,
  texts: readonly string[],
): Promise<void> {
  const wrong = (): number => seen.received.findIndex((text, index) => text !== texts[index]);
  const decided = seen.changes.until(
    () => seen.received.length >= texts.length || wrong() !== -1 || seen.endings.length > 0,
  );
  const count = (): string => `${seen.received.length} of them`;
  await subject.expecting(`${texts.length} messages`, decided, count);
  const at = wrong();
  if (at !== -1) {
    const expected = texts[at] === undefined ? "nothing more" : quoted(texts[at]);
    throw new Mismatch(`${expected} as message ${at + 1}`, quoted(seen.received[at] ?? ""));
  }
  const ending = seen.endings[0] ?? "";
  expectThat(
    seen.received.length === texts.length,
    `${texts.length} messages`,
    `${count()}, then the end: ${ending}`,
  );
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name} ${index + 1}`);
}
