import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { eventually } from "../../test/bench-process.ts";
import type { Connection } from "../../transports/transport.ts";
import { attributeByContext } from "../run/relayed-parts.ts";
import { identityOf } from "../layers/certificate.ts";
import { TlsClient, TlsServer, trustIn } from "../layers/tls.ts";
import { openListener } from "../conformance/link.ts";
import { isHttp2 } from "../../transports/layers.ts";
import { addBytes } from "../../transports/wire-bytes.ts";
import type { WireBytes } from "../../transports/wire-bytes.ts";
import { parseVariant } from "../settings/variant.ts";
import { Dialler } from "./dialler.ts";
import type { CountedListener } from "./listener.ts";
import { CountingRelay } from "./relay.ts";
import { answersIn, diffTotals } from "./wire-ledger.ts";
import type { WireDelta } from "./wire-ledger.ts";

/** A built-in server that counts its own bytes, clients, and a relay in between that counts, too. */
class Both implements AsyncDisposable {
  readonly #variant: ReturnType<typeof parseVariant>;
  readonly #open: AsyncDisposable[] = [];
  readonly #tls: TlsClient | null;
  readonly listener: CountedListener;
  readonly relay: CountingRelay;
  readonly connections: Connection[] = [];
  readonly publish: (payload: string) => void;
  received = 0;
  #before: ReturnType<Both["totals"]>;

  static async open(name: string): Promise<Both> {
    const variant = parseVariant(name);
    const { bound } = variant;
    const { listener, tls: far } = await openListener(bound);
    const own = await identityOf("ec");
    const tls = far && { near: new TlsServer(own, isHttp2(bound.layers)), far };
    const target = { host: "127.0.0.1", port: listener.port, tls };
    const relay = await CountingRelay.open(["127.0.0.1"], target, bound);
    await bound.prepare();
    return new Both(variant, listener, relay, tls && new TlsClient(trustIn(own), bound.layers));
  }

  private constructor(
    variant: ReturnType<typeof parseVariant>,
    listener: CountedListener,
    relay: CountingRelay,
    tls: TlsClient | null,
  ) {
    this.#tls = tls;
    this.#variant = variant;
    this.listener = listener;
    this.relay = relay;
    const server = variant.bound.serve(listener, {
      message: (channel, payload) => server.publish(channel, payload),
    });
    this.publish = (payload) => server.publish("all", Buffer.from(payload));
    this.#open.push(listener, relay, server);
    this.#before = this.totals();
  }

  async connect(): Promise<void> {
    const dialler = new Dialler("127.0.0.1", this.relay.port, this.#tls);
    const connection = await this.#variant.bound.connect(
      {
        url: new URL(`http${this.#tls === null ? "" : "s"}://127.0.0.1:5000`),
        channel: "all",
        phase: 0,
        dial: () => dialler.dial(),
      },
      {
        message: () => (this.received += 1),
        gap: () => {},
        closed: () => {},
        reconnected: () => {},
      },
    );
    this.#open.push(connection);
    this.connections.push(connection);
  }

  /** Whether a poll waits at the server. */
  isHeld(): boolean {
    const { requests, attributions, answers } = this.listener.totals();
    return requests > attributions.setUp + answersIn([...answers.values()]);
  }

  totals() {
    return { server: this.listener.totals(), relay: this.relay.totals() };
  }

  /** Of the stretch since the last call: what the server counted, and what the relay makes of it. */
  async window(
    sending: "nothing" | "down" | "up",
  ): Promise<{ server: WireDelta; relay: WireDelta }> {
    await this.#quiet();
    this.relay.settle();
    const [from, to] = [this.#before, this.totals()];
    this.#before = to;
    const { delivery } = this.#variant.bound;
    const relayed = attributeByContext(diffTotals(from.relay, to.relay, delivery, "underWay"), {
      transport: this.#variant.bound,
      sends: {
        counts: {
          intended: sending === "nothing" ? 0 : 1,
          rounds: 1,
          published: sending === "down" ? 1 : 0,
          sentUp: sending === "up" ? [1] : [],
          expected: [],
          toCanary: 0,
        },
      },
    });
    if (relayed === null) throw new Error("the relay counted nothing");
    const rest = delivery === "push" ? "deliveries" : "underWay";
    const server = diffTotals(from.server, to.server, delivery, rest);
    // Which theory needs, of which there is none behind a relay.
    const { records } = relayed;
    return { server: { ...server, records }, relay: relayed };
  }

  /** What the server wrote may still be on its way to the relay, and the pong to a ping to the server. */
  async #quiet(): Promise<void> {
    const { delivery } = this.#variant.bound;
    await eventually(() => {
      const { server, relay } = this.totals();
      const isAnswered = delivery === "pull" || server.parts.underWay.down === 0;
      return (
        isAnswered && server.total.down === relay.total.down && server.total.up === relay.total.up
      );
    });
    await this.listener.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const resource of this.#open.toReversed()) await resource[Symbol.asyncDispose]();
  }
}

