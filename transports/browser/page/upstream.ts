import { messageOf } from "./client.ts";

/** Sends each message up by a POST of its own, in order. */
export class Upstream {
  readonly #url: string;
  readonly #failed: (reason: string) => void;
  #last: Promise<void> = Promise.resolve();
  readonly #abort = new AbortController();

  constructor(channel: string, failed: (reason: string) => void) {
    this.#url = `/send/${channel}`;
    this.#failed = failed;
  }

  send(payload: string | Uint8Array): void {
    this.#last = this.#last.then(() => this.#post(payload));
  }

  async #post(payload: string | Uint8Array): Promise<void> {
    const { signal } = this.#abort;
    if (signal.aborted) return;
    try {
      const body = typeof payload === "string" ? payload : new Blob([new Uint8Array(payload)]);
      const { ok, status } = await fetch(this.#url, { method: "POST", body, signal });
      if (!ok) this.#fail(`the server answered with status ${status} to a message`);
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }

  #fail(reason: string): void {
    if (this.#abort.signal.aborted) return;
    this.close();
    this.#failed(reason);
  }

  close(): void {
    this.#abort.abort();
  }
}
