import { describe, expect, it } from "vitest";
import type { Phase } from "../bench/results/schema.ts";
import type { BusName } from "../transports/bus-names.ts";
import { defineScenario } from "../scenarios/scenario.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";
import { brokers, isMissing } from "./requirements.ts";

const clients = 6;

/** A phase in which the broker between three servers is killed, and serves again soon after. */
async function phaseOn(bus: BusName): Promise<Phase> {
  const planned = trialOf("websocket", 256);
  const scenario = defineScenario({ ...planned.scenario, failsBus: true, keepsLedger: true });
  const trial = { ...planned, scenario, netns: false, servers: 3, bus };
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  await director.clients.connect(clients);
  await director.phase("broken", async () => {
    await Promise.all([
      director.server.publish({ forMs: 1_000, ratePerSecond: 100 }),
      director.bus.fail({ afterMs: 300, forMs: 200 }),
    ]);
  });
  const [phase] = director.phases;
  if (phase === undefined) throw new Error("no phase was measured");
  return phase;
}

describe.skipIf(isMissing(brokers))("a broker that dies and comes back", () => {
  it("costs nothing but time where it keeps a log", async () => {
    const { bus, deliveries, ledger, resources } = await phaseOn("redis-streams");
    expect(bus).toMatchObject({ published: 100, refused: 0, expected: 300, taken: 300, lost: 0 });
    expect(bus?.transit.maxNs).toBeGreaterThan(200e6);
    expect(deliveries).toMatchObject({ expected: 600, delivered: 600, lost: 0, duplicated: 0 });
    expect(ledger).toMatchObject({ received: 600, unaccounted: 0, doubled: 0 });
    expect(resources.filter(({ process }) => process === "broker")).toHaveLength(1);
  });

  it("costs the clients of each server what that didn't get, where it keeps nothing", async () => {
    const { bus, deliveries, ledger } = await phaseOn("redis");
    expect(bus).toMatchObject({ published: 100, expected: 300, repeated: 0 });
    const { lost = 0, refused = 0 } = bus ?? {};
    expect(refused).toBeGreaterThan(0);
    expect(lost).toBeGreaterThanOrEqual(3 * refused);
    // Each server has two of the clients, which have kept their connections.
    expect(deliveries).toMatchObject({ lost: 2 * lost, duplicated: 0, reordered: 0 });
    const unsent = 6 * refused;
    const onBus = { unsent, untaken: 2 * lost - unsent };
    expect(bus).toMatchObject({ deliveries: onBus, failed: true });
    expect(ledger).toMatchObject({ ...onBus, missed: 0, unaccounted: 0, doubled: 0 });
  });
});
