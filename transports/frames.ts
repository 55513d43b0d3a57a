/** The bytes before each payload that tell its length, big endian. */
export const headBytes = 4;

/** A payload behind its length. */
export function encodeFrame(payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(headBytes + payload.length);
  frame.writeUInt32BE(payload.length);
  payload.copy(frame, headBytes);
  return frame;
}

/**
 * Finds the payloads in a stream of frames that arrives in pieces of any size. A payload that lies whole
 * in a piece is handed over where it lies; of one that is spread over several, each byte is copied once.
 */
export class FrameReader {
  /** The largest payload that is taken. */
  maxBytes: number;
  readonly #take: (payload: Buffer) => void;
  #headRead = 0;
  #length = 0;
  /** The payload that has arrived in part, and how much of it has. */
  #payload: Buffer | undefined;
  #filled = 0;

  constructor(maxBytes: number, take: (payload: Buffer) => void) {
    this.maxBytes = maxBytes;
    this.#take = take;
  }

  /** Takes what has arrived; false once a frame is too large, after which nothing can be read any more. */
  read(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#headRead < headBytes) {
        this.#length = this.#length * 256 + chunk.readUInt8(at);
        this.#headRead += 1;
        at += 1;
        if (this.#headRead < headBytes) continue;
        if (this.#length > this.maxBytes) return false;
      }
      at += this.#fill(chunk, at);
    }
    return true;
  }

  /** Takes as much of the payload as is there; returns how much that was. */
  #fill(chunk: Buffer, at: number): number {
    const missing = this.#length - this.#filled;
    const there = Math.min(missing, chunk.length - at);
    if (there === this.#length) {
      this.#end(chunk.subarray(at, at + there));
      return there;
    }
    // All of it at once: its size is bounded, and memory takes no room before something is written to it.
    this.#payload ??= Buffer.allocUnsafe(this.#length);
    chunk.copy(this.#payload, this.#filled, at, at + there);
    this.#filled += there;
    if (there === missing) this.#end(this.#payload);
    return there;
  }

  #end(payload: Buffer): void {
    this.#headRead = 0;
    this.#length = 0;
    this.#payload = undefined;
    this.#filled = 0;
    this.#take(payload);
  }
}
