import { byTurns, startBoth } from "./contest.ts";
import type { Aim, Contest, Loaded, Opponents } from "./contest.ts";
import type { ServerAddress, Servers } from "./servers.ts";
import type { Side } from "./sides.ts";

const load = { variant: "websocket", library: "websocket" } as const;
const everyone = { channels: "shared", nextSequence: 1 } as const;

const dials = 1_000;
const turns = 4;

/** Dials per CPU-second of the load process. */
export function diallingContest(opponents: Opponents, servers: Servers): Contest {
  return {
    variant: load.variant,
    row: { name: "WebSocket dials", unit: "dials", lessIsBetter: false, aim: { atLeast: 0.8 } },
    async play(order) {
      const server = (): Promise<ServerAddress> => servers.of(load.variant);
      await using both = await startBoth(opponents, load, order, server);
      await byTurns(order, 1, (opponent) => perCpuSecond(both[opponent]));
      return await byTurns(order, turns, (opponent) => perCpuSecond(both[opponent]));
    },
  };
}

async function perCpuSecond(side: Side): Promise<number> {
  await side.begin(1);
  await side.connect({ ...everyone, clients: dials, firstClient: 0 });
  const { cpuMs } = await side.end();
  await side.disconnect();
  return (dials / cpuMs) * 1_000;
}

/** Clients whose memory is compared, and how many there are of them. */
interface Held extends Loaded {
  readonly name: string;
  readonly few: number;
  readonly more: number;
  readonly aim: Aim;
}

export const held: readonly Held[] = [
  { ...load, name: "memory per idle WebSocket", few: 100, more: 2_000, aim: { atMost: 1.3 } },
  ...(["websocket", "sse"] as const).map((library) => ({
    name: `memory per idle ${library}:lean`,
    variant: `${library}:lean`,
    library,
    // V8 has its most memory for young objects, up to 32 MB, by the time that the first ones are there.
    few: 8_000,
    more: 10_000,
    aim: { atMost: 6_000, of: "first" } as const,
  })),
];

/** Memory that each idle client adds, in bytes: the slope between two plateaus. */
export function memoryContest(clients: Held, opponents: Opponents, servers: Servers): Contest {
  const { name, aim } = clients;
  return {
    variant: clients.variant,
    row: { name, unit: "bytes", lessIsBetter: true, aim },
    async play(order) {
      const server = await servers.of(clients.variant);
      return byTurns(order, 1, async (opponent) => {
        await using side = await opponents[opponent](clients, server);
        return await bytesPerClient(side, clients);
      });
    },
  };
}

async function bytesPerClient(side: Side, { few, more }: Held): Promise<number> {
  await side.connect({ ...everyone, clients: few, firstClient: 0 });
  const before = await side.memory();
  await side.connect({ ...everyone, clients: more, firstClient: few });
  const after = await side.memory();
  await side.disconnect();
  return (after - before) / more;
}
