import { expect, it } from "vitest";
import { defineScenario } from "../scenarios/scenario.ts";
import type { Noticed, Silence } from "../scenarios/scenario.ts";
import { patienceMs, silenceMs } from "../transports/heartbeats.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";

const clients = 20;
const heartbeats = { everyMs: 200, timeoutMs: 100, missesAllowed: 1 };

/** Timers may be early by a millisecond; a busy machine has them late. */
const earlyMs = 2;
const lateMs = 150;

async function silenced(variant: string, silence: Silence): Promise<Noticed> {
  const planned = trialOf(variant, 256);
  const trial = {
    ...planned,
    scenario: defineScenario({ ...planned.scenario, usesNetwork: true }),
  };
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  const { everyMs } = heartbeats;
  await director.clients.connect(clients, { heartbeats, overMs: everyMs });
  await director.idle(everyMs);
  const noticed = await director.network.fallSilent(silence);
  await director.clients.disconnect();
  return noticed;
}

function expectBetweenBounds(after: (q: number) => number | null): void {
  const all = Array.from(
    { length: clients },
    (_, index) => (after((index + 1) / clients) ?? 0) / 1e6,
  );
  expect(Math.min(...all)).toBeGreaterThan(patienceMs(heartbeats) - earlyMs);
  expect(Math.max(...all)).toBeLessThan(silenceMs(heartbeats) + lateMs);
  // Whenever the silence begins, it is another part of an interval before the next heartbeat.
  expect(Math.max(...all) - Math.min(...all)).toBeGreaterThan(heartbeats.everyMs / 2);
}

it("both sides of a WebSocket notice as interval, time-out and misses allowed have it", async () => {
  const { clients: ofClients, server } = await silenced("websocket", { forMs: 5_000 });
  expectBetweenBounds((q) => ofClients.after(q));
  expectBetweenBounds((q) => server?.after(q) ?? null);
});

it("a server of events doesn't notice that clients are silent, and clients hear it all the same", async () => {
  const { clients: ofClients, server } = await silenced("sse", { forMs: 1_000, direction: "up" });
  expect(ofClients).toMatchObject({ of: clients, count: 0 });
  expect(server).toMatchObject({ of: clients, count: 0 });
});