const pollBytes =
  "GET /poll/all?after=0 HTTP/1.1\r\nhost: 127.0.0.1:5000\r\nconnection: keep-alive\r\n\r\n".length;

const emptyBytes = [
  "HTTP/1.1 204 No Content",
  "Cache-Control: no-store",
  "Date: Thu, 01 Jan 1970 00:00:00 GMT",
  "Connection: keep-alive",
  "Keep-Alive: timeout=60",
  "\r\n",
].join("\r\n").length;

const variants = ["sse", "websocket", "long-polling", "tcp"];
const compressed = ["sse+br", "websocket+deflate", "websocket+tls+deflate"];
const secure = variants.map((name) => `${name}+tls`);
const overHttp2 = [
  "sse+h2",
  "sse+h2c",
  "streaming+h2",
  "long-polling+h2",
  "long-polling+h2c+gzip",
  "websocket+h2",
  "websocket+h2c",
  "websocket+h2c+deflate",
];

/** Over TLS, the server takes a greeting's second record for a delivery: it is attributed before it is encrypted. */
function greeted({ parts: { setUp, deliveries } }: WireDelta): WireBytes {
  return addBytes(setUp, deliveries);
}

/** Text of which compression leaves three quarters. */
function incompressible(bytes: number): string {
  return randomBytes(bytes).toString("base64").slice(0, bytes);
}

