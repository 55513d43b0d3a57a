import { deepStrictEqual as deepEqual, ok, strictEqual as equal } from "node:assert";
import { answersContract } from "./answers-contract.ts";
import type { ConformanceCase, Level } from "./case.ts";
import { casesOf } from "./conform.ts";
import { expectThat } from "./mismatch.ts";
import { Subject } from "./subject.ts";
import type { PageHost } from "../browsers/page-host.ts";
import { recordBytes } from "../layers/tls.ts";
import { urlAt } from "../measure/dialler.ts";
import { answersIn, messagesIn } from "../measure/wire-ledger.ts";
import type { BrowserName } from "../../transports/browser-names.ts";
import { defineTransport } from "../../transports/define-transport.ts";
import type { AnyTransport, BoundTransport } from "../../transports/define-transport.ts";
import { isCompressed, isHttp2 } from "../../transports/layers.ts";
import type { Transport } from "../../transports/transport.ts";
import { Link, openListener } from "./link.ts";
import { openSockets } from "./open-sockets.ts";
import { theoryContract } from "./theory-contract.ts";
import { Waiter } from "./waiter.ts";

/** A part of the contract that a transport can't fulfil, and why. */
export interface Exception {
  readonly reason: string;
  readonly tests: readonly string[];
}

export interface ContractOptions {
  /** Options that make the suite quick, such as a short poll interval. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly exceptions?: readonly Exception[];
  /** Which of its clients are tested; all of them when left out. */
  readonly clients?: readonly string[];
  /** Has pages of a browser, for clients that live in one; they aren't tested without. */
  readonly pagesOf?: (browser: BrowserName) => Promise<PageHost>;
  /** How long a test waits for any one thing before it fails and names that, in milliseconds; a minute by default. */
  readonly limitMs?: number;
}

/** One thing that a transport must do, to be run in a test framework or without. */
export interface ContractTest {
  readonly client: string;
  readonly name: string;
  readonly level: Level;
  /** Why it isn't to be run; null where it is. */
  readonly skipped: string | null;
  /** Rejects where the transport does something else. */
  readonly run: () => Promise<void>;
}

