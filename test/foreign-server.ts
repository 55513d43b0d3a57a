import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { portOf } from "../bench/measure/listen.ts";

async function publish(
  request: IncomingMessage,
  response: ServerResponse,
  peers: ReadonlySet<ServerResponse>,
): Promise<void> {
  const wrapped = JSON.stringify({ text: (await buffer(request)).toString() });
  for (const peer of peers) peer.write(`${wrapped}\n`);
  response.writeHead(202).end("taken");
}

/** A server that wasn't written for the harness: see docs/adapters.md. */
export class ForeignServer implements AsyncDisposable {
  readonly #server: Server;
  readonly #subscribed = new Map<string, Set<ServerResponse>>();

  static async open(): Promise<ForeignServer> {
    const foreign = new ForeignServer();
    await new Promise<void>((resolve) => foreign.#server.listen(0, "127.0.0.1", resolve));
    return foreign;
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      const [, what = "", channel = ""] = (request.url ?? "").split("/");
      const peers = this.#subscribed.get(channel) ?? new Set();
      this.#subscribed.set(channel, peers);
      if (what === "subscribe") {
        response.flushHeaders();
        peers.add(response);
        response.once("close", () => peers.delete(response));
      } else if (what === "publish") {
        void publish(request, response, peers);
      } else response.writeHead(404).end();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
