import type { Direction, HeartbeatCounter } from "./classify.ts";
import { FrameHeads } from "./websocket-frames.ts";

/** A longer head is no handshake that a client of this harness would accept. */
const maxHeadBytes = 65_536;

const ping = 9;
const pong = 10;

const endOfHead = "\r\n\r\n";

/** How many bytes of one direction of a WebSocket are pings and pongs. */
export function pingsIn(direction: Direction): HeartbeatCounter {
  const pings = new PingBytes(
    direction === "down" ? /^HTTP\/1\.1 101 / : /^upgrade: *websocket\s*$/im,
  );
  return (piece) => pings.read(piece);
}

/**
 * Tells how many bytes of one direction of a WebSocket are pings and pongs: RFC 6455, section 5.2. What
 * begins with anything but a handshake has none.
 */
export class PingBytes {
  readonly #handshake: RegExp;
  /** The head of the handshake so far; null after it. */
  #opening: string | null = "";
  #isWebSocket = false;
  readonly #heads = new FrameHeads();

  /** `handshake` matches the head with which this direction of a WebSocket begins. */
  constructor(handshake: RegExp) {
    this.#handshake = handshake;
  }

  /** How many there are in the next bytes. */
  read(chunk: Buffer): number {
    let rest = this.#opening === null ? chunk : this.#behindHandshake(chunk, this.#opening);
    let pings = 0;
    while (this.#isWebSocket && rest.length > 0) {
      const heads = this.#heads;
      const taken = Math.min(rest.length, heads.payloadLeft || 1);
      if (heads.payloadLeft > 0) heads.payloadLeft -= taken;
      else heads.take(rest.readUInt8(0));
      if (heads.opcode === ping || heads.opcode === pong) pings += taken;
      rest = rest.subarray(taken);
    }
    return pings;
  }

  #behindHandshake(chunk: Buffer, before: string): Buffer {
    const opening = before + chunk.toString("latin1");
    const end = opening.indexOf(endOfHead, before.length - endOfHead.length);
    if (end === -1 && opening.length < maxHeadBytes) {
      this.#opening = opening;
      return chunk.subarray(chunk.length);
    }
    this.#opening = null;
    this.#isWebSocket = this.#handshake.test(opening.slice(0, Math.max(0, end)));
    return chunk.subarray(end + endOfHead.length - before.length);
  }
}
