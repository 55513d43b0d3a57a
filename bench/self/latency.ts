import { mergeHistograms } from "../measure/histogram.ts";
import { percentileNs } from "../results/percentile.ts";
import type { Histogram } from "../results/schema.ts";
import type { Sending } from "../processes/protocol.ts";
import { interleave, median } from "./pairs.ts";
import { startBare, startBareServer, startHarness, startServer } from "./sides.ts";
import type { Side } from "./sides.ts";
import { pause } from "./throughput.ts";

/** With one WebSocket client: how late the publisher is, and how long a message takes. */
export interface Timing {
  readonly ratePerSecond: number;
  readonly latenessP50Ns: number | null;
  readonly latenessP99Ns: number | null;
  readonly harnessNs: number;
  readonly bareNs: number;
}

const pairs = 2;
const variant = "websocket";
const warmUpMs = 300;
const settleMs = 20;

/** How often, and how long in each turn; a p99 needs a thousand messages in all turns together. */
export interface Plan {
  readonly ratePerSecond: number;
  readonly forMs: number;
}

export async function measureTimings(plans: readonly Plan[]): Promise<Timing[]> {
  await using server = await startServer(variant);
  await using harness = await startHarness(variant, server);
  await using bareServer = await startBareServer();
  await using bare = await startBare("websocket", bareServer);
  const timings: Timing[] = [];
  for (const plan of plans) {
    const lateness: Histogram[] = [];
    const figures = await interleave(
      pairs,
      async () => {
        const { late, medianNs } = await turn(plan, harness, (sending) => server.publish(sending));
        lateness.push(late);
        return medianNs;
      },
      async () => (await turn(plan, bare, (sending) => bareServer.publish(sending))).medianNs,
    );
    const late = mergeHistograms(lateness);
    timings.push({
      ratePerSecond: plan.ratePerSecond,
      latenessP50Ns: percentileNs(late, 0.5),
      latenessP99Ns: percentileNs(late, 0.99),
      harnessNs: median(figures.map(([own]) => own)),
      bareNs: median(figures.map(([, other]) => other)),
    });
  }
  return timings;
}

/** Connects one client, publishes to it, and tells the median latency and what the publisher told. */
async function turn<Told>(
  { ratePerSecond, forMs }: Plan,
  side: Side,
  publish: (sending: Sending) => Promise<Told>,
): Promise<{ late: Told; medianNs: number }> {
  const warmUps = Math.round((ratePerSecond * warmUpMs) / 1_000);
  const messages = Math.round((ratePerSecond * forMs) / 1_000);
  await side.connect({ clients: 1, firstClient: 0, channels: "shared", nextSequence: 1 });
  await publish({ ratePerSecond, forMs: warmUpMs, firstSequence: 1 });
  await pause(settleMs);
  await side.begin(1 + warmUps);
  const late = await publish({ ratePerSecond, forMs, firstSequence: 1 + warmUps });
  await pause(settleMs);
  const medianNs = await side.latencyNs(messages);
  await side.disconnect();
  if (medianNs === null) throw new Error("too few messages arrived for a median");
  return { late, medianNs };
}
