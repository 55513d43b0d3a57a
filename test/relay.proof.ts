import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { listen, portOf } from "../bench/measure/listen.ts";
import type { NetworkVerbs } from "../bench/processes/protocol.ts";
import { sum } from "../bench/statistics/basics.ts";
import { forkProcess, relayedLoads, relayingContest } from "./built-engine.ts";

const host = "127.0.0.1";
const connections = 50;
const mebibyte = 1_048_576;

describe("the relay of TCP connections", () => {
  it.each(relayedLoads.filter(({ everyMs }) => everyMs === 0))(
    "$name, passes on 100 000 small messages for each second of its processor time",
    async (load) => {
      const { first, second } = await relayingContest(load).play(["first", "second"]);
      process.stdout.write(
        `${load.name}: ${Math.round(first)} messages a second; by pipes ${Math.round(second)}\n`,
      );
      expect(first).toBeGreaterThan(100_000);
    },
  );

  it("has senders wait whose receivers don't read, and keeps no more than it may", async () => {
    const accepted: Socket[] = [];
    await using server = createServer((socket) => void accepted.push(socket));
    await listen(server, 0, host);
    await using relay = forkProcess<NetworkVerbs>("bench/processes/network", "network");
    const servers = [{ host, port: portOf(server), url: "" }];
    const start = { addresses: [host], servers };
    const { port } = await relay.call("start", { ...start, seed: 1, profile: null });
    const clients = Array.from({ length: connections }, () => connect({ host, port }));
    await Promise.all(clients.map((client) => once(client, "connect")));
    await eventually(() => accepted.length === connections);
    const memory = async (): Promise<number> => {
      await relay.call("begin", { seed: 1 });
      return (await relay.call("end", {})).rssBytes ?? Number.NaN;
    };
    const before = await memory();
    const sendings = accepted.map((socket) => new Sending(socket));
    const takenBytes = (): number => sum(sendings.map((sending) => sending.takenBytes));
    let last = Number.NaN;
    await eventually(() => {
      const isStuck = takenBytes() === last;
      last = takenBytes();
      return isStuck;
    });
    const grown = (await memory()) - before;
    process.stdout.write(
      `${connections} receivers that don't read: +${Math.round(grown / mebibyte)} MiB, ` +
        `with ${Math.round(last / mebibyte)} MiB under way\n`,
    );
    expect(last).toBeLessThan(connections * sentBytes);
    // 256 KiB of each, what had been read at once when that was reached, and garbage.
    expect(grown).toBeLessThan(connections * 1.5 * mebibyte);
    for (const socket of [...accepted, ...clients]) socket.destroy();
  });
});

/** More than all buffers of the kernel take. */
const sentBytes = 64 * mebibyte;
const chunk = Buffer.alloc(65_536);

/** Sends on one connection for as long as something is taken. */
class Sending {
  takenBytes = 0;

  constructor(socket: Socket) {
    socket.on("error", () => {});
    const send = (): void =>
      void socket.write(chunk, () => {
        this.takenBytes += chunk.length;
        if (this.takenBytes < sentBytes) send();
      });
    send();
  }
}

async function eventually(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setTimeout(200);
}
