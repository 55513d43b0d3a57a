/** Reads the heads of a WebSocket's frames, byte by byte: RFC 6455, section 5.2. */
export class FrameHeads {
  /** How much is still to come of the payload behind the last head. */
  payloadLeft = 0;
  /** That of the frame whose head has begun last. */
  opcode = 0;
  /** The bytes so far of a frame's head; empty before a frame and in its payload. */
  #head: number[] = [];

  /** Takes the next byte of a head; true when that is its last. */
  take(byte: number): boolean {
    const head = this.#head;
    head.push(byte);
    const [first = 0, second] = head;
    this.opcode = first & 15;
    if (second === undefined) return false;
    const short = second & 0x7f;
    const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
    const maskBytes = second >= 0x80 ? 4 : 0;
    if (head.length < 2 + lengthBytes + maskBytes) return false;
    const long = head.slice(2, 2 + lengthBytes).reduce((length, next) => length * 256 + next, 0);
    this.payloadLeft = lengthBytes === 0 ? short : long;
    this.#head = [];
    return true;
  }
}

/** Counts frames of all kinds, by their heads. */
export class FrameCounter {
  readonly #heads = new FrameHeads();

  /** How many heads end in the next bytes. */
  count(piece: Buffer): number {
    const heads = this.#heads;
    let frames = 0;
    for (let at = 0; at < piece.length;) {
      if (heads.payloadLeft === 0) {
        if (heads.take(piece.readUInt8(at))) frames += 1;
        at += 1;
      } else {
        const taken = Math.min(heads.payloadLeft, piece.length - at);
        heads.payloadLeft -= taken;
        at += taken;
      }
    }
    return frames;
  }
}
