import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import type { TlsClient } from "../layers/tls.ts";
import type { PageHost } from "../browsers/page-host.ts";
import { Dialler, resetAll } from "../measure/dialler.ts";
import { formatMs } from "../../transports/option-values.ts";
import { asError, tooLong } from "../../transports/protocol-error.ts";
import { maxMessageBytes } from "../../transports/transport.ts";
import type { BoundTransport } from "../../transports/define-transport.ts";
import type { Connection, ReadChunk, Target } from "../../transports/transport.ts";
import { Mismatch, CaseSkipped } from "./mismatch.ts";
import { RecordingClient } from "./recording-client.ts";

/** Where the server under test is, what it should be, and how long each case may take. */
export interface ServerUnderTest {
  /** The URL in requests. */
  readonly url: URL;
  /** An address or a name. */
  readonly host: string;
  readonly port: number;
  /** Null, as when left out, without TLS. */
  readonly tls?: TlsClient | null;
  readonly transport: BoundTransport;
  /** Where its clients live in a browser: the pages. */
  readonly pages?: PageHost | undefined;
  readonly caseLimitMs: number;
  /** How a message gets on a channel where clients of the transport send none. */
  readonly publish?: (channel: string, payload: Buffer) => void;
  /** How many messages it keeps for who comes back; absent where that isn't known. */
  readonly logMessages?: number | undefined;
}

/** A client of the built-in transport, and all that it received. */
export interface Client {
  readonly seen: RecordingClient;
  readonly connection: Connection;
  /** Has a message sent on its channel: by itself, unless it only receives. */
  send(payload: Buffer): void;
  /** Ends it as a machine does that is switched off. */
  reset(): Promise<void>;
}

/** More than any case asks for: a server that sends this much would go on forever. */
const maxReceivedBytes = 8 * maxMessageBytes;
const watchMs = 50;

/** A browser opens 6 connections to a host over HTTP/1.1; clients send up, too. */
const clientsOfPage = 3;

/** The server as one case has it: within a deadline, and with an end to all that the case has opened. */
export class Subject implements AsyncDisposable {
  readonly url: URL;
  /** How often a socket was dialled so far. */
  dialled = 0;
  readonly #server: ServerUnderTest;
  readonly #sockets = new Set<Socket>();
  readonly #connections: Connection[] = [];
  /** Clients that were opened in pages. */
  #inPages = 0;
  readonly #timeUp: Promise<never>;
  readonly #startMs = performance.now();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(server: ServerUnderTest) {
    this.#server = server;
    this.url = server.url;
    this.#timeUp = new Promise((_resolve, reject) => {
      this.#timers.push(
        setTimeout(() => reject(this.#lateness()), server.caseLimitMs),
        setInterval(() => this.#stopFlood(reject), watchMs),
      );
    });
    this.#timeUp.catch(() => {});
  }

  /** How long to wait for an answer that need not come. */
  get holdTimeoutMs(): number {
    return this.#server.caseLimitMs / 2;
  }

  /** How long a connection is idle between two polls of a client. */
  get pauseMs(): number {
    return this.#server.transport.polling?.intervalMs ?? 0;
  }

  /** The transport's options. */
  get options(): Readonly<Record<string, unknown>> {
    return this.#server.transport.options;
  }

  /** How many messages the server keeps for clients that come back; null where that isn't known. */
  get logMessages(): number | null {
    return this.#server.logMessages ?? null;
  }

  /** A channel that no one has named before. */
  channel(): string {
    return `case-${randomBytes(6).toString("hex")}`;
  }

  dial(dialler: Dialler = this.#dialler(), read?: ReadChunk): Socket {
    const socket = dialler.dial(read);
    this.dialled += 1;
    this.#sockets.add(socket);
    // Whoever uses it hears of it, too; that the case has ended is no reason to end the process.
    socket.on("error", () => {});
    socket.once("close", () => this.#sockets.delete(socket));
    return socket;
  }

  /** A subscribed client of the built-in transport. */
  async client(channel: string, after?: number): Promise<Client> {
    const seen = new RecordingClient();
    const dialler = this.#dialler();
    const target = {
      url: this.url,
      channel,
      phase: 0,
      ...(after !== undefined && { after }),
      ...this.#inPage(),
      dial: (read?: ReadChunk) => this.dial(dialler, read),
    };
    const connection = await this.#subscribed(dialler, () =>
      this.#server.transport.connect(target, seen),
    );
    this.#connections.push(connection);
    const { publish } = this.#server;
    const reset = async (): Promise<void> => {
      await dialler.reset();
      await connection[Symbol.asyncDispose]();
    };
    const send = (payload: Buffer): void =>
      publish === undefined ? connection.send(payload) : publish(channel, payload);
    return { seen, connection, send, reset };
  }

  /** A client whose time is up fails with what has come so far. */
  async #subscribed(dialler: Dialler, connecting: () => Promise<Connection>): Promise<Connection> {
    const leftMs = this.#startMs + this.#server.caseLimitMs - performance.now();
    try {
      return await dialler.within(leftMs, connecting, () => this.#lateness());
    } catch (error) {
      throw new Mismatch("a client to be subscribed", asError(error).message);
    }
  }

  #inPage(): Pick<Target, "openInPage"> {
    const { pages } = this.#server;
    if (pages === undefined) return {};
    const number = Math.floor(this.#inPages / clientsOfPage);
    this.#inPages += 1;
    return {
      openInPage: async (...client) => await (await pages.page(this.url, number)).open(...client),
    };
  }

  #dialler(): Dialler {
    const { host, port, tls = null } = this.#server;
    return new Dialler(host, port, tls);
  }

  #lateness(): Error {
    return new Error(`nothing more within ${formatMs(this.#server.caseLimitMs)}`);
  }

  /**
   * The outcome of `step`. Where it fails or doesn't end in time, the error says what was expected, and `received`
   * says what was received instead.
   */
  async expecting<T>(expected: string, step: Promise<T>, received?: () => string): Promise<T> {
    try {
      return await Promise.race([step, this.#timeUp]);
    } catch (error) {
      if (error instanceof Mismatch || error instanceof CaseSkipped) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new Mismatch(
        expected,
        received === undefined ? reason : `${received()}, then ${reason}`,
      );
    }
  }

  /** Whether `step` stays undone for a while. */
  async stays(step: Promise<unknown>, forMs: number): Promise<boolean> {
    const undone = new Promise<true>((resolve) => {
      this.#timers.push(setTimeout(resolve, forMs, true));
    });
    return await Promise.race([undone, step.then(() => false as const)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await resetAll([...this.#sockets]);
    await Promise.all(this.#connections.map((connection) => connection[Symbol.asyncDispose]()));
    await this.#server.pages?.closeAt(this.url);
  }

  #stopFlood(stop: (error: Error) => void): void {
    let bytes = 0;
    for (const socket of this.#sockets) bytes += socket.bytesRead;
    if (bytes <= maxReceivedBytes) return;
    const error = tooLong("an answer", maxReceivedBytes);
    stop(error);
    for (const socket of this.#sockets) socket.destroy(error);
  }
}
