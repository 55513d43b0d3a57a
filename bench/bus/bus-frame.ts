/** What a frame's head takes: the lengths of the rest and of the channel's name. */
const headBytes = 6;

/** A message as it goes from server to server: a length of four bytes, one of two bytes, the channel, the payload. */
export function busFrame(channel: string, payload: Buffer): Buffer {
  const nameBytes = Buffer.byteLength(channel);
  const frame = Buffer.allocUnsafe(headBytes + nameBytes + payload.length);
  frame.writeUInt32BE(2 + nameBytes + payload.length, 0);
  frame.writeUInt16BE(nameBytes, 4);
  frame.write(channel, headBytes);
  payload.copy(frame, headBytes + nameBytes);
  return frame;
}

/** Takes frames apart, however they were cut into pieces on the way. */
export class BusFrameReader {
  readonly #take: (channel: string, payload: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(take: (channel: string, payload: Buffer) => void) {
    this.#take = take;
  }

  read(piece: Buffer): void {
    let bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    while (bytes.length >= headBytes) {
      const end = 4 + bytes.readUInt32BE(0);
      if (bytes.length < end) break;
      const name = headBytes + bytes.readUInt16BE(4);
      this.#take(bytes.toString("utf8", headBytes, name), bytes.subarray(name, end));
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
  }
}
