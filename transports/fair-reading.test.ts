import { once } from "node:events";
import { connect, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { portOf } from "../bench/measure/listen.ts";
import { readFairly } from "./fair-reading.ts";

const server = createServer({ pauseOnConnect: true });

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterAll(async () => {
  server.close();
  await once(server, "close");
});

const sent = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));

/** Has a client send all of it at once; resolves with the pieces, and how many each turn of the loop had. */
async function received(takesMs: number): Promise<{ pieces: Buffer[]; inATurn: number[] }> {
  const accepting = once(server, "connection");
  const client = connect(portOf(server), "127.0.0.1");
  const [socket] = await accepting;
  await new Promise((resolve) => client.write(sent, resolve));

  const pieces: Buffer[] = [];
  const inATurn: number[] = [];
  const got = { bytes: 0 };
  readFairly(socket, (piece) => {
    pieces.push(Buffer.from(piece));
    got.bytes += piece.length;
    const endMs = performance.now() + takesMs;
    while (performance.now() < endMs);
  });
  socket.resume();
  for (let before = 0; got.bytes < sent.length; before = pieces.length) {
    await new Promise(setImmediate);
    inATurn.push(pieces.length - before);
  }
  client.destroy();
  await once(socket, "close");
  return { pieces, inATurn };
}

describe("what a client sends faster than it is handled", () => {
  it("arrives whole and in order", async () => {
    const { pieces } = await received(0);
    expect(Buffer.concat(pieces).equals(sent)).toBe(true);
  });

  it("is handed over a piece at a time, which gets small, with the others' turns in between", async () => {
    const { pieces, inATurn } = await received(3);
    expect(Buffer.concat(pieces).equals(sent)).toBe(true);
    // As many as fit in a round of 10 ms, and what has just been read.
    expect(Math.max(...inATurn)).toBeLessThanOrEqual(5);
    expect(pieces.at(-1)?.length).toBeLessThanOrEqual(256);
  });

  it("is given back where it has not been handed over when that ends", async () => {
    const accepting = once(server, "connection");
    const client = connect(portOf(server), "127.0.0.1");
    const [socket] = await accepting;
    await new Promise((resolve) => client.write(sent.subarray(0, 20_000), resolve));

    const pieces: Buffer[] = [];
    const end = readFairly(socket, (piece) => {
      pieces.push(Buffer.from(piece));
      rest = end();
    });
    let rest: Buffer = Buffer.alloc(0);
    socket.resume();
    await vi.waitUntil(() => pieces.length > 0);
    const handled = Buffer.concat([...pieces, rest]);
    expect(handled.equals(sent.subarray(0, handled.length))).toBe(true);
    expect(rest.length).toBeGreaterThan(0);
    expect(end()).toHaveLength(0);
    client.destroy();
    await once(socket, "close");
    expect(pieces).toHaveLength(1);
  });

  it("waits for whoever pauses the socket while it is handed a piece", async () => {
    const accepting = once(server, "connection");
    const client = connect(portOf(server), "127.0.0.1");
    const [socket] = await accepting;
    await new Promise((resolve) => client.write(sent, resolve));

    const pieces: Buffer[] = [];
    let paused = false;
    readFairly(socket, (piece) => {
      expect(paused).toBe(false);
      pieces.push(Buffer.from(piece));
      if (pieces.length % 2 === 0) return;
      paused = true;
      socket.pause();
      setTimeout(() => {
        paused = false;
        socket.resume();
      });
    });
    socket.resume();
    await vi.waitUntil(() => Buffer.concat(pieces).length === sent.length);
    expect(Buffer.concat(pieces).equals(sent)).toBe(true);
    client.destroy();
    await once(socket, "close");
  });
});
