import { compared } from "./proxy-events.ts";
import type { Answering, Asked, Stage } from "./scenario.ts";

/** Milliseconds between the head of a stream and what follows: long enough to tell a head that waits for that. */
const eventsAfterMs = 300;

/** Messages flow meanwhile, so that there is something to compress. */
const flow = { ratePerSecond: 20, forMs: 500 } as const;

/** How the same request was answered through the proxy and past it; null where it can't be made. */
export type AskedBoth = Readonly<Record<"proxy" | "direct", Asked>> | null;

/** Asks once by hand, as a browser does, of a server that answers so. `name` is of the phase. */
export async function askBoth(
  stage: Stage,
  name: string,
  answering: Answering = {},
): Promise<AskedBoth> {
  await stage.server.answer({ ...answering, eventsAfterMs });
  const both = await askWhile(stage, name);
  await stage.server.answer(answering);
  return both;
}

async function askWhile(stage: Stage, name: string): Promise<AskedBoth> {
  const { forMs } = flow;
  let both: AskedBoth = null;
  await stage.phase(
    name,
    async () => {
      const [, proxy, direct] = await Promise.all([
        stage.server.publish(flow),
        stage.probe.ask({ through: "proxy", forMs }),
        stage.probe.ask({ through: "direct", forMs }),
      ]);
      if (proxy !== null && direct !== null) both = { proxy, direct };
    },
    compared,
  );
  return both;
}

/** Whether heads wait for what follows; null where nothing follows the server's own head for a while. */
export function headWaits(asked: AskedBoth): boolean | null {
  if (asked === null) return null;
  const { proxy, direct } = asked;
  const lateNs = (2 / 3) * eventsAfterMs * 1e6;
  const isApart =
    direct.headNs !== null && direct.bodyNs !== null && direct.bodyNs - direct.headNs > lateNs;
  if (!isApart) return null;
  return proxy.headNs === null || proxy.headNs > lateNs;
}

/** By what the proxy compresses, unasked by the server. */
export function compressedBy(asked: AskedBoth): string | null {
  const coding = asked?.proxy.fields["content-encoding"] ?? null;
  return coding === (asked?.direct.fields["content-encoding"] ?? null) ? null : coding;
}

/** Whether the server itself switches to another protocol. */
export function isUpgrade(asked: AskedBoth): boolean {
  return asked?.direct.status === 101;
}

/** What the proxy answered where the server switches protocols; null where that was passed on. */
export function upgradeRefusal(asked: AskedBoth): string | null {
  if (asked === null || !isUpgrade(asked)) return null;
  const { proxy } = asked;
  // Without an answer it isn't refused yet.
  return proxy.status === null || proxy.status === 101 ? null : statusText(proxy);
}

export function statusText({ status, reason }: Pick<Asked, "status" | "reason">): string {
  return status === null ? "no answer" : `${status} ${reason}`.trim();
}
