import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { once } from "node:events";
import { nowNs } from "../measure/clock.ts";
import { listen, portOf } from "../measure/listen.ts";
import { medianOf } from "../statistics/basics.ts";
import { StreamRelay } from "./stream-relay.ts";

const host = "127.0.0.1";

/** Of one way; a quarter of them warm up. */
const roundTrips = 200;

/**
 * What a relay adds to one way that does nothing else, in nanoseconds: half of the difference between the median round
 * trips through one and past it, taken by turns. Client and server share this process, so it is an upper bound.
 */
export async function ownDelayNs(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => void socket.pipe(socket));
  await listen(server, 0, host);
  await using relay = await StreamRelay.open([host], [{ host, port: portOf(server) }], 0);
  const direct = await dial(portOf(server));
  const relayed = await dial(relay.port);
  const past: number[] = [];
  const through: number[] = [];
  for (let turn = 0; turn < roundTrips; turn += 1) {
    past.push(await roundTripNs(direct));
    through.push(await roundTripNs(relayed));
  }
  direct.destroy();
  relayed.destroy();
  server.close();
  const steady = (durations: number[]): number => medianOf(durations.slice(roundTrips / 4)) ?? 0;
  return Math.max(0, (steady(through) - steady(past)) / 2);
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, "connect");
  return socket;
}

async function roundTripNs(socket: Socket): Promise<number> {
  const startNs = nowNs();
  socket.write("a");
  await once(socket, "data");
  return nowNs() - startNs;
}
