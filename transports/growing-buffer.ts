const nothing = Buffer.alloc(0);

/** A payload that arrives in pieces. It takes memory for its length, whatever the number of its pieces. */
export class GrowingBuffer {
  length = 0;
  readonly #expectedBytes: number;
  #buffer: Buffer = nothing;

  /** Room is made as it is needed; for no more than `expectedBytes`, which have only been announced. */
  constructor(expectedBytes: number) {
    this.#expectedBytes = expectedBytes;
  }

  /** Adds a copy of `piece`, or of its part. */
  add(piece: Buffer, from: number = 0, to: number = piece.length): void {
    const length = this.length + to - from;
    if (length > this.#buffer.length) this.#grow(length);
    piece.copy(this.#buffer, this.length, from, to);
    this.length = length;
  }

  all(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }

  #grow(neededBytes: number): void {
    const doubled = Math.min(2 * neededBytes, this.#expectedBytes);
    const larger = Buffer.allocUnsafe(Math.max(neededBytes, doubled));
    this.#buffer.copy(larger, 0, 0, this.length);
    this.#buffer = larger;
  }
}
