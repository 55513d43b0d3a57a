/** A frame of a WebSocket as it was received: RFC 6455, section 5.2. */
export interface Frame {
  readonly final: boolean;
  /** The three bits that only extensions may set. */
  readonly reserved: number;
  readonly opcode: number;
  readonly masked: boolean;
  readonly payload: Buffer;
}

export const opcodes = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

/** The first frame of `bytes` and what follows it; null while it is not whole. */
export function readFrame(bytes: Buffer): { frame: Frame; rest: Buffer } | null {
  if (bytes.length < 2) return null;
  const first = bytes.readUInt8(0);
  const second = bytes.readUInt8(1);
  const masked = second >= 0x80;
  const short = second & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const start = 2 + lengthBytes + (masked ? 4 : 0);
  if (bytes.length < start) return null;
  const length = lengthBytes === 0 ? short : Number(readLength(bytes, lengthBytes));
  if (bytes.length < start + length) return null;
  const frame = {
    final: first >= 0x80,
    reserved: (first >> 4) & 7,
    opcode: first & 15,
    masked,
    payload: bytes.subarray(start, start + length),
  };
  return { frame, rest: bytes.subarray(start + length) };
}

function readLength(bytes: Buffer, lengthBytes: 2 | 8): number | bigint {
  return lengthBytes === 2 ? bytes.readUInt16BE(2) : bytes.readBigUInt64BE(2);
}

/** A final frame of a client; under a mask of zeros the payload is as it is. */
export function maskedFrame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([maskedHead(opcode, payload.length), payload]);
}

/** What stands before a payload of `length` bytes in a frame of a client. */
export function maskedHead(opcode: number, length: number, final = true): Buffer {
  const first = (final ? 0x80 : 0) + opcode;
  const noMask = [0, 0, 0, 0];
  if (length < 126) return Buffer.from([first, 0x80 + length, ...noMask]);
  const long = Buffer.alloc(8);
  long.writeBigUInt64BE(BigInt(length));
  return length < 65_536
    ? Buffer.from([first, 0x80 + 126, ...long.subarray(6), ...noMask])
    : Buffer.from([first, 0x80 + 127, ...long, ...noMask]);
}
