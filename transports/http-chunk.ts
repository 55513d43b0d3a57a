/** One HTTP/1.1 chunk: its length in hexadecimal, and the bytes between line ends (RFC 9112, 7.1). */
export function chunk(pieces: readonly Buffer[]): Buffer {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return Buffer.concat([Buffer.from(`${length.toString(16)}\r\n`), ...pieces, lineEnd]);
}

/**
 * One chunk that holds a text, in memory of its own, which a log can keep as it is: pieces of their own would each have
 * to be made and copied, for every message.
 */
export function textChunk(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const head = `${length.toString(16)}\r\n`;
  const made = Buffer.allocUnsafeSlow(head.length + length + lineEnd.length);
  made.write(head, "latin1");
  made.write(text, head.length);
  made.set(lineEnd, head.length + length);
  return made;
}

/** The bytes of a text, likewise. */
export function textBytes(text: string): Buffer {
  const made = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  made.write(text);
  return made;
}

const lineEnd = Buffer.from("\r\n");

/** What a chunk holds. */
export function contentOf(chunk: Buffer): Buffer {
  return chunk.subarray(chunk.indexOf(lineEnd) + lineEnd.length, -lineEnd.length);
}

/** Bytes of a chunk of that length. */
export function chunkBytes(length: number): number {
  return length.toString(16).length + length + 2 * lineEnd.length;
}

/** Bytes of the chunk that ends a body, and of the line behind it. */
export const lastChunkBytes = 5;
