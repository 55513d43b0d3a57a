import { compared, differencesNs, medianOf, waitMs } from "./proxy-events.ts";
import type { Arrival, Heard, Opened, Stage } from "./scenario.ts";

/** Enough for a median, and no load. */
const flow = { ratePerSecond: 200, forMs: 500 } as const;

/** What a proxy adds to what is sent past it at the same time; null where that can't be told. */
export interface Added {
  readonly setUpBytes: number | null;
  readonly messageBytes: number | null;
  /** The median of what each message took longer. */
  readonly latencyNs: number | null;
  /** The client through the proxy, still connected. */
  readonly proxy: Opened;
}

/** The server writes to the one before, and to the one after: so none of both ways comes first. */
export async function measureAdded(stage: Stage): Promise<Added> {
  const before = await stage.probe.open({ through: "direct", waitMs });
  const proxy = await stage.probe.open({ through: "proxy", waitMs });
  const after = await stage.probe.open({ through: "direct", waitMs });
  const setUp = { proxy: await heard(stage, proxy), direct: await heard(stage, before) };
  await stage.phase("messages", () => stage.server.publish(flow), compared);
  const messages = (flow.ratePerSecond * flow.forMs) / 1_000;
  const controls = [
    (await heard(stage, before, messages)).arrivals,
    (await heard(stage, after, messages)).arrivals,
  ];
  const all = { proxy: await heard(stage, proxy, messages), direct: await heard(stage, before) };
  await stage.probe.close(before.id);
  await stage.probe.close(after.id);
  return { ...addedOf(setUp, all, controls, proxy.readyNs !== null), proxy };
}

function heard(stage: Stage, { id }: Opened, messages?: number): Promise<Heard> {
  return stage.probe.heard(id, messages === undefined ? undefined : { forMs: waitMs, messages });
}

type Both = Readonly<Record<"proxy" | "direct", Heard>>;

function addedOf(
  setUp: Both,
  all: Both,
  controls: readonly (readonly Arrival[])[],
  isReady: boolean,
): Omit<Added, "proxy"> {
  const perMessage = (way: "proxy" | "direct"): number | null => {
    const count = all[way].arrivals.length;
    return count === 0 ? null : (bytesOf(all[way]) - bytesOf(setUp[way])) / count;
  };
  const [proxied, direct] = [perMessage("proxy"), perMessage("direct")];
  return {
    setUpBytes: isReady ? bytesOf(setUp.proxy) - bytesOf(setUp.direct) : null,
    messageBytes: proxied === null || direct === null ? null : proxied - direct,
    latencyNs: medianOf(differencesNs(all.proxy.arrivals, controls)),
  };
}

function bytesOf({ bytesDown, bytesUp }: Heard): number {
  return bytesDown + bytesUp;
}
