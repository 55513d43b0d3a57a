import { expect, it } from "vitest";
import { PingBytes } from "./websocket-pings.ts";

const answer = Buffer.from("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");

function bytesOf(opcode: number, payloadBytes: number, masked: boolean): Buffer {
  const mask = masked ? 0x80 : 0;
  const length =
    payloadBytes < 126
      ? [mask + payloadBytes]
      : payloadBytes < 65_536
        ? [mask + 126, payloadBytes >> 8, payloadBytes & 255]
        : [
            mask + 127,
            0,
            0,
            0,
            0,
            0,
            payloadBytes >> 16,
            (payloadBytes >> 8) & 255,
            payloadBytes & 255,
          ];
  const head = Buffer.from([0x80 + opcode, ...length, ...(masked ? [1, 2, 3, 4] : [])]);
  // As if each byte of the payload began a ping.
  return Buffer.concat([head, Buffer.alloc(payloadBytes, 0x89)]);
}

it.each([false, true])(
  "finds pings and pongs among messages, wherever they are cut: masked %s",
  (masked) => {
    const pings = [bytesOf(9, 0, masked), bytesOf(10, 125, masked), bytesOf(9, 3, masked)];
    const messages = [bytesOf(1, 0, masked), bytesOf(2, 300, masked), bytesOf(8, 2, masked)];
    const large = bytesOf(1, 70_000, masked);
    const all = Buffer.concat([
      answer,
      ...messages.flatMap((message, index) => [message, pings[index] ?? Buffer.alloc(0)]),
      large,
      Buffer.concat(pings),
    ]);
    const expected = 2 * Buffer.concat(pings).length;
    for (const size of [1, 2, 3, 7, 1_000, all.length]) {
      const reader = new PingBytes(/^HTTP\/1\.1 101 /);
      let found = 0;
      for (let at = 0; at < all.length; at += size)
        found += reader.read(all.subarray(at, at + size));
      expect(found, `in pieces of ${size}`).toBe(expected);
    }
  },
);

it("finds none in what doesn't begin with the handshake", () => {
  for (const opening of ["HTTP/1.1 200 OK\r\n\r\n", "\0\0\0\x03all", "x".repeat(70_000)]) {
    const reader = new PingBytes(/^HTTP\/1\.1 101 /);
    expect(reader.read(Buffer.from(opening))).toBe(0);
    expect(reader.read(bytesOf(9, 0, false))).toBe(0);
  }
});
