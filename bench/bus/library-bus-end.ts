import type { Redis } from "ioredis";
import type { BusName } from "../../transports/bus-names.ts";
import type { LibraryBus } from "../../transports/library-bus.ts";
import type { TransportServer } from "../../transports/transport.ts";
import type { BrokerPlace } from "./bus.ts";
import type { BusEnd } from "./bus-end.ts";
import { BusMeter } from "./bus-meter.ts";
import type { BusCounts, BusProgress, MessageHead, MessageName } from "./bus-meter.ts";
import { DialledBytes } from "./dialled-bytes.ts";
import { redisClient } from "./redis-client.ts";

/**
 * What the broker's client does by itself where its user says nothing, except for one thing: a command waits for as long
 * as the broker is away, where it would fail after 20 attempts to connect, and end the process, as nobody catches that.
 */
const asUsersHaveIt = { maxRetriesPerRequest: null };
const waitMs = (attempt: number): number => Math.min(50 * attempt, 2_000);

const headBytes = 16;

/** An end of what a library has for sharing messages: numbers what is published there, and counts what has come. */
export class LibraryBusEnd implements BusEnd {
  readonly #bus: LibraryBus;
  readonly #meter: BusMeter;
  readonly #client: Redis;
  readonly #dialled: DialledBytes;
  readonly #note: (channel: string, payload: Buffer) => void;

  /** `note` is called with each message that a client may get here, `sequenceOf` tells its number on its channel. */
  static async join(
    server: TransportServer,
    { kind, broker }: { readonly kind: BusName; readonly broker: BrokerPlace },
    note: (channel: string, payload: Buffer) => void,
    sequenceOf: (payload: Buffer) => number | null,
  ): Promise<LibraryBusEnd> {
    if (server.join === undefined) throw new Error("the server can't join others by itself");
    const meter = new BusMeter(sequenceOf);
    // The clients of a server get at once what it publishes.
    meter.crossesItself = false;
    const dialled = new DialledBytes(broker.port);
    const client = await redisClient(broker, asUsersHaveIt, waitMs);
    const place = { bus: kind, client, prefix: broker.topic };
    const bus = await server.join(place, (text, channel, payload) => {
      const head = readHead(text);
      if (head === null || head.publisher === meter.publisher || !meter.take(head)) return false;
      note(channel, payload);
      return true;
    });
    return new LibraryBusEnd(bus, meter, client, dialled, note);
  }

  private constructor(
    bus: LibraryBus,
    meter: BusMeter,
    client: Redis,
    dialled: DialledBytes,
    note: (channel: string, payload: Buffer) => void,
  ) {
    this.#bus = bus;
    this.#meter = meter;
    this.#client = client;
    this.#dialled = dialled;
    this.#note = note;
  }

  readonly publish = (channel: string, payload: Buffer): void => {
    const head = this.#meter.next(channel, payload);
    this.#note(channel, payload);
    this.#bus.publish(channel, payload, headText(head));
  };

  get soFar(): BusProgress {
    return this.#meter.soFar;
  }

  begin(): void {
    this.#meter.begin(this.#dialled.bytes());
  }

  end(): BusCounts {
    return this.#meter.end(this.#dialled.bytes());
  }

  nameOf(publisher: number, number: number): MessageName | null {
    return this.#meter.nameOf(publisher, number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bus[Symbol.asyncDispose]();
    this.#client.disconnect();
    this.#dialled[Symbol.dispose]();
    this.#meter[Symbol.dispose]();
  }
}

/** A head as text, always of the same length, whatever the library makes of it. */
function headText({ publisher, number, publishedNs }: MessageHead): string {
  const head = Buffer.allocUnsafe(headBytes);
  head.writeUInt32BE(publisher, 0);
  head.writeUInt32BE(number, 4);
  head.writeDoubleBE(publishedNs, 8);
  return head.toString("base64url");
}

/** Null where it is none. */
function readHead(text: string): MessageHead | null {
  const head = Buffer.from(text, "base64url");
  if (head.length !== headBytes) return null;
  return {
    publisher: head.readUInt32BE(0),
    number: head.readUInt32BE(4),
    publishedNs: head.readDoubleBE(8),
  };
}