/** What every transport must do with every one of its clients, over its own server, in this process. */
export function contractTests<Options extends object>(
  definition: Transport<Options> | AnyTransport,
  contract: ContractOptions = {},
): readonly ContractTest[] {
  const transport = "configure" in definition ? definition : defineTransport(definition);
  const waiter = new Waiter(contract.limitMs);
  const { pagesOf } = contract;
  const isTested = (client: string): boolean =>
    pagesOf !== undefined || !(client in transport.inBrowser);
  return (contract.clients ?? transport.clients).filter(isTested).flatMap((client) => {
    const browser = transport.inBrowser[client];
    const pages = async (): Promise<PageHost | undefined> =>
      browser === undefined ? undefined : await pagesOf?.(browser);
    const tests: ContractTest[] = [];
    const configured = (options: Record<string, unknown> = {}): BoundTransport =>
      transport.configure(client, { ...contract.options, ...options });
    const { delivery, layers, sends } = configured();
    /** What is compressed takes less, and may take next to nothing. */
    const atLeast = (bytes: number): number => (isCompressed(layers) ? 1 : bytes);
    const isSecure = layers.tls !== undefined;
    /** To clients that have gone already: a relay doesn't hear of it. */
    const saysGoodbye = isSecure || isHttp2(layers);
    const open = async (): Promise<Link> =>
      await Link.open(configured(), { waiter, pages: await pages() });

    const test = (name: string, run: () => Promise<void>, level: Level = "required"): void => {
      const exception = contract.exceptions?.find(({ tests: names }) => names.includes(name));
      tests.push({ client, name, level, skipped: exception?.reason ?? null, run });
    };

    for (const { name, level, logMessages, check } of casesOf(transport.name).filter(isOfClients)) {
      const played = async (): Promise<void> => {
        const bound = configured(logMessages === undefined ? {} : { logMessages });
        const opened = await openListener(bound);
        await using listener = opened.listener;
        await bound.prepareToServe();
        await using server = bound.serve(listener, {
          message: (channel, payload) => server.publish(channel, payload),
        });
        const { port } = listener;
        const { tls } = opened;
        const address = { url: urlAt(host, port, tls !== null), host, port, tls };
        await using subject = new Subject({
          ...address,
          transport: bound,
          pages: await pages(),
          ...(!sends && { publish: (channel, payload) => server.publish(channel, payload) }),
          caseLimitMs: waiter.limitMs,
          logMessages,
        });
        await check(subject);
      };
      test(name, played, level);
    }

    test("tells a client that it was cut off, or of the connection in its place, once", async () => {
      await using link = await open();
      await using alice = await link.connect();
      const { seen } = alice;
      const cuts = (): number => seen.endings.length + seen.reconnects.length;
      link.relay.cut();
      const told = seen.changes.until(() => cuts() > 0);
      await link.waiter.for("word of a connection that was cut off", told);
      if (seen.reconnects.length > 0) {
        link.publish("all the same");
        deepEqual(await alice.received(1), ["all the same"]);
      }
      equal(cuts(), 1);
    });

    const resumes = async (): Promise<void> => {
      await using link = await open();
      link.publish("first");
      await using alice = await link.connect({ after: 1 });
      link.publish("second");
      deepEqual(await alice.received(1), ["second"]);
    };
    test("resumes at once when nothing was missed", resumes, "optional");

    const carriesUp = async (sent: readonly string[]): Promise<void> => {
      await using link = await open();
      await using alice = await link.connect({ channel: "up" });
      for (const payload of sent) alice.connection.send(Buffer.from(payload));
      deepEqual(
        await link.sentUp(sent.length),
        sent.map((payload) => ({ channel: "up", payload })),
      );
    };

    if (sends) {
      test("carries messages up in order, with their channel", () =>
        carriesUp(["one", "x".repeat(1_048_576), "two"]));

      const texts = ["", "zwei\nLinien", "世界"];
      test("carries texts up that the harness doesn't send", () => carriesUp(texts), "optional");
    }

    test("counts bytes as an independent relay does, to the byte", async () => {
      await using link = await open();
      {
        await using alice = await link.connect();
        await link.listener.settled();
        for (let size = 0; size < 300; size += 7) link.publish("x".repeat(size));
        link.publish("y".repeat(70_000));
        if (sends) alice.connection.send(Buffer.from("z".repeat(200)));
        await alice.received(44);
        if (sends) await link.sentUp(1);
        await link.listener.settled();
        if (saysGoodbye) await link.agreed();
      }
      // The relay has passed everything on once it has seen the end of every connection.
      await link.settled();
      const { total, parts } = link.listener.totals();
      if (!saysGoodbye) deepEqual(total, { down: link.relay.down, up: link.relay.up });
      expectThat(
        parts.setUp.down > 0,
        "bytes of setUp, attributed by listener.attributeRest when a client is subscribed",
        "none",
      );
      expectThat(
        !sends || parts.upstream.up >= atLeast(200),
        "the bytes that were sent up as upstream, by listener.attribute or attributeRest",
        `${parts.upstream.up} of at least ${atLeast(200)}`,
      );
      const { deliveries, ...others } = parts;
      const extras = Object.values(others).reduce((sum, { down }) => sum + down, 0);
      const payloads = atLeast(70_000 + (43 * (0 + 294)) / 2);
      expectThat(
        total.down - extras > payloads,
        `more than the ${payloads} bytes of payload left for deliveries, attributed to nothing else`,
        `${total.down - extras}`,
      );
      if (delivery !== "pull") return;
      const rest = total.down - extras - deliveries.down;
      // An answer that waits to be encrypted is taken for one write, and may be several.
      if (!saysGoodbye) equal(rest, 0);
      else ok(rest >= 0 && (!isSecure || rest % recordBytes === 0));
    });

    test("delivers what is published at once, and names every answer with the messages in it", async () => {
      await using link = await open();
      await using alice = await link.connect();
      await using bob = await link.connect();
      const sent = Array.from({ length: 1_000 }, (_, index) => `message ${index}`);
      for (const payload of sent) link.publish(payload);
      for (const client of [alice, bob]) {
        deepEqual(await client.received(sent.length), sent);
        const { cursor } = client.connection;
        // 0 where messages have no numbers.
        if (cursor !== 0) equal(cursor, sent.length);
      }
      await link.listener.settled();
      const { answers: kinds, parts, bodyBytes, digitBytes } = link.listener.totals();
      const answers = [...kinds.values()];
      equal(messagesIn(answers), delivery === "pull" ? 2 * sent.length : 0);
      if (answers.length === 0) return;
      equal(Math.max(...answers.map(({ newest }) => newest)), sent.length);
      // What doesn't differ with what an answer holds is the same for each, unless heads are compressed.
      if (link.listener.isHttp2) return;
      const { down, up } = parts.deliveries;
      equal((down + up - bodyBytes - digitBytes) % answersIn(answers), 0);
    });

    theoryContract(configured(), test, open);
    answersContract(configured(), test, open);

    test("closes without a word to its handlers and leaves no socket", async () => {
      const before = await openSockets();
      {
        await using link = await open();
        const alice = await link.connect();
        if (sends) {
          alice.connection.send(Buffer.from("up"));
          await link.sentUp(1);
        }
        await alice[Symbol.asyncDispose]();
        deepEqual(alice.seen.endings, []);
        await using bob = await link.connect();
        link.publish("still served");
        deepEqual(await bob.received(1), ["still served"]);
        deepEqual(alice.seen.received, []);
      }
      deepEqual(await openSockets(), before);
    });
    return tests;
  });
}

const host = "127.0.0.1";

function isOfClients({ ofClients }: ConformanceCase): boolean {
  return ofClients === true;
}
