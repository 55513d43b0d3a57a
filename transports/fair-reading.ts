import type { Duplex } from "node:stream";
import { isRoundOver, scheduleRoundRobin } from "./fair-scheduler.ts";
import type { Listener } from "./transport.ts";

/** How long messages of one client may be handled before other clients have their turn. */
const turnMs = 2;

/**
 * How many bytes are handed over at a time: fewer where handling them takes longer than a turn, as with one-byte
 * messages.
 */
const minBytes = 256;
const maxBytes = 8_192;

/**
 * A chunk of a socket no longer than this is handled at once: a client that sends too fast fills whole chunks of 64 KiB.
 */
const smallChunkBytes = 1_024;

const nothing = Buffer.alloc(0);

/**
 * Hands over what a client sends, in turns with other clients: from one socket, libuv reads up to 2 MiB
 * before it looks at the next, and of one-byte messages to many that is seconds of work. Returns what ends
 * it, and tells what has been read and was not handed over. `smallBytes` is 0 where chunks are as long as the client
 * likes, as frames of HTTP/2 are.
 */
export function readFairly(
  socket: Duplex,
  receive: (piece: Buffer) => void,
  smallBytes: number = smallChunkBytes,
): () => Buffer {
  let pieceBytes = maxBytes;
  let left: Buffer = nothing;
  /** Whether bytes are left for the next turn. */
  let isWaiting = false;

  /** Hands over as much as fits in a turn, unless the receiver has paused the socket. */
  const turn = (): void => {
    const endMs = performance.now() + turnMs;
    while (left.length > 0 && !socket.destroyed && !socket.isPaused()) {
      const piece = left.subarray(0, pieceBytes);
      left = left.subarray(piece.length);
      receive(piece);
      const isOver = performance.now() >= endMs;
      pieceBytes = isOver ? Math.max(minBytes, pieceBytes / 4) : Math.min(maxBytes, 2 * pieceBytes);
      if (isOver) break;
    }
    isWaiting = left.length > 0 && !socket.destroyed;
    if (!isWaiting) return;
    if (socket.isPaused()) {
      // The receiver, which paused the socket, resumes it.
      socket.once("resume", afterPause);
    } else {
      wait();
    }
  };

  const wait = (): void => {
    socket.pause();
    scheduleRoundRobin(goOn);
  };

  const goOn = (): void => {
    if (left.length === 0 || socket.destroyed) return;
    // So that a pause can be told from that for the others.
    socket.resume();
    turn();
  };

  /** The event also follows a `resume` that has been taken back. */
  const afterPause = (): void => {
    if (socket.isPaused()) socket.once("resume", afterPause);
    else goOn();
  };

  const take = (chunk: Buffer): void => {
    if (isWaiting) left = Buffer.concat([left, chunk]);
    else if (chunk.length <= smallBytes) receive(chunk);
    else {
      left = chunk;
      isWaiting = isRoundOver();
      if (isWaiting) wait();
      else turn();
    }
  };

  socket.on("data", take);
  return () => {
    socket.off("data", take);
    const unread = left;
    left = nothing;
    return unread;
  };
}

/**
 * Has the requests of all clients read in turns, as `readFairly` does, as soon as one of them sends more than can be
 * handled. Not before: Node's parser reads from the kernel by itself, which takes a tenth less of a poll.
 */
export class FairHttpReading {
  readonly #listener: Listener;
  /**
   * Functions that end the reading in turns of a connection; for one that has switched protocols, one that does
   * nothing.
   */
  readonly #ends = new WeakMap<Duplex, () => Buffer>();
  #begun = false;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** Begins with all connections that there are, at once, and goes on with all to come. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    for (const socket of this.#listener.open) this.#take(socket);
    this.#listener.http.on("connection", (socket: Duplex) => this.#take(socket));
  }

  /** Leaves a connection to another protocol; returns what has been read of that. */
  leave(socket: Duplex): Buffer {
    const left = this.#ends.get(socket)?.() ?? nothing;
    this.#ends.set(socket, () => nothing);
    return left;
  }

  #take(socket: Duplex): void {
    const [receive] = socket.listeners("data");
    if (receive === undefined || this.#ends.has(socket)) return;
    socket.removeAllListeners("data");
    // As soon as anybody else listens, Node's parser no longer reads by itself.
    this.#ends.set(
      socket,
      readFairly(socket, (piece) => void Reflect.apply(receive, socket, [piece])),
    );
  }
}
