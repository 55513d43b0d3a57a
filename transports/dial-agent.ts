import { Agent } from "node:http";
import type { ClientRequest, ClientRequestArgs } from "node:http";
import { Duplex } from "node:stream";

/** An agent for libraries that make requests with one: on streams of a single client, which the harness dials. */
export class DialAgent extends Agent {
  readonly streams: Set<Duplex> = new Set<Duplex>();
  /** Node compares it with that of the request's URL; whether the stream is secure, who dials it knows. */
  readonly protocol: string;
  readonly #dial: () => Duplex;
  #isClosed = false;

  constructor({ protocol }: URL, keepAlive: boolean, dial: () => Duplex) {
    super({ keepAlive });
    this.protocol = protocol;
    this.#dial = dial;
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | undefined {
    if (this.#isClosed) {
      callback?.(new Error("the client is closed"), new Duplex());
      return undefined;
    }
    const stream = this.#dial();
    this.streams.add(stream);
    stream.once("close", () => this.streams.delete(stream));
    return stream;
  }

  /**
   * `xmlhttprequest-ssl` makes a request anew that fails on a stream which was used before, but never sends it. So it
   * isn't told.
   */
  override reuseSocket(stream: Duplex, request: ClientRequest): void {
    super.reuseSocket(stream, request);
    request.reusedSocket = false;
  }

  /** Ends every stream; no more are dialled. Resolves when all are closed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = [...this.streams].map(
      (stream) => new Promise((resolve) => stream.once("close", resolve)),
    );
    for (const stream of this.streams) stream.destroy();
    this.destroy();
    await Promise.all(closed);
  }
}
