import type { PageClientSettings } from "../page-protocol.ts";

/** What a client in a page tells. */
export interface Tells {
  /** It is subscribed, after this message. */
  open(cursor: number): void;
  message(cursor: number, payload: string | ArrayBuffer): void;
  gap(missed: number): void;
  closed(reason: string): void;
  /** The answer has ended that was asked for last. */
  answered(): void;
  /** Of a client that comes back by itself: see `OwnReturn`. */
  lost(): void;
  failed(): void;
  back(): void;
}

export interface PageClient {
  send(payload: string | Uint8Array): void;
  close(): void;
}

/** Begins to subscribe; tells everything later. */
export type OpenClient = (settings: PageClientSettings, tells: Tells) => PageClient;

/** `?after=12` for one that resumes. */
export function resuming({ after }: PageClientSettings): string {
  return after === undefined ? "" : `?after=${after}`;
}

/**
 * Resolves when the page has a connection to its server, whatever that answers: a page that comes from there has one.
 */
export async function connected(): Promise<void> {
  try {
    const answer = await fetch("/", { cache: "no-store" });
    await answer.arrayBuffer();
  } catch {
    // What is asked next will tell.
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The state of a subscription that begins with a hello, and numbers its messages. */
export class Subscription {
  cursor = 0;
  isOpen = false;
  isEnded = false;
  readonly #settings: PageClientSettings;
  readonly #tells: Tells;
  #isAway = false;

  constructor(settings: PageClientSettings, tells: Tells) {
    this.#settings = settings;
    this.#tells = tells;
  }

  hello(text: string): void {
    const cursor = Number(text);
    if (!Number.isSafeInteger(cursor)) return this.end(`the hello is ${text.slice(0, 40)}`);
    const after = this.#isAway ? this.cursor : this.#settings.after;
    const missed = cursor - (after ?? cursor);
    this.cursor = cursor;
    if (missed > 0) this.#tells.gap(missed);
    if (this.#isAway) this.#tells.back();
    else this.#tells.open(cursor);
    this.isOpen = true;
    this.#isAway = false;
  }

  /** The next message, or that of a number. */
  message(payload: string | ArrayBuffer, number = this.cursor + 1): void {
    if (this.isEnded) return;
    const missed = number - this.cursor - 1;
    if (missed > 0) this.#tells.gap(missed);
    this.cursor = number;
    this.#tells.message(number, payload);
  }

  /** It has lost its connection, and is getting another by itself. */
  lost(): void {
    if (this.#isAway) return this.#tells.failed();
    this.isOpen = false;
    this.#isAway = true;
    this.#tells.lost();
  }

  end(reason: string): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.#tells.closed(reason);
  }
}
