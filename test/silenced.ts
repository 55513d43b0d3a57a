import { expect } from "vitest";
import type { Noticed, Silence } from "../scenarios/scenario.ts";
import { patienceMs, silenceMs } from "../transports/heartbeats.ts";
import { playNetworked } from "./networked-trial.ts";

// What half-open connections have in common, over one variant of each kind and over all.

export const clients = 20;

/** Long enough for processes that have to wait for a processor now and then. */
const heartbeats = { everyMs: 400, timeoutMs: 600, missesAllowed: 1 };

/** A pong may be under way when the silence begins; on a busy machine, everything is late. */
const earlyMs = 100;
const lateMs = 1_000;

/** Plays a silence that begins at another part of an interval for each client. */
export async function silenced(variant: string, silence: Silence): Promise<Noticed> {
  return await playNetworked(variant, async (director) => {
    const { everyMs } = heartbeats;
    await director.clients.connect(clients, { heartbeats, overMs: everyMs });
    await director.idle(everyMs);
    const noticed = await director.network.fallSilent(silence);
    await director.clients.disconnect();
    return noticed;
  });
}

/** Expects all of a side to have noticed, as interval, time-out and misses allowed have it. */
export function expectBetweenBounds(after: (q: number) => number | null): void {
  const all = Array.from(
    { length: clients },
    (_, index) => (after((index + 1) / clients) ?? 0) / 1e6,
  );
  expect(Math.min(...all)).toBeGreaterThan(patienceMs(heartbeats) - earlyMs);
  expect(Math.max(...all)).toBeLessThan(silenceMs(heartbeats) + lateMs);
}
