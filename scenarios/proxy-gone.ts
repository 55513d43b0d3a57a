import { compared, waitMs } from "./proxy-events.ts";
import type { Heartbeats, Opened, Stage } from "./scenario.ts";

/** How long the end of one side may take to reach the other: longer, and it isn't told in time. */
export const toldWithinMs = 3_000;

/** Milliseconds that a poll may take to the server: one that comes after somebody has gone tells nobody. */
const settleMs = 100;

/** Messages that the server sends to one who may have gone: the first is answered by a reset, the next meets that. */
const writes = { ratePerSecond: 5, forMs: 1_000 } as const;

/** Milliseconds until one side was told that the other has gone; null where it wasn't in time. */
export interface Gone {
  readonly toldMs: number | null;
  /** Whether it was when it sent something, where it wasn't before; null where it was, or nothing was sent. */
  readonly atNextWrite: boolean | null;
  /** Whether nobody needs to be told: the proxy has made the request again by itself, and it is answered. */
  readonly goesOn?: true;
}

/** A client goes, which has been sent something before. */
export async function clientGoes(stage: Stage, { id }: Opened, name: string): Promise<Gone> {
  await stage.idle(settleMs);
  const goneNs = await stage.probe.close(id);
  const toldNs = await stage.server.loses({ sinceNs: goneNs, forMs: toldWithinMs });
  if (toldNs !== null) return { toldMs: (toldNs - goneNs) / 1e6, atNextWrite: null };
  await stage.phase(name, () => stage.server.publish(writes), compared);
  const lateNs = await stage.server.loses({ sinceNs: goneNs, forMs: waitMs });
  return { toldMs: null, atNextWrite: lateNs !== null };
}

/** The server goes. */
export async function serverGoes(stage: Stage): Promise<Gone> {
  const { id } = await stage.probe.open({ through: "proxy", waitMs });
  await stage.idle(settleMs);
  const leftNs = await stage.server.leave();
  const { ended } = await stage.probe.heard(id, { forMs: toldWithinMs });
  const goesOn = ended === null && (await isServed(stage, id));
  await stage.probe.close(id);
  if (goesOn) return { toldMs: null, atNextWrite: null, goesOn: true };
  return { toldMs: ended === null ? null : (ended.atNs - leftNs) / 1e6, atNextWrite: null };
}

/** Whether one still gets what is sent, by the server that has ended all its connections. */
async function isServed(stage: Stage, id: number): Promise<boolean> {
  const { length } = (await stage.probe.heard(id)).arrivals;
  const publish = (): Promise<void> => stage.server.publish(writes);
  await stage.phase("sent to who wasn't told", publish, compared);
  const { arrivals } = await stage.probe.heard(id, { forMs: waitMs, messages: length + 1 });
  return arrivals.length > length;
}

/** Milliseconds until a server that sends heartbeats is told; null where it isn't either. */
export async function toldByHeartbeats(
  stage: Stage,
  heartbeats: Heartbeats,
): Promise<number | null> {
  const { id } = await stage.probe.open({ through: "proxy", waitMs, heartbeats });
  await stage.idle(settleMs);
  const goneNs = await stage.probe.close(id);
  const forMs = toldWithinMs + 2 * heartbeats.everyMs;
  const toldNs = await stage.server.loses({ sinceNs: goneNs, forMs });
  return toldNs === null ? null : (toldNs - goneNs) / 1e6;
}
