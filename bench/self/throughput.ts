import { startBoth } from "./contest.ts";
import type { Contest, Opponent, Opponents } from "./contest.ts";
import { loadAim } from "./loads.ts";
import type { Load } from "./loads.ts";
import type { Used } from "./protocol.ts";
import type { ServerSide, Servers } from "./servers.ts";
import type { Side } from "./sides.ts";

const clients = 100;
const turnMs = 400;

/** The first half second of a fresh process is slow, and the first moments of a connection are. */
const warmUpMs = { process: 600, connections: 50 };

/** For what is still on its way when the last message has gone out. */
const settleMs = 50;

/** The share of what is due that has to arrive within a turn. */
const leastArrived = 0.98;

/** Deliveries per CPU-second of the load process. */
export function throughputContest(load: Load, opponents: Opponents, servers: Servers): Contest {
  let arrived = 1;
  return {
    row: { name: load.name, unit: "deliveries", lessIsBetter: false, aim: loadAim },
    async play(order) {
      const server = await servers.of(load.variant);
      await using both = await startBoth(opponents, load, server, order);
      const turn = async (together: readonly Opponent[], forMs: number): Promise<Used[]> =>
        playTurn(
          load,
          server,
          together.map((name) => both[name]),
          forMs,
        );
      for (const together of groupsOf(load, order)) await turn(together, warmUpMs.process);
      const sums = { first: { arrived: 0, cpuMs: 0 }, second: { arrived: 0, cpuMs: 0 } };
      for (const together of [order, order.toReversed()].flatMap((one) => groupsOf(load, one))) {
        for (const [index, used] of (await turn(together, turnMs)).entries()) {
          const sum = sums[together[index] ?? "first"];
          sum.arrived += used.arrived;
          sum.cpuMs += used.cpuMs;
        }
      }
      const due = (2 * load.ratePerSecond * clients * turnMs) / 1_000;
      arrived = Math.min(arrived, sums.first.arrived / due, sums.second.arrived / due);
      return { first: perSecond(sums.first), second: perSecond(sums.second) };
    },
    remarks: () => (arrived >= leastArrived ? [] : [shortfall(load, arrived)]),
  };
}

function shortfall({ name }: Load, share: number): string {
  const percent = (share * 100).toFixed(0);
  return `${name}: in one pair only ${percent} % of what was due arrived in time.`;
}

/**
 * Both get the same messages at the same time: whatever slows this machine for a moment then slows both.
 * But who sends keeps its event loop turning while it waits, and does so alone.
 */
function groupsOf({ from }: Load, order: readonly Opponent[]): (readonly Opponent[])[] {
  return from === "server" ? [order] : order.map((opponent) => [opponent]);
}

function perSecond({ arrived, cpuMs }: Pick<Used, "arrived" | "cpuMs">): number {
  return (arrived / cpuMs) * 1_000;
}

/** Continues the numbers of messages from one turn to the next. */
const numbers = { next: 1 };

async function playTurn(
  load: Load,
  server: ServerSide,
  sides: readonly Side[],
  forMs: number,
): Promise<Used[]> {
  const { channels } = load;
  for (const [index, side] of sides.entries()) {
    const firstClient = index * clients;
    await side.connect({ clients, firstClient, channels, nextSequence: numbers.next });
  }
  await work(load, server, sides, warmUpMs.connections);
  await pause(settleMs);
  await Promise.all(sides.map((side) => side.begin(numbers.next)));
  await work(load, server, sides, forMs);
  await pause(settleMs);
  const used = await Promise.all(sides.map((side) => side.end()));
  await Promise.all(sides.map((side) => side.disconnect()));
  const wrong = used.reduce((sum, one) => sum + one.wrong, 0);
  if (wrong > 0) throw new Error(`${load.name}: ${wrong} deliveries were out of order`);
  return used;
}

async function work(
  { ratePerSecond, from }: Load,
  server: ServerSide,
  sides: readonly Side[],
  forMs: number,
): Promise<void> {
  const sending = { ratePerSecond, forMs, firstSequence: numbers.next };
  numbers.next += Math.round((ratePerSecond * forMs) / 1_000);
  if (from === "server") await server.publish(sending);
  else await Promise.all(sides.map((side) => side.send(sending)));
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
