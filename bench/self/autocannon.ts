import { inTurn } from "./contest.ts";
import type { Contest } from "./contest.ts";
import type { ServerSide, Servers } from "./servers.ts";
import { startHarness } from "./sides.ts";
import type { Side } from "./sides.ts";
import { pause } from "./throughput.ts";

/** So often that a poll nearly always waits for the one before. */
const variant = "short-polling@1ms";
const clients = 100;
const turnMs = { warmUp: 600, measured: 800 };

/** Polls as fast as the server answers, per CPU-second: the harness's own against autocannon. */
export function autocannonContest(servers: Servers): Contest {
  return {
    row: {
      name: "polls, as fast as answered, to autocannon",
      unit: "requests",
      lessIsBetter: false,
      aim: null,
    },
    async play(order) {
      const server = await servers.of(variant);
      const poll = { first: ownPolls, second: autocannonPolls };
      return inTurn(order, async (opponent) => {
        await using side = await startHarness(variant, server);
        await poll[opponent](server, side, turnMs.warmUp);
        return await poll[opponent](server, side, turnMs.measured);
      });
    },
  };
}

async function ownPolls(server: ServerSide, side: Side, forMs: number): Promise<number> {
  await side.connect({ clients, firstClient: 0, channels: "shared", nextSequence: 1 });
  const figure = await perCpuSecond(server, side, () => pause(forMs));
  await side.disconnect();
  return figure;
}

function autocannonPolls(server: ServerSide, side: Side, forMs: number): Promise<number> {
  return perCpuSecond(server, side, () => side.saturate("/poll/all?after=0", clients, forMs));
}

async function perCpuSecond(
  server: ServerSide,
  side: Side,
  poll: () => Promise<void>,
): Promise<number> {
  await side.begin(1);
  const requests = await server.requestsDuring(poll);
  return (requests / (await side.end()).cpuMs) * 1_000;
}
