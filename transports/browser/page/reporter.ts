import type { PageEvent, PageReport } from "../page-protocol.ts";
import type { Tells } from "./client.ts";

/** How long messages are gathered before they are told, in milliseconds: what has arrived isn't waited for. */
const gatherMs = 5;

/** Tells the harness what happens to clients, in batches: what is stamped doesn't lose by waiting. */
export class Reporter {
  readonly #send: (text: string) => void;
  #events: PageEvent[] = [];
  #isDue = false;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  /** What a client of this number tells; a message is stamped first of all. */
  of(client: number): Tells {
    return {
      open: (cursor) => this.#now(["open", client, cursor]),
      message: (cursor, payload) => {
        const atMs = performance.now();
        this.#soon(
          typeof payload === "string"
            ? ["message", client, atMs, cursor, payload]
            : ["bytes", client, atMs, cursor, asBase64(payload)],
        );
      },
      gap: (missed) => this.#soon(["gap", client, missed]),
      closed: (reason) => this.#now(["closed", client, reason]),
      answered: () => this.#now(["answered", client]),
      lost: () => this.#now(["lost", client]),
      failed: () => this.#now(["failed", client]),
      back: () => this.#now(["back", client]),
    };
  }

  #now(event: PageEvent): void {
    this.#events.push(event);
    this.#flush();
  }

  #soon(event: PageEvent): void {
    this.#events.push(event);
    if (this.#isDue) return;
    this.#isDue = true;
    setTimeout(() => {
      this.#isDue = false;
      this.#flush();
    }, gatherMs);
  }

  #flush(): void {
    if (this.#events.length === 0) return;
    const report: PageReport = this.#events;
    this.#events = [];
    this.#send(JSON.stringify(report));
  }
}

/** The most characters that a function takes as arguments without risk. */
const chunkBytes = 8_192;

function asBase64(payload: ArrayBuffer): string {
  const bytes = new Uint8Array(payload);
  let text = "";
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    text += String.fromCharCode(...bytes.subarray(at, at + chunkBytes));
  }
  return btoa(text);
}
