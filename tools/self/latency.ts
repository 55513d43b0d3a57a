import { mergeHistograms } from "../../bench/measure/histogram.ts";
import type { SendRequest } from "../../bench/processes/protocol.ts";
import { percentileNs } from "../../bench/results/percentile.ts";
import type { Histogram } from "../../bench/results/schema.ts";
import { byTurns, startBoth } from "./contest.ts";
import type { Contest, Opponent, Opponents } from "./contest.ts";
import type { Plan } from "./loads.ts";
import type { ServerAddress } from "./servers.ts";
import type { Side } from "./sides.ts";
import { pause } from "./throughput.ts";

/** A server that publishes; it resolves with how late messages were sent, where it knows. */
export interface Publisher extends ServerAddress {
  publish(sending: SendRequest): Promise<Histogram | void>;
}

const load = { variant: "websocket", library: "websocket" } as const;

/** So much warms up a fresh process: at a low rate it would take seconds. */
const rehearsal: Plan = { ratePerSecond: 5_000, forMs: 300 };
const warmUpMs = 30;

/** For each side. */
const turns = 4;

const settleMs = 20;

/** How long a message takes to one WebSocket client, of the server that its side has. */
export function latencyContest(
  plan: Plan,
  opponents: Opponents,
  publisherOf: (opponent: Opponent) => Promise<Publisher>,
): Contest {
  const late: Histogram[] = [];
  const name = `WebSocket delivery p50 at ${plan.ratePerSecond}/s`;
  return {
    variant: load.variant,
    row: { name, unit: "µs", lessIsBetter: true, aim: null },
    async play(order) {
      await using both = await startBoth(opponents, load, order, publisherOf);
      const turnOf = async (opponent: Opponent, sent: Plan): Promise<Turn> =>
        playTurn(sent, both[opponent], await publisherOf(opponent));
      for (const opponent of order) await turnOf(opponent, rehearsal);
      return await byTurns(order, turns, async (opponent) => {
        const turn = await turnOf(opponent, plan);
        if (opponent === "first" && turn.late !== undefined) late.push(turn.late);
        return turn.medianNs / 1_000;
      });
    },
    remarks: () => [latenessIn(plan, mergeHistograms(late))],
  };
}

function latenessIn({ ratePerSecond }: Plan, late: Histogram): string {
  const [p50, p99] = [0.5, 0.99].map((share) => {
    const ns = percentileNs(late, share);
    return ns === null ? "n/a" : `${(ns / 1_000).toFixed(0)} µs`;
  });
  return `At ${ratePerSecond}/s the harness's server sent ${p50} late (p50), ${p99} late (p99).`;
}

interface Turn {
  readonly late: Histogram | undefined;
  readonly medianNs: number;
}

/** Connects one client, publishes to it, and returns the median latency and what the publisher reported. */
async function playTurn(
  { ratePerSecond, forMs }: Plan,
  side: Side,
  publisher: Publisher,
): Promise<Turn> {
  const warmUps = Math.round((ratePerSecond * warmUpMs) / 1_000);
  const messages = Math.round((ratePerSecond * forMs) / 1_000);
  await side.connect({ clients: 1, firstClient: 0, channels: "shared", nextSequence: 1 });
  await publisher.publish({ ratePerSecond, forMs: warmUpMs, firstSequence: 1 });
  await pause(settleMs);
  await side.begin(1 + warmUps);
  const late = await publisher.publish({ ratePerSecond, forMs, firstSequence: 1 + warmUps });
  await pause(settleMs);
  const medianNs = await side.latencyNs(messages);
  await side.disconnect();
  if (medianNs === null) throw new Error("too few messages arrived for a median");
  return { late: late ?? undefined, medianNs };
}
