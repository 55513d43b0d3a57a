import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { RecordingClient, Signal } from "./recording-client.ts";
import { identityOf } from "../layers/certificate.ts";
import { TlsClient, trustIn } from "../layers/tls.ts";
import type { PageHost } from "../browsers/page-host.ts";
import { Dialler, urlAt } from "../measure/dialler.ts";
import { portOf } from "../measure/listen.ts";
import { CountedListener } from "../measure/listener.ts";
import { earnSession } from "../measure/earn-session.ts";
import { Places } from "../measure/places.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import { guardsOf } from "../../transports/guards.ts";
import { isHttp2 } from "../../transports/layers.ts";
import type { Connection, ReadChunk, Target, TransportServer } from "../../transports/transport.ts";
import { Waiter } from "./waiter.ts";

export interface LinkedClient extends AsyncDisposable {
  readonly seen: RecordingClient;
  readonly connection: Connection;
  /** All that it has received, as soon as there are so many. */
  received(messages: number): Promise<readonly string[]>;
  /** Resolves when so many of its requests have been answered, and tells how many messages each had brought by then. */
  answered(requests: number): Promise<readonly number[]>;
  /** The reason that it gives for its end, as soon as it gives one. */
  ended(): Promise<string | undefined>;
}

export interface LinkOptions {
  /** What is listened on, where it isn't a listener with the layers of the transport. */
  readonly listen?: (() => Promise<CountedListener>) | undefined;
  /** Where clients live in a browser: its pages. */
  readonly pages?: PageHost | undefined;
  readonly waiter?: Waiter;
}

/**
 * One server and its clients in this process, with a relay between them that counts, on its own, what
 * crosses it, and that can cut every connection.
 */
export class Link implements AsyncDisposable {
  readonly listener: CountedListener;
  readonly server: TransportServer;
  readonly upstream: { channel: string; payload: string }[] = [];
  readonly upstreamChanges: Signal = new Signal();
  readonly relay: Relay;
  readonly waiter: Waiter;
  readonly #transport: BoundTransport;
  readonly #isSecure: boolean;
  readonly #places: Places;
  readonly #pages: PageHost | null;
  #clients = 0;

  static async open(
    transport: BoundTransport,
    { listen, pages, waiter = new Waiter() }: LinkOptions = {},
  ): Promise<Link> {
    await transport.prepareToServe();
    const { listener, tls } = await openListener(transport, listen);
    const relay = await Relay.open(listener.port);
    const link = new Link(transport, listener, relay, tls, waiter, pages ?? null);
    await earnSession(tls, new Dialler("127.0.0.1", relay.port));
    return link;
  }

