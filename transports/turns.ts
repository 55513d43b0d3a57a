import type { Socket } from "node:net";

/** How long the messages of one client may be handled before the others have their turn. */
const turnMs = 2;

/** What is handed over at a time: less where that takes longer than a turn, as one-byte messages do. */
const leastBytes = 256;
const mostBytes = 8_192;

/** A client that sends faster than its messages are handled fills what is read at once, which is 64 KiB. */
const usualBytes = 1_024;

const nothing = Buffer.alloc(0);

/**
 * Hands over what a client sends, in turns with other clients: from one socket, libuv reads up to 2 MiB
 * before it looks at the next, and of one-byte messages to many that is seconds of work. Returns what ends
 * it, and tells what has been read and was not handed over.
 */
export function inTurns(socket: Socket, receive: (piece: Buffer) => void): () => Buffer {
  let pieceBytes = mostBytes;
  let left: Buffer = nothing;
  /** Whether the others have their turn now. */
  let isWaiting = false;

  /** Hands over what there is time for. */
  const turn = (): void => {
    const endMs = performance.now() + turnMs;
    while (left.length > 0 && !socket.destroyed) {
      const piece = left.subarray(0, pieceBytes);
      left = left.subarray(piece.length);
      receive(piece);
      const isOver = performance.now() >= endMs;
      pieceBytes = isOver
        ? Math.max(leastBytes, pieceBytes / 4)
        : Math.min(mostBytes, 2 * pieceBytes);
      if (isOver) break;
    }
  };

  const goOn = (): void => {
    turn();
    if (socket.destroyed) return;
    isWaiting = left.length > 0;
    if (isWaiting) setImmediate(goOn);
    else if (socket.listeners("data").includes(take)) socket.resume();
  };

  const take = (chunk: Buffer): void => {
    if (isWaiting) {
      left = Buffer.concat([left, chunk]);
      return;
    }
    if (chunk.length <= usualBytes) return receive(chunk);
    left = chunk;
    turn();
    if (left.length === 0) return;
    isWaiting = true;
    socket.pause();
    setImmediate(goOn);
  };

  socket.on("data", take);
  return () => {
    socket.off("data", take);
    const unread = left;
    left = nothing;
    return unread;
  };
}
