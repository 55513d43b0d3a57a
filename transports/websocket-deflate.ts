import { Writable } from "node:stream";
import type { PerMessageDeflateOptions, WebSocket } from "ws";
import type { Sized } from "./answer-framing.ts";
import type { Layers } from "./layers.ts";
import { ProtocolError } from "./protocol-error.ts";
import { isPong } from "./websocket-gap.ts";

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
 * Why what a server has agreed to (RFC 7692, section 7.1.1) isn't what was asked for, and not to be measured as if it
 * were; null where it is.
 */
export function disagreement(layers: Layers, agreed: string = ""): ProtocolError | null {
  const why = whyOtherwise(layers, agreed);
  return why === null ? null : new ProtocolError(why);
}

function whyOtherwise({ deflate }: Layers, agreed: string): string | null {
  const compresses = agreed.includes("permessage-deflate");
  if (deflate === undefined) return compresses ? "the server compresses: name it +deflate" : null;
  if (!compresses) return "an answer to the handshake that doesn't agree to permessage-deflate";
  if (deflate === "no-takeover") {
    const isWithout = agreed.includes("server_no_context_takeover");
    return isWithout ? null : "the server keeps a history of messages: name it +deflate";
  }
  const [without] = /\b(?:server|client)_no_context_takeover\b/.exec(agreed) ?? [];
  return without === undefined ? null : `the server has ${without}: name it +deflate=no-takeover`;
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
    const payload = frame.subarray(headBytes(frame));
    if (isPong(frame)) return this.#webSocket.pong(payload, false, done);
    const binary = (frame.readUInt8(0) & 15) === binaryOpcode;
    this.#webSocket.send(payload, { binary }, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#webSocket.terminate();
    done(error);
  }
}

/**
 * Calls `wrote` with the size of each frame with a message, before `ws` writes it on `stream`; the first, which is the
 * hello, and those that control the WebSocket are none. `ws` writes a frame in one piece or in two, each with its head
 * first.
 */
export function watchMessages(stream: Writable, wrote: (frame: Sized) => void): void {
  const write = stream.write.bind(stream);
  let isGreeted = false;
  /** How much of a frame is still to come. */
  let left = 0;
  const watched = (piece: Buffer, ...further: unknown[]): boolean => {
    if (left === 0) {
      left = frameLength(piece);
      const isMessage = (piece.readUInt8(0) & 15) <= binaryOpcode;
      if (isMessage && isGreeted) wrote({ length: left });
      isGreeted ||= isMessage;
    }
    left -= piece.length;
    return Reflect.apply(write, stream, [piece, ...further]) === true;
  };
  Object.assign(stream, { write: watched });
}

const binaryOpcode = 2;

/** The bytes of an unmasked frame, by its head. */
function frameLength(frame: Buffer): number {
  const head = headBytes(frame);
  if (head === 2) return head + frame.readUInt8(1);
  return head + (head === 4 ? frame.readUInt16BE(2) : Number(frame.readBigUInt64BE(2)));
}

/** Bytes before an unmasked frame's payload: RFC 6455, section 5.2. */
function headBytes(frame: Buffer): number {
  const length = frame.readUInt8(1);
  if (length < 126) return 2;
  return length === 126 ? 4 : 10;
}
