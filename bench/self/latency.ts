import { mergeHistograms } from "../measure/histogram.ts";
import { percentileNs } from "../results/percentile.ts";
import type { Histogram } from "../results/schema.ts";
import { interleave, median } from "./pairs.ts";
import { startBare, startBareServer, startHarness, startServer } from "./sides.ts";
import type { Side } from "./sides.ts";
import { pause } from "./throughput.ts";

/** One WebSocket client: how late the publisher is, and how long a message takes. In nanoseconds. */
export interface Timing {
  readonly ratePerSecond: number;
  readonly latenessP50Ns: number | null;
  readonly latenessP99Ns: number | null;
  readonly harnessNs: number;
  readonly bareNs: number;
}

const pairs = 2;
const variant = "websocket";

/** `forMs` each turn; a p99 needs a thousand messages in all. */
export async function measureTimings(
  plans: readonly { readonly ratePerSecond: number; readonly forMs: number }[],
): Promise<Timing[]> {
  await using server = await startServer(variant);
  await using harness = await startHarness(variant, server);
  const bareServer = await startBareServer();
  await using _bareServer = bareServer.remote;
  await using bare = await startBare("websocket", bareServer);
  let next = 1;

  const turn = async (
    side: Side,
    publish: (forMs: number, firstSequence: number) => Promise<unknown>,
    messages: number,
    forMs: number,
  ): Promise<number> => {
    await side.connect({ clients: 1, firstClient: 0, channels: "shared", nextSequence: next });
    await publish(warmUpMs, next);
    next += 2 * messages;
    await pause(20);
    await side.begin(next);
    await publish(forMs, next);
    next += messages;
    await pause(20);
    const latencyNs = await side.latencyNs(messages);
    await side.disconnect();
    if (latencyNs === null) throw new Error("no message arrived");
    return latencyNs;
  };

  const timings: Timing[] = [];
  for (const { ratePerSecond, forMs } of plans) {
    const lateness: Histogram[] = [];
    const messages = Math.round((ratePerSecond * forMs) / 1_000);
    const figures = await interleave(
      pairs,
      () =>
        turn(
          harness,
          async (ms, firstSequence) => {
            const late = await server.publish({ ratePerSecond, forMs: ms, firstSequence });
            if (ms === forMs) lateness.push(late);
          },
          messages,
          forMs,
        ),
      () =>
        turn(
          bare,
          (ms, firstSequence) =>
            bareServer.remote.call("publish", { ratePerSecond, forMs: ms, firstSequence }),
          messages,
          forMs,
        ),
    );
    const late = mergeHistograms(lateness);
    timings.push({
      ratePerSecond,
      latenessP50Ns: percentileNs(late, 0.5),
      latenessP99Ns: percentileNs(late, 0.99),
      harnessNs: median(figures.map(([own]) => own)),
      bareNs: median(figures.map(([, other]) => other)),
    });
  }
  return timings;
}

const warmUpMs = 300;