describe("a relay in front of a server", () => {
  it.each([...variants, ...secure, ...compressed])(
    "counts what the server counts, to the byte, with %s",
    async (variant) => {
      await using both = await Both.open(variant);
      await both.connect();
      await both.connect();
      const setUp = await both.window("nothing");
      // A long poll that is held is nobody's yet: the server says so, too.
      expect(greeted(setUp.relay)).toEqual(greeted(setUp.server));
      expect(setUp.relay.parts.tlsHandshakes).toEqual(setUp.server.parts.tlsHandshakes);
      expect(setUp.relay).toMatchObject({ requests: setUp.server.requests, connections: 2 });

      const payloads = ["short", "x".repeat(70_000), "two\nlines"];
      for (const [index, payload] of payloads.entries()) {
        both.publish(payload);
        await eventually(() => both.received === 2 * (index + 1));
      }
      const down = await both.window("down");
      expect(down.relay).toEqual(down.server);

      both.connections[0]?.send(Buffer.from("y".repeat(300)));
      await eventually(() => both.received === 8);
      const up = await both.window("up");
      expect(up.relay).toEqual(up.server);
    },
  );

  it.each(overHttp2)("reads which frames of a session were for what, with %s", async (variant) => {
    await using both = await Both.open(variant);
    await both.connect();
    const setUp = await both.window("nothing");
    expect(setUp.relay.parts.tlsHandshakes).toEqual(setUp.server.parts.tlsHandshakes);
    for (const [index, payload] of ["short", incompressible(100_000)].entries()) {
      both.publish(payload);
      await eventually(() => both.received === index + 1);
    }
    const { relay, server } = await both.window("down");
    expect(relay.total).toEqual(server.total);
    expect(relay.answers).toEqual(server.answers);
    expect(relay.parts.deliveries.down).toBeGreaterThan(70_005);
    expect(relay.parts.upstream).toEqual({ down: 0, up: 0 });

    both.connections[0]?.send(Buffer.from(incompressible(420)));
    await eventually(() => both.received === 3);
    const up = await both.window("up");
    expect(up.relay.total).toEqual(up.server.total);
    expect(up.relay.sentUp).toBe(1);
    expect(up.relay.parts.upstream.up).toBeGreaterThan(300);
    // Its answer is little more than a status.
    expect(up.relay.parts.upstream.down).toBeLessThan(120);
    expect(up.relay.parts.deliveries.down).toBeGreaterThan(300);
  });

  it("charges a poll that is held when a phase ends to the one that its answer is in", async () => {
    await using both = await Both.open("long-polling");
    await both.connect();
    await eventually(() => both.isHeld());
    const before = await both.window("nothing");
    expect(before.server.parts.deliveries).toEqual({ down: 0, up: 0 });
    expect(before.server.parts.underWay).toEqual({ down: 0, up: pollBytes });
    expect(before.relay.parts).toEqual(before.server.parts);

    both.publish("something");
    await eventually(() => both.received === 1 && both.isHeld());
    const after = await both.window("down");
    expect(after.server.parts.deliveries.up).toBe(pollBytes);
    expect(after.server.parts.underWay).toEqual({ down: 0, up: 0 });
    expect(after.relay).toEqual(after.server);
  });

  it("has an answer's bytes and its messages in one phase, though nobody has received them", async () => {
    await using both = await Both.open("long-polling");
    await both.connect();
    await eventually(() => both.isHeld());
    const from = both.listener.totals();
    both.publish("something");
    const to = both.listener.totals();
    expect(both.received).toBe(0);
    const { parts, answers } = diffTotals(from, to, "pull", "underWay");
    expect(parts.deliveries.down).toBeGreaterThan("something".length);
    expect(answers).toEqual([{ answers: 1, messages: 1, newest: 1 }]);

    await eventually(() => both.received === 1);
    const later = diffTotals(to, both.listener.totals(), "pull", "underWay");
    expect(later.parts.deliveries).toEqual({ down: 0, up: 0 });
    expect(later.answers).toEqual([]);
  });

  it("tells empty polls from those that find something", async () => {
    await using both = await Both.open("short-polling@20ms");
    await both.connect();
    await both.window("nothing");
    await eventually(() => both.totals().relay.attributions.emptyPolls > 3);
    both.publish("something");
    await eventually(() => both.received === 1);
    await eventually(() => both.totals().relay.attributions.emptyPolls > 6);
    const { server, relay } = await both.window("down");
    expect(relay.answers).toEqual([{ answers: 1, messages: 1, newest: 1 }]);
    expect(relay.answers).toEqual(server.answers);
    expect(relay.parts.emptyPolls).toEqual(server.parts.emptyPolls);
    expect(relay.requests).toBe(server.requests);
  });

  // A WebSocket whose pong takes longer than this is cut off.
  it.each(["sse+heartbeat=20ms", "websocket+heartbeat=250ms"])(
    "takes what crosses an idle stream for heartbeats, with %s",
    async (variant) => {
      await using both = await Both.open(variant);
      await both.connect();
      await both.window("nothing");
      await eventually(() => both.listener.totals().attributions.heartbeats > 2);
      const { server, relay } = await both.window("nothing");
      expect(relay.parts.heartbeats).toEqual(server.parts.heartbeats);
      expect(relay.parts.deliveries).toEqual({ down: 0, up: 0 });
    },
  );

  it.each(["down", "up"] as const)(
    "tells a WebSocket's heartbeats from the messages that go %s meanwhile",
    async (way) => {
      await using both = await Both.open("websocket+heartbeat=250ms");
      await both.connect();
      await both.window("nothing");
      for (let beats = 0; beats < 3; beats += 1) {
        if (way === "down") both.publish("something");
        else both.connections[0]?.send(Buffer.from("something"));
        await eventually(() => both.listener.totals().attributions.heartbeats > beats);
      }
      await eventually(() => both.received === 3);
      const { server, relay } = await both.window(way);
      expect(server.parts.heartbeats.up).toBeGreaterThanOrEqual(3 * 6);
      expect(relay.parts).toEqual(server.parts);
    },
  );

  it.each([
    ["websocket+heartbeat=250ms", { down: 2, up: 6 }],
    ["sse+heartbeat=150ms", { down: "3\r\n:\n\n\r\n".length, up: 0 }],
    ["long-polling@150ms", { down: emptyBytes, up: pollBytes }],
  ] as const)(
    "learns what an idle server does again and again, with %s",
    async (variant, bytes) => {
      await using both = await Both.open(variant);
      await both.connect();
      await both.connect();
      await both.window("nothing");
      both.relay.begin();
      expect(both.relay.cycle().cycle).toMatchObject({ cycleMs: null, cycles: 0 });
      await eventually(() => both.relay.cycle().cycle.cycles > 1);
      const { cycle } = both.relay.cycle();
      // A timer may fire late, but hardly early.
      expect(cycle.cycleMs).toBeGreaterThan(140);
      expect(cycle.bytes).toEqual(bytes);
    },
  );

  it("ends the server's side when a client ends, and the client's when the server does", async () => {
    await using both = await Both.open("sse");
    const isHeld = async (): Promise<boolean> => both.listener.open.size > 0;
    const dialler = new Dialler("127.0.0.1", both.relay.port);
    dialler.dial();
    await eventually(isHeld);
    await dialler.reset();
    await eventually(async () => !(await isHeld()));

    const socket = dialler.dial();
    await eventually(isHeld);
    await both.listener[Symbol.asyncDispose]();
    await eventually(() => socket.closed);
  });
});
