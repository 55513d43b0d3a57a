import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { once } from "node:events";
import { listen, portOf } from "../measure/listen.ts";
import { ownNs } from "../measure/clock.ts";

/** Where a machine tells its time. */
export interface Peer {
  readonly host: string;
  readonly port: number;
}

/** How far this machine's clock was ahead of another's, in nanoseconds. */
export interface Offset {
  readonly offsetNs: number;
  /** The true offset is no farther away than this, however unequal both ways are. */
  readonly boundNs: number;
  /** When, by this machine's clock. */
  readonly atNs: number;
}

/** One question for the time: sent and answered by this machine's clock, received and answered by the other's. */
export interface Exchange {
  readonly askedNs: number;
  readonly receivedNs: number;
  readonly repliedNs: number;
  readonly answeredNs: number;
}

/** Rounds of an exchange; the shortest one counts. */
const rounds = 64;

/** How long a connection may take to be there, in milliseconds. */
const connectMs = 2_000;

/** Two times of the other machine: eight bytes each. */
const answerBytes = 16;

/**
 * The offset from the round that took the least time: the other machine's times lie between question and answer, so
 * half of what the round took beside the other's own work bounds the error (RFC 5905, section 8, without assuming that
 * both ways take as long).
 */
export function offsetOf(exchanges: readonly Exchange[]): Offset {
  const tripNs = ({ askedNs, receivedNs, repliedNs, answeredNs }: Exchange): number =>
    answeredNs - askedNs - (repliedNs - receivedNs);
  const shortest = exchanges.reduce((best, one) => (tripNs(one) < tripNs(best) ? one : best));
  const { askedNs, receivedNs, repliedNs, answeredNs } = shortest;
  return {
    offsetNs: (askedNs - receivedNs + (answeredNs - repliedNs)) / 2,
    boundNs: tripNs(shortest) / 2,
    atNs: answeredNs,
  };
}

/** Tells whoever asks what this machine's clock says. */
export async function tellTime(host: string): Promise<Server> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", () => {
      const receivedNs = process.hrtime.bigint();
      const answer = Buffer.alloc(answerBytes);
      answer.writeBigInt64BE(receivedNs, 0);
      answer.writeBigInt64BE(process.hrtime.bigint(), 8);
      socket.write(answer);
    });
  });
  await listen(server, 0, host);
  return server;
}

/** Where a machine that tells its time does so. */
export function peerAt(server: Server, host: string): Peer {
  return { host, port: portOf(server) };
}

/** Asks another machine for the time, on a connection of its own. */
export async function exchange({ host, port }: Peer): Promise<Offset> {
  const socket = connect({ host, port, noDelay: true });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(connectMs) });
    const exchanges: Exchange[] = [];
    while (exchanges.length < rounds) exchanges.push(await ask(socket));
    return offsetOf(exchanges);
  } finally {
    socket.destroy();
  }
}

async function ask(socket: Socket): Promise<Exchange> {
  const askedNs = ownNs();
  socket.write("?");
  const answer = await read(socket, answerBytes);
  const answeredNs = ownNs();
  return {
    askedNs,
    receivedNs: Number(answer.readBigInt64BE(0)),
    repliedNs: Number(answer.readBigInt64BE(8)),
    answeredNs,
  };
}

async function read(socket: Socket, bytes: number): Promise<Buffer> {
  let answer = Buffer.alloc(0);
  while (answer.length < bytes) {
    const [piece]: unknown[] = await once(socket, "data");
    if (piece instanceof Buffer) answer = Buffer.concat([answer, piece]);
  }
  return answer;
}
