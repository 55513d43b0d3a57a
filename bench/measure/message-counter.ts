const lineFeed = 10;
const zero = 48;

/**
 * Counts the messages of a poll's body, in the format of `transports/polling.ts`, as its pieces come: so
 * that no body has to be kept, however large.
 */
export class MessageCounter {
  #messages = 0;
  #length = 0;
  /** Of the message that is on; 0 while its length is read. */
  #left = 0;

  read(piece: Buffer): void {
    let at = 0;
    while (at < piece.length) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, piece.length - at);
        at += taken;
        this.#left -= taken;
        if (this.#left === 0) this.#messages += 1;
      } else {
        this.#takeDigit(piece[at] ?? 0);
        at += 1;
      }
    }
  }

  /** How many there were since the last call: of one body. */
  take(): number {
    const messages = this.#messages;
    this.#messages = 0;
    this.#length = 0;
    this.#left = 0;
    return messages;
  }

  #takeDigit(byte: number): void {
    if (byte !== lineFeed) {
      this.#length = this.#length * 10 + byte - zero;
      return;
    }
    if (this.#length === 0) this.#messages += 1;
    this.#left = this.#length;
    this.#length = 0;
  }
}
