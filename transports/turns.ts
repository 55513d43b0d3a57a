import type { Socket } from "node:net";

/** How long the messages of one client may be handled before the others have their turn. */
const turnMs = 2;

/** What is handed over at a time: less where that takes longer than a turn, as one-byte messages do. */
const leastBytes = 256;
const mostBytes = 8_192;

/** A client that sends faster than its messages are handled fills what is read at once, which is 64 KiB. */
const usualBytes = 1_024;

/**
 * Hands over what a client sends, in turns with other clients: from one socket, libuv reads up to 2 MiB
 * before it looks at the next, and of one-byte messages to many that is seconds of work.
 */
export function inTurns(socket: Socket, receive: (piece: Buffer) => void): void {
  let pieceBytes = mostBytes;

  /** Hands over what there is time for; returns the rest. */
  const turn = (chunk: Buffer): Buffer => {
    const endMs = performance.now() + turnMs;
    let at = 0;
    while (at < chunk.length && !socket.destroyed) {
      const piece = chunk.subarray(at, at + pieceBytes);
      receive(piece);
      at += piece.length;
      const isOver = performance.now() >= endMs;
      pieceBytes = isOver
        ? Math.max(leastBytes, pieceBytes / 4)
        : Math.min(mostBytes, 2 * pieceBytes);
      if (isOver) break;
    }
    return chunk.subarray(at);
  };

  const goOn = (chunk: Buffer): void => {
    const rest = turn(chunk);
    if (socket.destroyed) return;
    if (rest.length === 0) socket.resume();
    else setImmediate(goOn, rest);
  };

  socket.on("data", (chunk: Buffer) => {
    if (chunk.length <= usualBytes) return receive(chunk);
    const rest = turn(chunk);
    if (rest.length === 0) return;
    socket.pause();
    setImmediate(goOn, rest);
  });
}
