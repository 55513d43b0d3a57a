/** One HTTP/1.1 chunk: its length in hexadecimal, and the bytes between line ends (RFC 9112, 7.1). */
export function chunk(pieces: readonly Buffer[]): Buffer {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return Buffer.concat([Buffer.from(`${length.toString(16)}\r\n`), ...pieces, lineEnd]);
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
