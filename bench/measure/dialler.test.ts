import { once } from "node:events";
import { createServer } from "node:net";
import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Dialler, countOpenable } from "./dialler.ts";
import { portOf } from "./listen.ts";

// A peer that never reads, and never ends its side.
const accepted: Socket[] = [];
const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
  accepted.push(socket);
  socket.on("error", () => {});
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterAll(async () => {
  for (const socket of accepted) socket.destroy();
  server.close();
  await once(server, "close");
});

/** The peer's end of a connection. */
async function acceptedFrom({ localPort }: Socket): Promise<Socket | undefined> {
  const isIt = ({ remotePort }: Socket): boolean => remotePort === localPort;
  while (!accepted.some(isIt)) await setImmediate();
  return accepted.find(isIt);
}

it("gives up a client that doesn't tell that its sockets have failed", async () => {
  const dialler = new Dialler("127.0.0.1", portOf(server));
  const connecting = dialler.within(20, () => {
    dialler.dial().on("error", () => {});
    return new Promise(() => {});
  });
  await expect(connecting).rejects.toThrow("not subscribed within 20ms");
  await dialler.closed();
});

it.each<[string, (socket: Socket) => void]>([
  ["at rest", () => {}],
  ["whose end is under way", (socket) => socket.end()],
  ["with bytes that nobody takes", (socket) => socket.write(Buffer.alloc(64_000_000))],
  ["whose end waits for bytes that nobody takes", (socket) => socket.end(Buffer.alloc(64_000_000))],
])("resets a socket %s", async (_name, before) => {
  const dialler = new Dialler("127.0.0.1", portOf(server));
  const socket = dialler.dial();
  await once(socket, "connect");
  before(socket);
  // The stream asks for its end in a tick of its own; that it has ended is reported in an iteration of the loop.
  await new Promise<void>((resolve) => process.nextTick(resolve));
  await dialler.reset();
  expect(socket.closed).toBe(true);
});

it("tells how many connections there can be, and leaves none", async () => {
  const before = accepted.length;
  expect(await countOpenable("127.0.0.1", portOf(server), 5)).toBe(5);
  expect(accepted.length - before).toBeLessThanOrEqual(5);
  // Port 1 refuses.
  expect(await countOpenable("127.0.0.1", 1, 3)).toBe(0);
});

it("hands over what arrives to a reader of its own, and stops and goes on where it is told to", async () => {
  const dialler = new Dialler("127.0.0.1", portOf(server));
  const received = { bytes: 0 };
  const socket = dialler.dial((_chunk, length) => (received.bytes += length));
  let streamed = 0;
  socket.on("readable", () => (streamed += 1));
  await once(socket, "connect");
  // Connections that others have made may be accepted later than they are closed.
  const far = await acceptedFrom(socket);
  await new Promise((resolve) => far?.write(Buffer.alloc(100_000), resolve));
  while (received.bytes < 100_000) await setImmediate();
  expect(dialler.heardBytes).toBe(100_000);
  dialler.stopReading();
  await new Promise((resolve) => far?.write(Buffer.alloc(1_000), resolve));
  for (let turn = 0; turn < 50; turn += 1) await setImmediate();
  expect(received.bytes).toBe(100_000);
  dialler.readOn();
  while (received.bytes < 101_000) await setImmediate();
  expect(streamed).toBe(0);
  await dialler.reset();
});
