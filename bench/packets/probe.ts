import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { nowNs } from "../measure/clock.ts";
import { serveVerbs } from "../processes/serve-verbs.ts";

/** A process at an end of a network that finds out what that does to packets. */
export type ProbeVerbs = {
  /** Answers datagrams, and whatever comes on a TCP connection, with the same. */
  echo(args: { readonly address: string }): Promise<Ports>;
  /** Sends datagrams of 64 bytes one after the other, each when the one before has come back or is late. */
  ping(args: Pinging): Promise<RoundTrips>;
  /** Sends messages of 64 bytes on one TCP connection, at an interval, whatever has come back. */
  pingStream(args: Pinging): Promise<RoundTrips>;
  /** Sends datagrams to nobody as fast as it can. */
  flood(args: {
    readonly address: string;
    readonly bytes: number;
    readonly packets: number;
  }): Promise<void>;
  /** Sends so many bytes on a TCP connection, and has them echoed; returns the milliseconds until the last is back. */
  echoStream(args: {
    readonly address: string;
    readonly port: number;
    readonly bytes: number;
  }): Promise<number>;
};

export interface Ports {
  readonly udp: number;
  readonly tcp: number;
}

interface Pinging {
  readonly address: string;
  readonly port: number;
  readonly count: number;
  /** A datagram that is away for so long is lost; a stream's next message is due so much later. */
  readonly waitMs: number;
}

/** Sorted milliseconds of what came back. */
export interface RoundTrips {
  readonly ms: readonly number[];
  readonly lost: number;
}

const messageBytes = 64;

/** RFC 863: to throw away. Nobody listens there. */
const discardPort = 9;

const verbs: ProbeVerbs = {
  echo: async ({ address }) => {
    const datagrams = createSocket("udp4");
    datagrams.on("message", (message, from) => datagrams.send(message, from.port, from.address));
    datagrams.bind(0, address);
    const streams = createServer({ noDelay: true }, (socket) => {
      socket.on("error", () => {});
      socket.pipe(socket);
    });
    streams.listen(0, address);
    await Promise.all([once(datagrams, "listening"), once(streams, "listening")]);
    const listening = streams.address();
    const tcp = typeof listening === "object" ? (listening?.port ?? 0) : 0;
    return { udp: datagrams.address().port, tcp };
  },

  ping: async ({ address, port, count, waitMs }) => {
    const socket = createSocket("udp4");
    socket.connect(port, address);
    await once(socket, "connect");
    const trips: number[] = [];
    const message = Buffer.alloc(messageBytes);
    for (let number = 1; number <= count; number += 1) {
      message.writeUInt32LE(number);
      const sentNs = nowNs();
      socket.send(message);
      if (await isAnswered(socket, number, waitMs)) trips.push((nowNs() - sentNs) / 1e6);
    }
    // It stays open: otherwise the kernel would complain, in a packet, of every answer that is still to come.
    return roundTrips(trips, count);
  },

  pingStream: async ({ address, port, count, waitMs }) => {
    const socket = connect({ host: address, port, noDelay: true });
    await once(socket, "connect");
    const sentNs: number[] = [];
    const trips: number[] = [];
    let bytes = 0;
    const allBack = new Promise<void>((resolve) => {
      socket.on("data", (data) => {
        bytes += data.length;
        while (trips.length < Math.floor(bytes / messageBytes)) {
          trips.push((nowNs() - (sentNs[trips.length] ?? 0)) / 1e6);
        }
        if (trips.length === count) resolve();
      });
    });
    for (let number = 0; number < count; number += 1) {
      sentNs.push(nowNs());
      socket.write(Buffer.alloc(messageBytes));
      await setTimeout(waitMs);
    }
    await allBack;
    socket.destroy();
    return roundTrips(trips, count);
  },

  flood: async ({ address, bytes, packets }) => {
    const socket = createSocket("udp4");
    socket.bind();
    await once(socket, "listening");
    const message = Buffer.alloc(bytes);
    for (let packet = 1; packet < packets; packet += 1) {
      socket.send(message, discardPort, address);
      if (packet % 64 === 0) await setImmediate();
    }
    await new Promise((resolve) => socket.send(message, discardPort, address, resolve));
    socket.close();
  },

  echoStream: async ({ address, port, bytes }) => {
    const socket = connect({ host: address, port });
    await once(socket, "connect");
    const startNs = nowNs();
    let missing = bytes;
    const allBack = new Promise<void>((resolve) => {
      socket.on("data", (data) => {
        missing -= data.length;
        if (missing <= 0) resolve();
      });
    });
    socket.write(Buffer.alloc(bytes));
    await allBack;
    socket.destroy();
    return (nowNs() - startNs) / 1e6;
  },
};

/** Whether this message comes back in time, whatever else does. */
async function isAnswered(
  socket: ReturnType<typeof createSocket>,
  number: number,
  waitMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isBack: boolean): void => {
      clearTimeout(timer);
      socket.off("message", back);
      resolve(isBack);
    };
    const back = (message: Buffer): void => {
      if (message.readUInt32LE() === number) end(true);
    };
    const timer = globalThis.setTimeout(end, waitMs, false);
    socket.on("message", back);
  });
}

function roundTrips(ms: readonly number[], sent: number): RoundTrips {
  return { ms: ms.toSorted((a, b) => a - b), lost: sent - ms.length };
}

serveVerbs(verbs);
