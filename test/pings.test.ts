import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { expect, it } from "vitest";
import { CountedListener } from "../bench/measure/listener.ts";
import type { Bytes } from "../bench/measure/wire-ledger.ts";
import { websocket } from "../transports/websocket.ts";
import { eventually } from "./bench-process.ts";
import { requestOf, upgrade } from "./stranger.ts";

// RFC 6455, section 5.5.2: an unmasked ping without a payload; the masked pong to it.
const ping = Buffer.from([0x89, 0]);
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** A client's socket on which a ping has come, and what its server has named so far. */
async function pinged(
  use: (socket: Socket, named: () => { heartbeats: Bytes; underWay: Bytes }) => Promise<void>,
): Promise<void> {
  await using listener = await CountedListener.open(["127.0.0.1"]);
  await using server = websocket.configure("default", { heartbeatMs: 1_000 }).serve(listener, {
    message: () => {},
  });
  server.publish("other", Buffer.from("it serves"));
  const socket = connect(listener.port, "127.0.0.1");
  socket.write(requestOf("GET", "/ws/all", upgrade));
  let received = Buffer.alloc(0);
  while (!received.subarray(-ping.length).equals(ping)) {
    const [chunk] = await once(socket, "data");
    received = Buffer.concat([received, chunk]);
  }
  await use(socket, () => listener.totals().parts);
  socket.destroy();
}

it("a ping is booked with the pong that answers it, and is under way until then", async () => {
  await pinged(async (socket, named) => {
    expect(named()).toMatchObject({ heartbeats: { down: 0, up: 0 }, underWay: { down: 2, up: 0 } });
    socket.write(pong);
    await eventually(() => named().heartbeats.up > 0);
    expect(named()).toMatchObject({ heartbeats: { down: 2, up: 6 }, underWay: { down: 0, up: 0 } });
  });
});

it("a pong that nobody asked for is booked by itself", async () => {
  await pinged(async (socket, named) => {
    socket.write(Buffer.concat([pong, pong]));
    await eventually(() => named().heartbeats.up === 12);
    expect(named()).toMatchObject({ heartbeats: { down: 2 }, underWay: { down: 0, up: 0 } });
  });
});

it("a client is ended when more pings stay unanswered than it may miss, and they are all booked", async () => {
  await using listener = await CountedListener.open(["127.0.0.1"]);
  await using server = websocket.configure("default", {}).serve(listener, { message: () => {} });
  server.heartbeats?.({ everyMs: 40, timeoutMs: 20, missesAllowed: 2 });
  const socket = connect(listener.port, "127.0.0.1").resume();
  socket.write(requestOf("GET", "/ws/all", upgrade));
  await once(socket, "close");
  await eventually(() => listener.open.size === 0);
  const { heartbeats, underWay } = listener.totals().parts;
  expect(heartbeats).toEqual({ down: 3 * ping.length, up: 0 });
  expect(underWay).toEqual({ down: 0, up: 0 });
});

it("a ping to a client that goes away unanswered is booked when it has gone", async () => {
  await pinged(async (socket, named) => {
    socket.destroy();
    await eventually(() => named().heartbeats.down > 0);
    expect(named()).toMatchObject({ heartbeats: { down: 2, up: 0 }, underWay: { down: 0, up: 0 } });
  });
});
