import { once } from "node:events";
import type { RawData, WebSocket } from "ws";
import type { PageClientSettings } from "../../transports/browser/page-protocol.ts";
import type { PageCommand, PageReport } from "../../transports/browser/page-protocol.ts";
import type { ClientHandlers, Connection, OwnReturn } from "../../transports/transport.ts";
import { nowNs } from "../measure/clock.ts";
import type { PageClock } from "./page-clock.ts";
import type { ClockExchange } from "./page-clock.ts";
import type { Tab } from "./tab.ts";
import { PageConnection } from "./page-connection.ts";

/** As many exchanges are made to align a clock: the narrowest ends of so many are hardly ever beaten by more. */
const exchangesEach = 60;

/** A page with clients, which reports over a WebSocket of its own. */
export class DrivenPage {
  readonly clock: PageClock;
  readonly #socket: WebSocket;
  readonly tab: Tab;
  readonly #clients = new Map<number, PageConnection>();
  #lastClient = 0;
  #clockRead: (pageMs: number) => void = () => {};

  constructor(socket: WebSocket, clock: PageClock, tab: Tab) {
    this.#socket = socket;
    this.tab = tab;
    this.clock = clock;
    socket.on("message", (data: RawData) => this.#take(reportIn(data)));
    socket.on("close", () => {
      for (const client of this.#clients.values()) client.end("the page has ended");
    });
    // `close` follows.
    socket.on("error", () => {});
  }

  /** Opens a client in it; resolves when that is subscribed. */
  async open(
    settings: PageClientSettings,
    handlers: ClientHandlers,
    ownReturn?: OwnReturn,
  ): Promise<Connection> {
    const client = (this.#lastClient += 1);
    const isBinary = settings.binary === true;
    return await new Promise((resolve, reject) => {
      const subscribed = (error?: Error): void => {
        if (error === undefined) return resolve(connection);
        this.left(client);
        reject(error);
      };
      const connection = new PageConnection(
        client,
        this,
        isBinary,
        handlers,
        ownReturn,
        subscribed,
      );
      this.#clients.set(client, connection);
      if (this.#socket.readyState === this.#socket.OPEN)
        this.tell({ do: "open", client, settings });
      else connection.end("the page has ended");
    });
  }

  tell(command: PageCommand): void {
    this.#socket.send(JSON.stringify(command));
  }

  left(client: number): void {
    this.#clients.delete(client);
    if (this.#socket.readyState === this.#socket.OPEN) this.tell({ do: "close", client });
  }

  #take(report: PageReport): void {
    if ("clockMs" in report) return this.#clockRead(report.clockMs);
    for (const event of report) this.#clients.get(event[1])?.take(event);
  }

  async close(): Promise<void> {
    await this.tab.close();
    const socket = this.#socket;
    if (socket.readyState === socket.CLOSED) return;
    const closed = once(socket, "close");
    socket.terminate();
    await closed;
  }

  /** Aligns its clock anew. */
  async align(): Promise<void> {
    this.clock.align(await this.#exchanges());
  }

  /** Looks how well it was aligned. */
  async check(): Promise<void> {
    this.clock.check(await this.#exchanges());
  }

  async #exchanges(): Promise<ClockExchange[]> {
    const exchanges: ClockExchange[] = [];
    while (exchanges.length < exchangesEach) exchanges.push(await this.#exchange());
    return exchanges;
  }

  async #exchange(): Promise<ClockExchange> {
    const over = new AbortController();
    const ended = once(this.#socket, "close", { signal: over.signal }).then(() => {
      throw new Error("the page has ended");
    });
    ended.catch(() => {});
    const read = new Promise<ClockExchange>((resolve) => {
      const sentNs = nowNs();
      this.#clockRead = (pageMs) => resolve({ sentNs, pageMs, receivedNs: nowNs() });
      this.tell({ do: "clock" });
    });
    try {
      return await Promise.race([read, ended]);
    } finally {
      over.abort();
    }
  }
}

/** The other end was built with this one, and nobody else knows where it connects. */
function reportIn(data: RawData): PageReport {
  // oxlint-disable-next-line typescript/no-base-to-string -- text frames are buffers
  const report: PageReport = JSON.parse(data.toString());
  return report;
}
