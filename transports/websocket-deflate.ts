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
 * Compresses each frame that is written to it for the client of a WebSocket, and takes the next when that one has
 * left: so what a client leaves unread takes no more memory here than on a socket.
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
    frame: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    const binary = (frame.readUInt8(0) & 15) === binaryOpcode;
    this.#webSocket.send(frame.subarray(headBytes(frame)), { binary }, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#webSocket.terminate();
    done(error);
  }
}

const binaryOpcode = 2;

/** Bytes before an unmasked frame's payload: RFC 6455, section 5.2. */
function headBytes(frame: Buffer): number {
  const length = frame.readUInt8(1);
  if (length < 126) return 2;
  return length === 126 ? 4 : 10;
}
