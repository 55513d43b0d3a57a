/** A stream in pieces of one byte, and in two wherever it can be cut. */
export function cuts(stream: Buffer): Buffer[][] {
  const bytes = Array.from(stream, (_, at) => stream.subarray(at, at + 1));
  return [bytes, ...bytes.map((_, at) => [stream.subarray(0, at), stream.subarray(at)])];
}

/**
 * Has pieces read as they come from a socket that is read directly: each in the middle of memory that has something else
 * in it before and after, also once it has been read.
 */
export function readShared(
  pieces: readonly Buffer[],
  read: (chunk: Buffer, from: number, to: number) => void,
): void {
  const before = 3;
  const shared = Buffer.alloc(before + Math.max(0, ...pieces.map(({ length }) => length)) + 20);
  for (const piece of pieces) {
    shared.fill("\n:x\r\u0081", "latin1");
    piece.copy(shared, before);
    read(shared, before, before + piece.length);
    shared.fill("~");
  }
}
