import { compared, waitMs } from "./proxy-events.ts";
import type { Arrival, Heard, Stage } from "./scenario.ts";

/** Clients whose connections a reload may cut. */
const clients = 4;

/** Messages flow for so long, and the proxy is told so much later. */
const flow = { ratePerSecond: 50, forMs: 1_200, reloadAfterMs: 300 } as const;

/** How long those that come back may take for what they have missed. */
const backMs = 2_000;

/** What a proxy's reload does to connections and messages. */
export interface Reloaded {
  readonly of: number;
  /** Connections that ended. */
  readonly cut: number;
  readonly reason: string | null;
  /** Messages of all clients that haven't come, though those that were cut came back and asked for them. */
  readonly lost: number;
  /** The longest without a message, of any client. */
  readonly gapMs: number;
}

/** Has the proxy read its configuration again while messages flow; why it can't, where it can't. */
export async function reload(stage: Stage): Promise<Reloaded | { readonly impossible: string }> {
  const direct = await stage.probe.open({ through: "direct", waitMs });
  const opened = [];
  for (let index = 0; index < clients; index += 1) {
    opened.push(await stage.probe.open({ through: "proxy", waitMs, comesBack: true }));
  }
  let impossible: string | null = null;
  await stage.phase(
    "reload",
    async () => {
      const [told] = await Promise.all([
        stage.proxy.reload({ afterMs: flow.reloadAfterMs }),
        stage.server.publish(flow),
      ]);
      impossible = told?.impossible ?? null;
    },
    compared,
  );
  const control = await stage.probe.heard(direct.id);
  const all: Heard[] = [];
  const { length: messages } = control.arrivals;
  for (const { id } of opened) all.push(await stage.probe.heard(id, { forMs: backMs, messages }));
  for (const { id } of [direct, ...opened]) await stage.probe.close(id);
  return impossible === null ? reloadedOf(control, all) : { impossible };
}

export function reloadedOf(control: Heard, all: readonly Heard[]): Reloaded {
  const lostOf = ({ arrivals }: Heard): number => {
    const came = new Set(arrivals.map(({ sequence }) => sequence));
    return control.arrivals.filter(({ sequence }) => !came.has(sequence)).length;
  };
  const cut = all.filter(({ ended }) => ended !== null);
  return {
    of: all.length,
    cut: cut.length,
    reason: cut[0]?.ended?.reason ?? null,
    lost: all.reduce((sum, heard) => sum + lostOf(heard), 0),
    gapMs: Math.max(0, ...all.map(({ arrivals }) => longestGapMs(arrivals))),
  };
}

function longestGapMs(arrivals: readonly Arrival[]): number {
  const gaps = arrivals.slice(1).map(({ atNs }, index) => atNs - (arrivals[index]?.atNs ?? atNs));
  return Math.max(0, ...gaps) / 1e6;
}
