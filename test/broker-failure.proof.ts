import { describe, expect, it } from "vitest";
import type { Phase } from "../bench/results/schema.ts";
import type { BusName } from "../transports/bus-names.ts";
import { roomsFor } from "../scenarios/room-plans.ts";
import { defineScenario } from "../scenarios/scenario.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";
import { brokers, isMissing } from "./requirements.ts";

const clients = 40;
const sending = { ratePerSecond: 100, forMs: 1_500 };

/** One in which the broker dies and comes back, and one after that. */
async function phasesOn(bus: BusName, variant = "websocket"): Promise<readonly Phase[]> {
  const planned = trialOf(variant, 256);
  const scenario = defineScenario({ ...planned.scenario, failsBus: true });
  const trial = { ...planned, scenario, netns: false, servers: 2, bus };
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  await director.clients.connect(clients, { channels: roomsFor(clients) });
  await director.phase("broken", async () => {
    await Promise.all([
      director.server.publish(sending),
      director.bus.fail({ afterMs: 400, forMs: 300 }),
    ]);
  });
  await director.phase("after that", () => director.server.publish(sending));
  await director.clients.disconnect();
  return director.phases;
}

describe.skipIf(isMissing(brokers))("rooms whose broker dies and comes back", () => {
  it("get all of it from a log that outlives the broker, only later", async () => {
    const [broken, after] = await phasesOn("redis-streams");
    expect(broken?.deliveries).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
    expect(broken?.ledger).toMatchObject({ inFlight: 0, missed: 0, unaccounted: 0 });
    expect(broken?.ledger?.replayed).toBeGreaterThan(0);
    expect(after?.deliveries).toMatchObject({ lost: 0, duplicated: 0 });
    expect(after?.ledger).toBe(undefined);
  });

  it("get all of it late, or not at all, by Socket.IO's own adapter for publish/subscribe", async () => {
    const [broken, after] = await phasesOn("redis", "socket.io@websocket");
    const { untaken = 0, replayed = 0 } = broken?.ledger ?? {};
    expect(broken?.deliveries.lost).toBe(untaken);
    expect(untaken + replayed).toBeGreaterThan(0);
    expect(broken?.ledger).toMatchObject({ unsent: 0, inFlight: 0, missed: 0, unaccounted: 0 });
    expect(broken?.bus?.deliveries).toEqual({ unsent: 0, untaken });
    expect(after?.deliveries).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
  });

  it("get all of it late by Socket.IO's own adapter for streams", async () => {
    const [broken, after] = await phasesOn("redis-streams", "socket.io@websocket");
    expect(broken?.deliveries).toMatchObject({ lost: 0, reordered: 0 });
    expect(broken?.ledger?.replayed).toBeGreaterThan(0);
    expect(after?.deliveries).toMatchObject({ lost: 0, duplicated: 0 });
  });

  it.each(["redis", "nats"] as const)(
    "lose what is published meanwhile, and nothing after that, with %s",
    async (bus) => {
      const [broken, after] = await phasesOn(bus);
      const { unsent = 0, untaken = 0 } = broken?.ledger ?? {};
      expect(unsent).toBeGreaterThan(0);
      expect(broken?.deliveries.lost).toBe(unsent + untaken);
      expect(broken?.ledger).toMatchObject({ inFlight: 0, missed: 0, unaccounted: 0 });
      expect(broken?.bus?.deliveries).toEqual({ unsent, untaken });
      expect(after?.deliveries).toMatchObject({ lost: 0, duplicated: 0, reordered: 0 });
    },
  );
});
