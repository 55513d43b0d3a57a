import type { Redis } from "ioredis";
import { setTimeout } from "node:timers/promises";
import { reconnectMs } from "./bus.ts";
import type { BrokerPlace, Bus, BusBytes, Take } from "./bus.ts";
import { DialledBytes } from "./dialled-bytes.ts";
import { redisClient } from "./redis-client.ts";

/** Before the first entry. The log numbers its entries from `0-1` on, as the harness does its messages. */
const start = 0;

const field = "frame";
const entriesAtOnce = 1_000;

/**
 * A stream of Redis: a log that every server reads from its beginning, and goes on reading where it was when the
 * connection or the broker was away. What couldn't be sent meanwhile is sent then.
 */
export class RedisStreamBus implements Bus {
  readonly #topic: string;
  readonly #writer: Redis;
  readonly #reader: Redis;
  readonly #dialled: DialledBytes;
  readonly #take: Take;
  #last = start;
  #isClosed = false;

  /** Resolves when all that was published before has been taken. */
  static async join({ port, topic, ...broker }: BrokerPlace, take: Take): Promise<RedisStreamBus> {
    const dialled = new DialledBytes(port);
    const [writer, reader] = await Promise.all([
      redisClient(broker, { maxRetriesPerRequest: null }),
      // A question that was cut off fails, as one does while nobody is there: where to go on is decided here.
      redisClient(broker, {
        maxRetriesPerRequest: 0,
        autoResendUnfulfilledCommands: false,
        enableOfflineQueue: false,
      }),
    ]);
    const bus = new RedisStreamBus(topic, writer, reader, dialled, take);
    const newest = await bus.#newest();
    while (bus.#last < newest) await bus.#read(false);
    void bus.#follow();
    return bus;
  }

  private constructor(
    topic: string,
    writer: Redis,
    reader: Redis,
    dialled: DialledBytes,
    take: Take,
  ) {
    this.#topic = topic;
    this.#writer = writer;
    this.#reader = reader;
    this.#dialled = dialled;
    this.#take = take;
  }

  publish(frame: Buffer): boolean {
    // One that is sent again after the connection was lost is dropped by those who take it, if it was there already.
    this.#writer.xadd(this.#topic, "0-*", field, frame).catch(() => {});
    return true;
  }

  bytes(): BusBytes {
    return this.#dialled.bytes();
  }

  async #follow(): Promise<void> {
    let isKnown = true;
    while (!this.#isClosed) {
      try {
        // A broker that kept nothing numbers from the beginning again.
        if (!isKnown && (await this.#newest()) < this.#last) this.#last = start;
        isKnown = true;
        await this.#read(true);
      } catch {
        // Whoever answers next may be another.
        isKnown = false;
        await setTimeout(reconnectMs);
      }
    }
  }

  async #read(waits: boolean): Promise<void> {
    const after = `0-${this.#last}`;
    const from = ["STREAMS", this.#topic, after] as const;
    const streams = waits
      ? await this.#reader.xreadBuffer("COUNT", entriesAtOnce, "BLOCK", 0, ...from)
      : await this.#reader.xreadBuffer("COUNT", entriesAtOnce, ...from);
    for (const [, entries] of streams ?? []) {
      for (const [id, [, frame]] of entries) {
        this.#last = numberOf(id.toString());
        if (frame !== undefined) this.#take(frame);
      }
    }
  }

  /** The number of the last entry. */
  async #newest(): Promise<number> {
    const [last] = await this.#reader.xrevrange(this.#topic, "+", "-", "COUNT", 1);
    return last === undefined ? start : numberOf(last[0]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#writer.disconnect();
    this.#reader.disconnect();
    this.#dialled[Symbol.dispose]();
  }
}

function numberOf(id: string): number {
  return Number(id.slice(id.indexOf("-") + 1));
}
