import { Decoder, Encoder } from "@msgpack/msgpack";
import type { Codec } from "./encodings.ts";

/** MessagePack, by the package of its own project. Numbers that are no integers take 9 bytes. */
export function msgpack(): Codec {
  const encoder = new Encoder();
  const decoder = new Decoder();
  return {
    binary: true,
    encode(message) {
      const { buffer, byteOffset, byteLength } = encoder.encode(message);
      return Buffer.from(buffer, byteOffset, byteLength);
    },
    decode: (carried) => decoder.decode(bytesOf(carried)),
  };
}

/** Binary encodings are never given text, unless a server has altered what it delivers. */
function bytesOf(carried: Buffer | string): Buffer {
  return typeof carried === "string" ? Buffer.from(carried) : carried;
}
