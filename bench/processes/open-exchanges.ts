import type { Server } from "node:http";

/** The exchanges of a server that aren't over: held polls, streams, and connections that speak another protocol. */
export class OpenExchanges {
  #open = 0;

  /** Counts those that begin from here on. */
  constructor(http: Server) {
    http.prependListener("request", (_request, response) => {
      this.#open += 1;
      response.once("close", () => (this.#open -= 1));
    });
    // Node answers requests to upgrade as if they weren't, where no one listens to them.
    if (http.listenerCount("upgrade") === 0) return;
    http.prependListener("upgrade", (_request, stream) => {
      this.#open += 1;
      stream.once("close", () => (this.#open -= 1));
    });
  }

  get count(): number {
    return this.#open;
  }
}
