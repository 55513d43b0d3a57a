import type { ClientHandlers, Connection, OwnReturn } from "../../transports/transport.ts";
import type { PageCommand, PageEvent } from "../../transports/browser/page-protocol.ts";
import { nowNs } from "../measure/clock.ts";
import type { PageClock } from "./page-clock.ts";

/** The page that a client lives in, as its connection sees it. */
interface Page {
  readonly clock: PageClock;
  tell(command: PageCommand): void;
  left(client: number): void;
}

/** A client in a page: what it tells is passed on, and what it is to send is handed over. */
export class PageConnection implements Connection {
  cursor = 0;
  readonly #client: number;
  readonly #page: Page;
  readonly #binary: boolean;
  readonly #handlers: ClientHandlers;
  readonly #ownReturn: OwnReturn | undefined;
  readonly #subscribed: (error?: Error) => void;
  #state: "connecting" | "open" | "ended" = "connecting";

  /** `subscribed` is told when it is, or why it can't be. */
  constructor(
    client: number,
    page: Page,
    binary: boolean,
    handlers: ClientHandlers,
    ownReturn: OwnReturn | undefined,
    subscribed: (error?: Error) => void,
  ) {
    this.#client = client;
    this.#page = page;
    this.#binary = binary;
    this.#handlers = handlers;
    this.#ownReturn = ownReturn;
    this.#subscribed = subscribed;
  }

  get stampBoundNs(): number {
    return this.#page.clock.boundNs;
  }

  take(event: PageEvent): void {
    if (this.#state === "ended") return;
    switch (event[0]) {
      case "message":
        return this.#message(event[2], event[3], event[4]);
      case "bytes":
        return this.#message(event[2], event[3], Buffer.from(event[4], "base64"));
      case "open":
        this.cursor = event[2];
        this.#state = "open";
        return this.#subscribed();
      case "gap":
        return this.#handlers.gap(event[2]);
      case "closed":
        return this.end(event[2]);
      case "answered":
        return this.#handlers.answered?.();
      case "lost":
      case "failed":
      case "back":
        return this.#ownReturn?.[event[0]]();
    }
  }

  #message(atMs: number, cursor: number, payload: Buffer | string): void {
    this.cursor = cursor;
    this.#handlers.message(payload, nowNs() - this.#page.clock.nsOf(atMs));
  }

  /** It has ended without having been asked to. */
  end(reason: string): void {
    const state = this.#state;
    this.#state = "ended";
    if (state === "connecting") this.#subscribed(new Error(reason));
    else if (state === "open") this.#handlers.closed(reason);
  }

  send(payload: Buffer): void {
    const client = this.#client;
    this.#page.tell(
      this.#binary
        ? { do: "send", client, bytes: payload.toString("base64") }
        : { do: "send", client, text: payload.toString() },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#state = "ended";
    this.#page.left(this.#client);
  }
}
