import { digits, wholePercent } from "../text/format.ts";
import { bounds } from "../measure/bounds.ts";
import { capacity, per } from "./capacity.ts";
import type { Capacity, Probed, Rate } from "./diagnosis.ts";

// How many deliveries a second a machine can handle: estimated from a few of them, then tried.

/** Why a trial gave nothing. */
export interface Failed {
  readonly failed: string;
}

/** Enough for a share of a core that can be read, and little enough for a slow machine to keep up. */
const moderateRate = 10_000;

/** How many rates are tried: the estimated one, then half of it each time. */
const attempts = 3;

/** `probe` plays a second of traffic with this many deliveries. */
export async function findRate(
  probe: (deliveriesPerSecond: number) => Promise<Probed | Failed>,
  processors: number,
): Promise<Rate> {
  const first = await probe(moderateRate);
  if ("failed" in first) return { ...capacity([]), tried: [], failure: first.failed };
  const estimated = estimateRate(first, processors);
  const tried = [first];
  let aim = estimated.most ?? 0;
  const worthTrying = (): boolean =>
    aim > first.deliveriesPerSecond || (aim > 0 && first.doubts.length > 0);
  for (let attempt = 0; attempt < attempts && worthTrying(); attempt += 1) {
    const next = await probe(aim);
    if ("failed" in next) {
      return { ...estimated, most: null, boundBy: null, tried, failure: next.failed };
    }
    tried.push(next);
    if (next.doubts.length === 0) break;
    aim = Math.floor(aim / 2);
  }
  return { ...settle(estimated, tried), tried, failure: null };
}

/**
 * When server, load process and machine would be as busy as they may be. In proportion; in truth a
 * delivery costs less the more there are, so it is a cautious figure.
 */
export function estimateRate(probed: Probed, processors: number): Capacity {
  const { deliveriesPerSecond, serverCpuShare, loadCpuShare, loadUtilisation } = probed;
  const at = (name: string, used: number, bound: number): Capacity["limits"][number] => ({
    name,
    most: per(deliveriesPerSecond * bound, used),
    because: `${wholePercent(used)} used at ${digits(deliveriesPerSecond)}/s, with ${wholePercent(bound)} allowed`,
    setting: null,
  });
  return capacity([
    at("the server's core", serverCpuShare, bounds.serverCpuShare),
    at("the load process's core", loadCpuShare, bounds.loadCpuShare),
    at("the load process's event loop", loadUtilisation, bounds.loadUtilisation),
    at("all cores", serverCpuShare + loadCpuShare, processors * bounds.loadCpuShare),
  ]);
}

/** The estimated rate if trying it raised no doubts, else the highest rate that was tried without doubts. */
function settle(estimated: Capacity, tried: readonly Probed[]): Capacity {
  const byRate = tried.toSorted((a, b) => a.deliveriesPerSecond - b.deliveriesPerSecond);
  const best = byRate.findLast(({ doubts }) => doubts.length === 0);
  const next = byRate[best === undefined ? 0 : byRate.indexOf(best) + 1];
  if (next === undefined) return estimated;
  return {
    ...estimated,
    most: best === undefined ? null : Math.floor(best.deliveriesPerSecond),
    boundBy: next.doubts.join("; "),
  };
}
