import type { Library } from "./protocol.ts";
import { compared, interleave } from "./pairs.ts";
import type { Aim, Compared } from "./pairs.ts";
import { startBare, startHarness, startServer } from "./sides.ts";
import type { ServerSide, Side } from "./sides.ts";

/** A load under which both sides do the same work. */
export interface Load {
  readonly name: string;
  readonly variant: string;
  readonly library: Library;
  readonly aim: Aim;
  readonly channels: "shared" | "own";
  /** Messages per second, of the server or of each client. */
  readonly ratePerSecond: number;
  readonly from: "server" | "clients";
  readonly counted: "deliveries" | "requests";
}

const clients = 100;
const pairs = 5;
const turnMs = 750;

/** The first half second of a fresh process is slow, and the first moments of a connection are. */
const warmUpMs = { process: 700, connections: 100 };

/** For what is still on its way when the last message has gone out. */
const settleMs = 50;

/** Work per CPU-second of the load process: the harness's own against the bare one. */
export async function compareThroughput(load: Load): Promise<Compared> {
  await using server = await startServer(load.variant);
  await using harness = await startHarness(load.variant, server);
  await using bare = await startBare(load.library, server);
  const rehearse = takeTurns(load, server, warmUpMs.process);
  await rehearse(harness);
  await rehearse(bare);
  const arrivals: number[] = [];
  const turn = takeTurns(load, server, turnMs, arrivals);
  const figures = await interleave(
    pairs,
    () => turn(harness),
    () => turn(bare),
  );
  const about = { name: load.name, unit: load.counted, aim: load.aim };
  return { ...compared(about, figures), arrived: Math.min(...arrivals) };
}

/** Continues the numbers of messages from one turn to the next. */
const numbers = { next: 1 };

function takeTurns(
  load: Load,
  server: ServerSide,
  forMs: number,
  arrivals: number[] = [],
): (side: Side) => Promise<number> {
  return async (side) => {
    await side.connect({
      clients,
      firstClient: 0,
      channels: load.channels,
      nextSequence: numbers.next,
    });
    await work(load, server, side, warmUpMs.connections);
    await pause(settleMs);
    await side.begin(numbers.next);
    const requests = await server.requestsDuring(async () => {
      await work(load, server, side, forMs);
      await pause(settleMs);
    });
    const { arrived, cpuMs, wrong } = await side.end();
    await side.disconnect();
    const expected = (load.ratePerSecond * clients * forMs) / 1_000;
    if (wrong > 0) throw new Error(`${load.name}: ${wrong} deliveries were out of order`);
    arrivals.push(arrived / expected);
    return ((load.counted === "requests" ? requests : arrived) / cpuMs) * 1_000;
  };
}

async function work(load: Load, server: ServerSide, side: Side, forMs: number): Promise<void> {
  const { ratePerSecond, from } = load;
  const sending = { ratePerSecond, forMs, firstSequence: numbers.next };
  numbers.next += Math.round((ratePerSecond * forMs) / 1_000);
  if (from === "server") await server.publish(sending);
  else await side.send(sending);
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Polls as fast as the server answers: the harness's own against autocannon in the same process. */
export async function compareAutocannon(): Promise<Compared> {
  // So often that a poll nearly always waits for the one before.
  const variant = "short-polling@1ms";
  await using server = await startServer(variant);
  await using side = await startHarness(variant, server);

  const perCpuSecond = async (poll: () => Promise<void>): Promise<number> => {
    await side.begin(numbers.next);
    const requests = await server.requestsDuring(poll);
    return (requests / (await side.end()).cpuMs) * 1_000;
  };
  const own = async (forMs = turnMs): Promise<number> => {
    await side.connect({ clients, firstClient: 0, channels: "shared", nextSequence: numbers.next });
    await pause(warmUpMs.connections);
    const figure = await perCpuSecond(() => pause(forMs));
    await side.disconnect();
    return figure;
  };
  const autocannon = (forMs = turnMs): Promise<number> =>
    perCpuSecond(() => side.saturate("/poll/all?after=0", clients, forMs));

  await own(warmUpMs.process);
  await autocannon(warmUpMs.process);
  const figures = await interleave(3, own, autocannon);
  return compared(
    { name: "polls, as fast as answered, to autocannon", unit: "requests", aim: null },
    figures,
  );
}
