import { startBoth } from "./contest.ts";
import type { Contest, Opponent, Opponents, Sides } from "./contest.ts";
import type { Load, Plan } from "./loads.ts";
import type { Used } from "./protocol.ts";
import type { ServerSide, Servers } from "./servers.ts";

const clients = 100;
const turnMs = 200;
const turns = 4;

const warmUpMs = 600;

/** For what is still on its way when the last message has gone out. */
const settleMs = 30;

/** Of what is due in a pair: with less, its sides may not have done the same work. */
const minShare = 0.95;

/** Deliveries per CPU-second of the load process. */
export function throughputContest(load: Load, opponents: Opponents, servers: Servers): Contest {
  let arrived = 1;
  let asked = 1;
  return {
    variant: load.variant,
    row: { name: load.name, unit: "deliveries", lessIsBetter: false, aim: load.aim },
    async play(order) {
      const server = await servers.of(load.variant);
      await using both = await startBoth(opponents, load, order, () => servers.of(load.variant));
      await connectAlternately(load, both, order);
      const work = new PairedWork(load, server, both);
      for (const together of groupsOf(load, order)) {
        await work.run(together, { ratePerSecond: load.warmUpPerSecond, forMs: warmUpMs });
      }
      for (let turn = 0; turn < turns; turn += 1) {
        const ordered = turn % 2 === 0 ? order : order.toReversed();
        for (const together of groupsOf(load, ordered)) await work.measure(together);
      }
      const { first, second } = work.used;
      const due = (turns * load.ratePerSecond * clients * turnMs) / 1_000;
      arrived = Math.min(arrived, first.arrived / due, second.arrived / due);
      if (load.isPolled) asked = Math.min(asked, work.requests / (first.arrived + second.arrived));
      return { first: perSecond(first), second: perSecond(second) };
    },
    remarks: () => [
      ...shortfall(load, arrived, "of what was due arrived in time"),
      ...shortfall(load, asked, "as many polls as deliveries were made"),
    ],
  };
}

function shortfall({ name }: Load, share: number, what: string): string[] {
  if (share >= minShare) return [];
  return [`${name}: doubtful, in one pair only ${(share * 100).toFixed(0)} % ${what}.`];
}

function perSecond({ arrived, cpuMs }: Used): number {
  return (arrived / cpuMs) * 1_000;
}

/**
 * Both get the same messages at the same time: whatever slows this machine for a moment then slows both.
 * But who sends busy-waits for due times, and does so alone.
 */
function groupsOf({ from }: Load, order: readonly Opponent[]): (readonly Opponent[])[] {
  return from === "server" ? [order] : order.map((opponent) => [opponent]);
}

/** In small groups: a server writes to its clients in the order in which they connected. */
async function connectAlternately(
  { channels }: Load,
  both: Sides,
  order: readonly Opponent[],
): Promise<void> {
  const group = 10;
  for (let dialled = 0; dialled < clients; dialled += group) {
    const turn = (dialled / group) % 2 === 0 ? order : order.toReversed();
    for (const [index, name] of turn.entries()) {
      const firstClient = 2 * dialled + index * group;
      await both[name].connect({ clients: group, firstClient, channels, nextSequence: 1 });
    }
  }
}

/** The work that both processes of a pair are given, and what it has cost them. */
class PairedWork {
  readonly used = {
    first: { arrived: 0, cpuMs: 0, wrong: 0 },
    second: { arrived: 0, cpuMs: 0, wrong: 0 },
  };
  /** Of both. */
  requests = 0;
  /** The number of the next message on the channels of each. */
  readonly #next = { first: 1, second: 1 };
  readonly #load: Load;
  readonly #server: ServerSide;
  readonly #both: Sides;

  constructor(load: Load, server: ServerSide, both: Sides) {
    this.#load = load;
    this.#server = server;
    this.#both = both;
  }

  async measure(together: readonly Opponent[]): Promise<void> {
    const { name, ratePerSecond } = this.#load;
    await each(together, (opponent) => this.#both[opponent].begin(this.#next[opponent]));
    this.requests += await this.#server.requestsDuring(() =>
      this.run(together, { ratePerSecond, forMs: turnMs }),
    );
    await each(together, async (opponent) => {
      const { arrived, cpuMs, wrong } = await this.#both[opponent].end();
      if (wrong > 0) throw new Error(`${name}: ${wrong} deliveries were out of order`);
      this.used[opponent].arrived += arrived;
      this.used[opponent].cpuMs += cpuMs;
    });
  }

  async run(together: readonly Opponent[], sending: Plan): Promise<void> {
    if (this.#load.from === "server") {
      await this.#server.publish({ ...sending, firstSequence: this.#next.first });
    } else {
      await each(together, (opponent) =>
        this.#both[opponent].send({ ...sending, firstSequence: this.#next[opponent] }),
      );
    }
    const messages = Math.round((sending.ratePerSecond * sending.forMs) / 1_000);
    for (const opponent of together) this.#next[opponent] += messages;
    await pause(settleMs);
  }
}

async function each(
  together: readonly Opponent[],
  ask: (opponent: Opponent) => Promise<void>,
): Promise<void> {
  await Promise.all(together.map(ask));
}

export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
