import { expect, it } from "vitest";
import { eventVectors } from "./event-vectors.ts";
import { answering, subscribe } from "./try-client.ts";
import { PlainServer } from "./plain-server.ts";

const head =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

/** A chunk of an HTTP/1.1 body, which arrives by itself however TCP cuts the bytes. */
function chunk(bytes: Buffer): Buffer {
  if (bytes.length === 0) return bytes;
  const size = Buffer.from(`${bytes.length.toString(16)}\r\n`);
  return Buffer.concat([size, bytes, Buffer.from("\r\n")]);
}

/** In bytes, and in two parts at every byte. */
export function splits(stream: Buffer): Buffer[][] {
  const bytes = Array.from(stream, (_, at) => stream.subarray(at, at + 1));
  const halves = bytes.map((_, at) => [stream.subarray(0, at), stream.subarray(at)]);
  return [bytes, ...halves];
}

/** Has a client read each of the vectors, split in the ways that `splitsOf` gives. */
export function eventStreams(variant: string, splitsOf: (stream: Buffer) => Buffer[][]): void {
  it.each(eventVectors)("reads a stream with $name, wherever it is split", async (vector) => {
    const { stream, messages } = vector;
    const bodies = splitsOf(stream).map((parts) => Buffer.concat(parts.map(chunk)));
    const left = [...bodies];
    await using server = await PlainServer.open(
      answering((socket) => {
        const body = left.shift() ?? Buffer.alloc(0);
        socket.end(Buffer.concat([Buffer.from(head), body, Buffer.from("0\r\n\r\n")]));
      }),
    );
    for (const body of bodies) {
      await using client = await subscribe(variant, server.port);
      const { seen } = client;
      await seen.changes.until(() => seen.endings.length > 0 || client.failure !== null);
      const came = [client.failure, ...seen.received];
      expect(came, body.toString("latin1")).toEqual([null, ...messages]);
    }
  });
}
