import { Writable } from "node:stream";
import type { PerMessageDeflateOptions, WebSocket } from "ws";
import type { Layers } from "./layers.ts";

/**
 * What `ws` has where none is set. It looks at it only without context takeover: with a history, small messages gain
 * the most.
 */
const defaultThreshold = 1_024;

/** How `ws` compresses on either end: RFC 7692. */
export function deflateOptions({
  deflate,
  threshold = defaultThreshold,
}: Layers): PerMessageDeflateOptions | false {
  if (deflate === undefined) return false;
  const isWithout = deflate === "no-takeover";
  return {
    serverNoContextTakeover: isWithout,
    clientNoContextTakeover: isWithout,
    threshold,
  };
}

/**
 * Sends each payload that is written to it as a message of a WebSocket that compresses, and takes the next when that
 * one has left: so what a client leaves unread takes no more memory here than on a socket.
 */
export class MessageStream extends Writable {
  readonly #webSocket: WebSocket;

  constructor(webSocket: WebSocket) {
    super();
    this.#webSocket = webSocket;
    // A message whose client has gone: the end of the WebSocket tells it, too.
    this.on("error", () => {});
    webSocket.once("close", () => this.destroy());
  }

  override _write(
    payload: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#webSocket.send(payload, { binary: false }, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#webSocket.terminate();
    done(error);
  }
}
