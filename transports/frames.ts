import { GrowingBuffer } from "./growing-buffer.ts";

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
 * in a piece is handed over where it lies; of one that is spread over several, its bytes are gathered.
 */
export class FrameReader {
  /** The largest payload that is taken. */
  maxBytes: number;
  readonly #take: (payload: Buffer) => void;
  #headRead = 0;
  #length = 0;
  /** The payload that has arrived in part. */
  #payload: GrowingBuffer | undefined;

  constructor(maxBytes: number, take: (payload: Buffer) => void) {
    this.maxBytes = maxBytes;
    this.#take = take;
  }

  /** How much has arrived of a payload that isn't whole yet. */
  get pendingBytes(): number {
    return this.#payload?.length ?? 0;
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
    const missing = this.#length - this.pendingBytes;
    const there = Math.min(missing, chunk.length - at);
    if (there === this.#length) {
      this.#end(chunk.subarray(at, at + there));
      return there;
    }
    this.#payload ??= new GrowingBuffer(this.#length);
    this.#payload.add(chunk, at, at + there);
    if (there === missing) this.#end(this.#payload.all());
    return there;
  }

  #end(payload: Buffer): void {
    this.#headRead = 0;
    this.#length = 0;
    this.#payload = undefined;
    this.#take(payload);
  }
}
