import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Undo } from "./faulty.ts";

// Faults that a server makes on the connections that it accepts, until it is to end them.

/** Keeps memory for each connection that is made, until the process ends. */
export function leaking(http: Server, bytes: number): Undo {
  const kept: Buffer[] = [];
  // Written to, or the kernel would give no memory for it.
  const leak = (): void => void kept.push(Buffer.alloc(bytes, 1));
  http.on("connection", leak);
  return () => http.off("connection", leak);
}

/** Ends the connection with each answer, as its head then says. */
export function closingAnswers(http: Server): Undo {
  const close = (_request: IncomingMessage, response: ServerResponse): void => {
    response.shouldKeepAlive = false;
  };
  http.prependListener("request", close);
  return () => http.off("request", close);
}

/**
 * Switches Nagle's algorithm on, and writes everything in two parts: the second waits until the client
 * has acknowledged the first, which it takes its time for. One part alone would hardly ever wait.
 */
export function withNagle(http: Server): Undo {
  http.on("connection", writeInTwo);
  return () => http.off("connection", writeInTwo);
}

function writeInTwo(socket: Socket): void {
  socket.setNoDelay(false);
  // Else what is collected goes out as one.
  socket.cork = () => {};
  // oxlint-disable eslint/no-underscore-dangle -- a stream's own name for what `write` comes down to
  const write = socket._write.bind(socket);
  socket._write = (chunk: string | Uint8Array, encoding, done) => {
    const half = chunk.length >> 1;
    write(chunk.slice(0, half), encoding, (error) => {
      if (error) done(error);
      else write(chunk.slice(half), encoding, done);
    });
  };
}
