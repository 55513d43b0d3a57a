/*
 * A message as it goes from server to server:
 *
 *   4 bytes   who published it: any number that the others haven't
 *   4 bytes   its number among what that server has published, from 1
 *   8 bytes   when it was published, in nanoseconds on the clock that all share
 *   2 bytes   the length of the channel's name, which follows; the rest is the payload
 */

import type { MessageHead } from "./bus-meter.ts";

const nameAt = 18;

export interface BusMessage extends MessageHead {
  readonly channel: string;
  readonly payload: Buffer;
}

export function busFrame(message: BusMessage): Buffer {
  const { publisher, number, publishedNs, channel, payload } = message;
  const nameBytes = Buffer.byteLength(channel);
  const frame = Buffer.allocUnsafe(nameAt + nameBytes + payload.length);
  frame.writeUInt32BE(publisher, 0);
  frame.writeUInt32BE(number, 4);
  frame.writeDoubleBE(publishedNs, 8);
  frame.writeUInt16BE(nameBytes, 16);
  frame.write(channel, nameAt);
  payload.copy(frame, nameAt + nameBytes);
  return frame;
}

/** Throws where it isn't one. */
export function busMessage(frame: Buffer): BusMessage {
  const payloadAt = nameAt + frame.readUInt16BE(16);
  if (payloadAt > frame.length) throw new RangeError("a frame of the bus is cut off");
  return {
    publisher: frame.readUInt32BE(0),
    number: frame.readUInt32BE(4),
    publishedNs: frame.readDoubleBE(8),
    channel: frame.toString("utf8", nameAt, payloadAt),
    payload: frame.subarray(payloadAt),
  };
}

const lengthBytes = 4;

/** On a connection, each frame has its length before it. */
export function lengthOf(frame: Buffer): Buffer {
  const length = Buffer.allocUnsafe(lengthBytes);
  length.writeUInt32BE(frame.length, 0);
  return length;
}

/** Takes frames apart, however they were cut into pieces on the way. */
export class BusFrameReader {
  readonly #take: (frame: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(take: (frame: Buffer) => void) {
    this.#take = take;
  }

  read(piece: Buffer): void {
    let bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    while (bytes.length >= lengthBytes) {
      const end = lengthBytes + bytes.readUInt32BE(0);
      if (bytes.length < end) break;
      this.#take(bytes.subarray(lengthBytes, end));
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
  }
}
