import { expect, test } from "vitest";
import type { PlannedTrial } from "../bench/plan/plan.ts";
import type { BalancerName } from "../transports/balancer-names.ts";
import { rollingRestart } from "../scenarios/rolling-restart.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import {
  cutInMidStream,
  fleetTrial,
  playFleet,
  restartTwice,
  sendDownAndUp,
  whole,
} from "./fleet-trial.ts";
import { wireOf } from "./results-fixture.ts";

const servers = 3;
const clients = 9;

/** A trial through a balancer, which `script` says more of. */
function balancedTrial(
  balance: BalancerName,
  variant: string,
  script: Partial<Scenario> = {},
): PlannedTrial {
  const trial = fleetTrial(variant, "none", script);
  return { ...trial, workload: { ...trial.workload, clients }, balance };
}

/** Expects every delivery to come once, and all servers to have their share of the clients. */
export function deliversThrough(balance: BalancerName, variant: string): void {
  test(`${variant}: ${servers} servers behind ${balance} deliver all, each to its share`, async () => {
    const [down, up] = await playFleet(balancedTrial(balance, variant), (stage) =>
      sendDownAndUp(stage, clients),
    );
    if (down === undefined || up === undefined) throw new Error("two phases are played");
    expect(down.deliveries).toMatchObject({ ...whole, delivered: 20 * clients });
    expect(up.deliveries).toMatchObject({ ...whole, delivered: 5 * clients });
    for (const { disconnected, theory, balancer, resources, wire } of [down, up]) {
      expect(disconnected).toBe(0);
      expect(theory).toBeNull();
      expect(balancer?.program).toMatch(new RegExp(`^${balance} \\d+\\.\\d+`));
      const delivered = balancer?.deliveredBytes ?? [];
      expect(delivered).toHaveLength(servers);
      const all = delivered.reduce((sum, bytes) => sum + bytes, 0);
      expect(all).toBe(wire?.parts.deliveries.down);
      // Three clients each; how many messages an answer holds is another matter.
      for (const bytes of delivered) expect(bytes / all).toBeGreaterThan(0.25);
      expect(resources.filter(({ process }) => process === "balancer")).toHaveLength(1);
    }
    expect(wireOf(down).parts.underWay.down).toBeLessThan(wireOf(down).total.down / 2);
  });
}

/** Expects clients whose connections are cut to come back through the balancer, and to miss nothing. */
export function resumesThrough(balance: BalancerName, variant: string): void {
  test(`${variant}: clients that are cut off come back through ${balance}, and miss nothing`, async () => {
    const trial = balancedTrial(balance, variant, { usesNetwork: true });
    const [cut] = await playFleet(trial, (stage) => cutInMidStream(stage, clients));
    const nothing = { inFlight: 0, missed: 0, overrun: 0, unaccounted: 0, doubled: 0 };
    expect(cut?.ledger).toMatchObject(nothing);
    expect(cut?.absences).toMatchObject({ count: clients, lasting: 0 });
    for (const bytes of cut?.balancer?.deliveredBytes ?? [0]) expect(bytes).toBeGreaterThan(0);
  });
}

/** Expects the balancer to have the others serve the clients of a server that is restarted. */
export function restartsBehind(balance: BalancerName, variant: string): void {
  test(`${variant}: ${balance} has other servers serve the clients of one that is restarted`, async () => {
    const trial = balancedTrial(balance, variant, { usesNetwork: true, restartsServer: true });
    const phases = await playFleet(trial, (stage) => restartTwice(stage, clients));
    for (const { ledger, deliveries, absences, resources } of phases) {
      expect(deliveries.expected).toBe(20 * clients);
      expect(ledger).toMatchObject({ missed: 0, overrun: 0, unaccounted: 0, doubled: 0 });
      expect(absences?.lasting).toBe(0);
      expect(resources.filter(({ process }) => process === "network")).toHaveLength(2);
    }
    // A poll that isn't answered is asked of another server, and nobody has lost anything.
    const lost = phases[0]?.absences?.count;
    if (trial.variant.bound.delivery === "push") expect(lost).toBe(clients / servers);
    else expect(lost).toBeLessThanOrEqual(clients / servers);
  });
}

/** Expects a rolling restart to lose nothing where clients ask for what they have missed. */
export function rollsBehind(balance: BalancerName, variant: string): void {
  test(`${variant}: one of two servers behind ${balance} drains and restarts, and nothing is lost`, async () => {
    const { workload, ...trial } = balancedTrial(balance, variant, rollingRestart);
    const reconnect = { policy: "fixed", baseMs: 60, capMs: 60 } as const;
    const short = { ...workload, clients: 6, ratePerSecond: 50, warmUpMs: 0, durationMs: 600 };
    const played = { ...trial, servers: 2, workload: { ...short, servers: 2, reconnect } };
    const phases = await playFleet(played, (stage) => rollingRestart.play(stage));
    const [graceful, after, anew] = phases.filter(({ name }) => name !== "connect").slice(1);
    const killed = phases.find(({ name }) => name === "killed");
    for (const phase of [graceful, after, anew, killed]) {
      expect(phase?.ledger).toMatchObject({ missed: 0, overrun: 0, unaccounted: 0, doubled: 0 });
      expect(phase?.bus).toMatchObject({ lost: 0 });
    }
    expect(graceful?.restarts).toHaveLength(1);
    expect(graceful?.absences?.lasting).toBe(0);
    const [, back = NaN] = after?.balancer?.deliveredBytes ?? [];
    const [, fresh = NaN] = anew?.balancer?.deliveredBytes ?? [];
    // Streams stay where they are; HAProxy knows their clients when they come anew, and nginx goes by addresses.
    if (trial.variant.bound.delivery === "push") expect(back).toBe(0);
    if (balance === "haproxy") expect(fresh).toBe(0);
    else expect(fresh).toBeGreaterThan(0);
  });
}
