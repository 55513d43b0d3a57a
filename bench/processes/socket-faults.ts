import type { Server } from "node:http";
import type { Socket } from "node:net";

// Faults that a server makes on the connections that it accepts.

/** Keeps memory for each connection that is ever made. */
export function leaking(http: Server, bytes: number): void {
  const kept: Buffer[] = [];
  // Written to, or the kernel would give no memory for it.
  http.on("connection", () => void kept.push(Buffer.alloc(bytes, 1)));
}

/** Ends the connection with each answer, as its head then says. */
export function closingAnswers(http: Server): void {
  http.prependListener("request", (_request, response) => {
    response.shouldKeepAlive = false;
  });
}

/**
 * Switches Nagle's algorithm on, and writes everything in two parts: the second waits until the client
 * has acknowledged the first, which it takes its time for. One part alone would hardly ever wait.
 */
export function withNagle(http: Server): void {
  http.on("connection", (socket: Socket) => {
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
  });
}