  private constructor(
    transport: BoundTransport,
    listener: CountedListener,
    relay: Relay,
    tls: TlsClient | null,
    waiter: Waiter,
    pages: PageHost | null,
  ) {
    this.waiter = waiter;
    this.#pages = pages;
    this.#transport = transport;
    this.#isSecure = tls !== null;
    this.#places = new Places(
      transport.layers.share ?? 1,
      () => new Dialler("127.0.0.1", relay.port, tls),
    );
    this.listener = listener;
    this.relay = relay;
    this.server = transport.serve(listener, {
      message: (channel, payload) => {
        this.upstream.push({ channel, payload: payload.toString() });
        this.upstreamChanges.changed();
      },
    });
  }

  publish(payload: string, channel = "all"): void {
    this.server.publish(channel, Buffer.from(payload));
  }

  async connect(
    options: Partial<Pick<Target, "channel" | "after" | "asks">> = {},
  ): Promise<LinkedClient> {
    const seen = new RecordingClient();
    const place = this.#places.take(this.#clients);
    this.#clients += 1;
    const connecting = this.#transport.connect(
      {
        url: new URL(this.#isSecure ? "https://localhost" : "http://localhost"),
        channel: "all",
        phase: 0,
        ...options,
        ...(this.listener.isHttp2 && { http2: place }),
        ...this.#inPage(),
        dial: (read?: ReadChunk) => place.dialler.dial(read),
      },
      seen,
    );
    const connection = await this.waiter.for("a client to be subscribed", connecting);
    return {
      seen,
      connection,
      received: (messages) =>
        this.waiter.for(
          `${messages} messages`,
          seen.count(messages),
          () => `${seen.received.length} of them`,
        ),
      answered: async (requests) => {
        await this.waiter.for(
          `${requests} whole answers`,
          seen.changes.until(() => seen.answers.length >= requests),
          () => `${seen.answers.length} of them`,
        );
        return seen.answers;
      },
      ended: async () => {
        const told = seen.changes.until(() => seen.endings.length > 0);
        await this.waiter.for("word of an answer that was cut", told);
        return seen.endings[0];
      },
      async [Symbol.asyncDispose]() {
        await connection[Symbol.asyncDispose]();
        place.clients -= 1;
        if (place.clients === 0) await place.dialler.closed();
      },
    };
  }

  #inPage(): Pick<Target, "openInPage"> {
    const pages = this.#pages;
    if (pages === null) return {};
    const url = this.#pageUrl;
    return { openInPage: async (...client) => await (await pages.page(url, 0)).open(...client) };
  }

  get #pageUrl(): URL {
    return urlAt("127.0.0.1", this.relay.port, this.#isSecure);
  }

  /** All that was sent up, as soon as there are so many. */
  async sentUp(messages: number): Promise<readonly { channel: string; payload: string }[]> {
    const { upstream } = this;
    await this.waiter.for(
      `${messages} messages sent up`,
      this.upstreamChanges.until(() => upstream.length >= messages),
      () => `${upstream.length} of them`,
    );
    return upstream;
  }

  /** Resolves when no connection runs through the relay any more. */
  settled(): Promise<void> {
    return this.waiter.for("every connection to end", this.relay.settled());
  }

  /** Resolves at a moment at which the relay has counted as many bytes as the listener. */
  async agreed(): Promise<void> {
    const isCounted = (): boolean => {
      const { down, up } = this.listener.totals().total;
      return down === this.relay.down && up === this.relay.up;
    };
    await this.waiter.until("as many bytes as an independent relay counts", isCounted);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const url = this.#pageUrl;
    await this.waiter.for("the server to close", this.server[Symbol.asyncDispose]());
    await this.listener[Symbol.asyncDispose]();
    await this.relay[Symbol.asyncDispose]();
    await this.#pages?.closeAt(url);
  }
}

/** A listener with the layers that a transport asks for, and what clients reach it by; null without TLS. */
export async function openListener(
  { layers }: BoundTransport,
  listen?: () => Promise<CountedListener>,
): Promise<{ readonly listener: CountedListener; readonly tls: TlsClient | null }> {
  const identity = layers.tls === undefined ? null : await identityOf(layers.tls);
  const options = { identity, isHttp2: isHttp2(layers), guards: guardsOf(layers) };
  return {
    listener: await (listen?.() ?? CountedListener.open(["127.0.0.1"], options)),
    tls: identity && new TlsClient(trustIn(identity), layers),
  };
}

/** Passes bytes on unchanged and counts them: an account of the wire that shares no code with ours. */
export class Relay implements AsyncDisposable {
  down = 0;
  up = 0;
  readonly #server = createServer();
  readonly #sockets = new Set<Socket>();
  readonly #ended = new Signal();

  static async open(targetPort: number): Promise<Relay> {
    const relay = new Relay(targetPort);
    await new Promise<void>((resolve) => relay.#server.listen(0, "127.0.0.1", resolve));
    return relay;
  }

  private constructor(targetPort: number) {
    this.#server.on("connection", (client) => {
      const server = connect(targetPort, "127.0.0.1");
      client.on("data", (chunk) => (this.up += chunk.length));
      server.on("data", (chunk) => (this.down += chunk.length));
      client.pipe(server);
      server.pipe(client);
      for (const [socket, other] of [
        [client, server],
        [server, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.on("error", () => {});
        socket.on("close", () => {
          this.#sockets.delete(socket);
          other.destroy();
          this.#ended.changed();
        });
      }
    });
  }

  get port(): number {
    return portOf(this.#server);
  }

  /** Resolves when no connection runs through this relay any more. */
  settled(): Promise<void> {
    return this.#ended.until(() => this.#sockets.size === 0);
  }

  /** Ends every connection that runs through this relay, with a reset. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await this.settled();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
