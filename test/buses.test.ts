import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { joinBus } from "../bench/bus/join-bus.ts";
import type { BrokerBusName } from "../bench/bus/join-bus.ts";
import type { BrokerPlace } from "../bench/bus/bus.ts";
import type { BusEnd } from "../bench/bus/bus-end.ts";
import { checkBroker, forgetLog } from "../bench/bus/user-broker.ts";
import { programNamed } from "../bench/programs/index.ts";
import { RunningProgram } from "../bench/programs/running-program.ts";
import { initWebAssemblySync } from "../bench/results/hdr-histogram.ts";
import { programFor } from "../bench/run/trial-bus.ts";
import { eventually } from "./bench-process.ts";
import { brokers, isMissing } from "./requirements.ts";
import { maxMessageBytes } from "../transports/transport.ts";

initWebAssemblySync();

const kinds = ["redis", "redis-streams", "nats"] as const;

interface Broker extends AsyncDisposable {
  readonly program: RunningProgram;
  readonly place: BrokerPlace;
}

async function brokerFor(kind: BrokerBusName, outlives = false): Promise<Broker> {
  const program = await RunningProgram.start(
    programNamed(programFor[kind] ?? "redis-server"),
    "broker",
    {
      outlives,
    },
  );
  const { host, port } = program.place;
  const scheme = kind === "nats" ? "nats" : "redis";
  return {
    program,
    place: { url: `${scheme}://${host}:${port}`, port, tlsName: null, topic: "test" },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** A server on a bus, and what it has taken. */
class Server implements AsyncDisposable {
  readonly taken: string[] = [];
  end: BusEnd | null = null;

  static async on(kind: BrokerBusName, broker: BrokerPlace): Promise<Server> {
    const server = new Server();
    const deliver = (channel: string, payload: Buffer): void =>
      void server.taken.push(`${channel} ${payload.toString()}`);
    server.end = await joinBus({ kind, broker }, null, deliver, () => null);
    server.end.begin();
    return server;
  }

  publish(text: string): void {
    this.end?.publish("all", Buffer.from(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end?.[Symbol.asyncDispose]();
  }
}

describe.skipIf(isMissing(brokers))("a bus by a broker", () => {
  it.each(kinds)("hands all that is published to all servers, in its order: %s", async (kind) => {
    await using broker = await brokerFor(kind);
    await using first = await Server.on(kind, broker.place);
    await using second = await Server.on(kind, broker.place);
    await using third = await Server.on(kind, broker.place);
    const servers = [first, second, third];
    for (let number = 1; number <= 500; number += 1) {
      first.publish(`first ${number}`);
      second.publish(`second ${number}`);
    }
    await eventually(() => servers.every(({ taken }) => taken.length === 1_000));
    for (const { taken } of servers) {
      for (const publisher of ["first", "second"]) {
        expect(taken.filter((text) => text.includes(publisher))).toEqual(
          Array.from({ length: 500 }, (_, index) => `all ${publisher} ${index + 1}`),
        );
      }
      // Between publishers, NATS has no order: https://docs.nats.io/reference/faq
      if (kind !== "nats") expect(taken).toEqual(first.taken);
    }
    const counts = servers.map(({ end }) => end?.end());
    expect(counts.map((each) => each?.published)).toEqual([500, 500, 0]);
    for (const each of counts) {
      expect(each).toMatchObject({ taken: 1_000, repeated: 0, refused: 0 });
      expect(each?.transit.count).toBe(1_000);
      // Whatever a bus adds, each message came with its head, its channel and its text.
      expect(each?.bytes.down).toBeGreaterThan(1_000 * (18 + 3 + 8));
    }
    expect(counts[0]?.bytes.up).toBeGreaterThan(500 * (18 + 3 + 8));
    expect(counts[2]?.bytes.up).toBeLessThan(500);
  });

  it.each(kinds)("carries the largest message that there may be: %s", async (kind) => {
    await using broker = await brokerFor(kind);
    await using first = await Server.on(kind, broker.place);
    await using second = await Server.on(kind, broker.place);
    const text = "x".repeat(maxMessageBytes);
    first.publish(text);
    await eventually(() => second.taken.length === 1);
    expect(second.taken[0] === `all ${text}`).toBe(true);
  });

  it("that is a log is read from its beginning by a server that comes later", async () => {
    await using broker = await brokerFor("redis-streams");
    await using first = await Server.on("redis-streams", broker.place);
    const texts = Array.from({ length: 2_500 }, (_, index) => `${index + 1}`);
    for (const text of texts) first.publish(text);
    await eventually(() => first.taken.length === texts.length);
    await using late = await Server.on("redis-streams", broker.place);
    expect(late.taken).toEqual(first.taken);
    const client = new Redis(broker.place.url);
    const entries = await client.xrange("test", "-", "+");
    expect(entries.map(([id]) => id)).toEqual(texts.map((number) => `0-${number}`));
    await forgetLog(broker.place, "test");
    expect(await client.exists("test")).toBe(0);
    client.disconnect();
  });

  it.each(["redis", "nats"] as const)(
    "that keeps nothing loses what is published while its broker is away, and counts it: %s",
    async (kind) => {
      await using broker = await brokerFor(kind);
      await using first = await Server.on(kind, broker.place);
      await using second = await Server.on(kind, broker.place);
      first.publish("before");
      await eventually(() => second.taken.length === 1);
      const back = broker.program.fail(200);
      await eventually(() => {
        first.publish("meanwhile");
        return (first.end?.end().refused ?? 0) > 0;
      });
      await back;
      await eventually(() => {
        first.publish("after");
        return [first, second].every(({ taken }) => taken.at(-1) === "all after");
      });
      const { published = 0, repeated } = first.end?.end() ?? {};
      expect(second.taken.length).toBeLessThan(published);
      expect(repeated).toBe(0);
    },
  );

  it("that is a log loses and repeats nothing while its broker is away", async () => {
    await using broker = await brokerFor("redis-streams", true);
    await using first = await Server.on("redis-streams", broker.place);
    await using second = await Server.on("redis-streams", broker.place);
    const texts: string[] = [];
    const send = (count: number): void => {
      for (let left = count; left > 0; left -= 1) {
        texts.push(`all ${texts.length + 1}`);
        first.publish(`${texts.length}`);
      }
    };
    send(2_000);
    const back = broker.program.fail(100);
    send(500);
    await back;
    send(500);
    await eventually(() => [first, second].every(({ taken }) => taken.length >= 3_000));
    expect(first.taken).toEqual(texts);
    expect(second.taken).toEqual(texts);
    expect(first.end?.end()).toMatchObject({ published: 3_000, refused: 0, taken: 3_000 });
  });

  it("that is a log goes on when its broker has forgotten all of it", async () => {
    await using broker = await brokerFor("redis-streams");
    await using first = await Server.on("redis-streams", broker.place);
    for (let number = 1; number <= 10; number += 1) first.publish(`${number}`);
    await eventually(() => first.taken.length === 10);
    await broker.program.fail(0);
    first.publish("again");
    await eventually(() => first.taken.at(-1) === "all again");
  });

  it.each(kinds)("says why it can't be had: %s", async (kind) => {
    const scheme = kind === "nats" ? "nats" : "redis";
    await expect(
      checkBroker(kind, { url: `${scheme}://127.0.0.1:1`, tlsName: null }),
    ).rejects.toThrow(/^the broker can't be used: .*(ECONNREFUSED|connection refused)/);
    await using broker = await brokerFor(kind);
    await expect(checkBroker(kind, broker.place)).resolves.toBeUndefined();
  });
});
