import { parseCursor } from "./protocol-error.ts";

/*
 * How a server of WebSocket tells a client that counts messages of some that it leaves out: by a pong that nobody has
 * asked for (RFC 6455, section 5.5.3), with `gap 30` where message 31 comes next. Any text or binary frame could be a
 * message; and whoever doesn't know of it isn't disturbed.
 */

const pongOpcode = 10;
const finalBit = 0x80;

export function gapNotice(cursor: number): Buffer {
  const text = Buffer.from(`gap ${cursor}`);
  return Buffer.concat([Buffer.from([finalBit | pongOpcode, text.length]), text]);
}

/** Whether an unmasked frame is a pong. */
export function isPong(frame: Buffer): boolean {
  return (frame.readUInt8(0) & 15) === pongOpcode;
}

/** The number of the last message that is left out, in the data of a pong; null in those of any other. */
export function gapIn(data: Buffer): number | null {
  const [, digits] = /^gap (\d+)$/.exec(data.toString("latin1")) ?? [];
  return digits === undefined ? null : parseCursor(digits);
}
