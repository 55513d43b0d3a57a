import type { Redis } from "ioredis";
import type { BrokerPlace, Bus, BusBytes, Take } from "./bus.ts";
import { DialledBytes } from "./dialled-bytes.ts";
import { redisClient } from "./redis-client.ts";

/**
 * Publish/subscribe of Redis: who is there gets it, and nobody is told who isn't. A connection that subscribes can't
 * publish, so there are two.
 */
export class RedisBus implements Bus {
  readonly #topic: string;
  readonly #publisher: Redis;
  readonly #subscriber: Redis;
  readonly #dialled: DialledBytes;

  /** Resolves when all that is published from then on is taken. */
  static async join({ port, topic, ...broker }: BrokerPlace, take: Take): Promise<RedisBus> {
    const dialled = new DialledBytes(port);
    // What can't be sent is lost, rather than late.
    const options = {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
    };
    const [publisher, subscriber] = await Promise.all([
      redisClient(broker, options),
      redisClient(broker, {}),
    ]);
    subscriber.on("messageBuffer", (_topic: Buffer, frame: Buffer) => take(frame));
    await subscriber.subscribe(topic);
    return new RedisBus(topic, publisher, subscriber, dialled);
  }

  private constructor(topic: string, publisher: Redis, subscriber: Redis, dialled: DialledBytes) {
    this.#topic = topic;
    this.#publisher = publisher;
    this.#subscriber = subscriber;
    this.#dialled = dialled;
  }

  publish(frame: Buffer): boolean {
    if (this.#publisher.status !== "ready") return false;
    // Who takes it counts what is lost.
    this.#publisher.publish(this.#topic, frame).catch(() => {});
    return true;
  }

  bytes(): BusBytes {
    return this.#dialled.bytes();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
    this.#dialled[Symbol.dispose]();
  }
}
