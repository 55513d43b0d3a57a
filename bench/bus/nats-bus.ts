import type { NatsConnection } from "@nats-io/transport-node";
import type { BrokerPlace, Bus, BusBytes, Take } from "./bus.ts";
import { DialledBytes } from "./dialled-bytes.ts";
import { natsClient } from "./nats-client.ts";

/** Publish/subscribe of NATS: who is there gets it, and nobody is told who isn't. */
export class NatsBus implements Bus {
  readonly #topic: string;
  readonly #client: NatsConnection;
  readonly #dialled: DialledBytes;
  #isConnected = true;

  /** Resolves when all that is published from then on is taken. */
  static async join({ port, topic, ...broker }: BrokerPlace, take: Take): Promise<NatsBus> {
    const dialled = new DialledBytes(port);
    const client = await natsClient(broker);
    client.subscribe(topic, {
      callback(error, { data }) {
        if (error === null) take(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
      },
    });
    await client.flush();
    return new NatsBus(topic, client, dialled);
  }

  private constructor(topic: string, client: NatsConnection, dialled: DialledBytes) {
    this.#topic = topic;
    this.#client = client;
    this.#dialled = dialled;
    void this.#watch();
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#client.status()) {
      if (type === "disconnect") this.#isConnected = false;
      if (type === "reconnect") this.#isConnected = true;
    }
  }

  publish(frame: Buffer): boolean {
    // The client would keep it, and others wouldn't be back yet when it sent it.
    if (!this.#isConnected) return false;
    this.#client.publish(this.#topic, frame);
    return true;
  }

  bytes(): BusBytes {
    return this.#dialled.bytes();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isConnected = false;
    await this.#client.close();
    this.#dialled[Symbol.dispose]();
  }
}
