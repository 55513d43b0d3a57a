import { byTurns, startBoth } from "./contest.ts";
import type { Contest, Figures, Starter } from "./contest.ts";
import type { ServerSide, Servers } from "./servers.ts";
import { startHarness } from "./sides.ts";
import type { Side } from "./sides.ts";
import { pause } from "./throughput.ts";

/** So often that a poll nearly always waits for the one before. */
const variant = "short-polling@1ms";
const clients = 100;
const load = { variant, library: "polls-at-once" } as const;
const warmUpMs = 500;
const turnMs = 300;
const turns = 2;

/** Polls as fast as the server answers, per CPU-second: the harness's own against autocannon. */
export function autocannonContest(servers: Servers): Contest {
  return {
    variant,
    row: {
      name: "polls, as fast as answered, to autocannon",
      unit: "requests",
      lessIsBetter: false,
      aim: null,
    },
    async play(order) {
      const server = await servers.of(variant);
      const poll = { first: ownPolls, second: autocannonPolls };
      const own: Starter = (_load, at) => startHarness(variant, at);
      const opponents = { first: own, second: own };
      await using both = await startBoth(opponents, load, order, () => servers.of(variant));
      const played = (times: number, forMs: number): Promise<Figures> =>
        byTurns(order, times, (opponent) => poll[opponent](server, both[opponent], forMs));
      await played(1, warmUpMs);
      return await played(turns, turnMs);
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
