import { expect, test } from "vitest";
import type { PlannedTrial } from "../bench/plan/plan.ts";
import type { Phase } from "../bench/results/schema.ts";
import type { BusName } from "../transports/bus-names.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import { defineScenario } from "../scenarios/scenario.ts";
import type { Scenario, Stage } from "../scenarios/scenario.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";
import { wireOf } from "./results-fixture.ts";

const servers = 3;
const clients = 7;

/** A trial over several servers, which `script` says more of. */
export function fleetTrial(
  variant: string,
  bus: BusName,
  script: Partial<Scenario> = {},
): PlannedTrial {
  const planned = trialOf(variant, 256);
  const scenario = defineScenario({ ...planned.scenario, ...script });
  const workload = { ...planned.workload, clients, servers, bus };
  return { ...planned, netns: false, scenario, workload, servers, bus };
}

/** Plays a script over it; resolves with what the phases measured. */
export async function playFleet(
  trial: PlannedTrial,
  play: (stage: Stage) => Promise<void>,
): Promise<readonly Phase[]> {
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  await play(director);
  await director.clients.disconnect();
  return director.phases;
}

/** Has the server publish to clients, and then each of as many others send to itself. */
export async function sendDownAndUp(stage: Stage, count: number): Promise<void> {
  await stage.clients.connect(count);
  await stage.phase("down", () => stage.server.publish({ ratePerSecond: 40, forMs: 500 }));
  await stage.clients.disconnect();
  await stage.clients.connect(count, { channels: "own" });
  await stage.phase("up", () => stage.clients.send({ ratePerSecond: 10, forMs: 500 }));
}

/**
 * Cuts clients off in mid-stream, who come back for what they have missed. None can be back before the next message:
 * else a poll, which is made again at once, would miss nothing.
 */
export async function cutInMidStream(stage: Stage, count: number): Promise<void> {
  await connectReturning(stage, count);
  await stage.phase("cut", async () => {
    await Promise.all([
      stage.server.publish({ ratePerSecond: 50, forMs: 400 }),
      stage.network.cut({ how: "reset", afterMs: 110, refuseForMs: 40 }),
    ]);
  });
}

/** Restarts the first server twice under such clients. */
export async function restartTwice(stage: Stage, count: number): Promise<void> {
  await connectReturning(stage, count);
  for (const name of ["first restart", "second restart"]) {
    await stage.phase(name, async () => {
      await Promise.all([
        stage.server.publish({ ratePerSecond: 50, forMs: 400 }),
        stage.server.restart({ downMs: 200, afterMs: 110 }),
      ]);
    });
  }
}

async function connectReturning(stage: Stage, count: number): Promise<void> {
  await stage.clients.connect(count);
  await stage.clients.comeBack({ policy: "fixed", baseMs: 60, capMs: 60, resume: true });
}

/** What neither loses nor doubles a delivery. */
export const whole = { lost: 0, duplicated: 0, reordered: 0, corrupted: 0 };

/**
 * What the ledger has nothing of. Socket.IO's recovery restores from the log what its server may have yet to read and
 * hand over, or has just handed over.
 */
function withoutLosses(variant: string): Record<string, number> {
  const exactly = variant.includes("+recovery") ? {} : { overrun: 0, doubled: 0 };
  return { missed: 0, unaccounted: 0, ...exactly };
}

const by = (bus: BusName): string => (bus === "none" ? "" : ` by ${bus}`);

/** Whether theory has to have the bytes of deliveries: answers may hold whatever servers have gathered by themselves. */
function isReckoned(variant: string): boolean {
  const { theory, delivery, layers } = parseVariant(variant).bound;
  return theory !== null && (delivery === "push" || layers.batchMs === undefined);
}

/** Expects the bytes of several servers to be those that theory has for them. */
export function countsAsTheoryDoes(variant: string, bus: BusName = "none"): void {
  test(`${variant}${by(bus)}: ${servers} servers deliver all, in the bytes that theory has for it`, async () => {
    const [down, up] = await playFleet(fleetTrial(variant, bus), (stage) =>
      sendDownAndUp(stage, clients),
    );
    if (down === undefined || up === undefined) throw new Error("two phases are played");
    expect(down.deliveries).toMatchObject({ ...whole, delivered: 20 * clients });
    expect(up.deliveries).toMatchObject({ ...whole, delivered: 5 * clients });
    const reckoned = down.theory?.deliveries ?? null;
    if (isReckoned(variant)) expect(reckoned).not.toBeNull();
    expect([null, wireOf(down).parts.deliveries]).toContainEqual(reckoned);
    expect([null, wireOf(up).parts.upstream]).toContainEqual(up.theory?.upstream ?? null);
    for (const { wire, resources, standStills, bus: onBus } of [down, up]) {
      expect(onBus).toMatchObject({ published: wire === down.wire ? 20 : 5 * clients, lost: 0 });
      expect(onBus?.taken).toBe(onBus?.expected);
      const parts = Object.values(wire?.parts ?? {});
      expect(parts.reduce((sum, part) => sum + part.down, 0)).toBe(wire?.total.down);
      expect(resources.filter(({ process }) => process === "server")).toHaveLength(servers);
      const names = standStills.map(({ process }) => process);
      expect(names).toEqual(expect.arrayContaining(["server 1", "server 2", "server 3"]));
    }
  });
}

/** Expects clients that come back, to another server, to get there what they have missed. */
export function resumesElsewhere(variant: string, bus: BusName = "none"): void {
  test(`${variant}${by(bus)}: clients that are cut off get what they have missed from another server`, async () => {
    const trial = fleetTrial(variant, bus, { usesNetwork: true });
    const [cut] = await playFleet(trial, (stage) => cutInMidStream(stage, clients));
    const nothing = { inFlight: 0, reordered: 0, ...withoutLosses(variant) };
    expect(cut?.ledger).toMatchObject(nothing);
    expect(cut?.ledger?.overrun).toBeLessThan((cut?.deliveries.expected ?? 0) / 10);
    expect(cut?.ledger?.replayed).toBeGreaterThan(0);
    expect(cut?.absences).toMatchObject({ count: clients, lasting: 0 });
  });
}

/** Expects the others to go on while the first is restarted, and its clients to come back to them. */
export function goesOnWithoutTheFirst(variant: string, bus: BusName = "none"): void {
  test(`${variant}${by(bus)}: the clients of a server that is restarted come back to the others`, async () => {
    const trial = fleetTrial(variant, bus, { usesNetwork: true, restartsServer: true });
    const phases = await playFleet(trial, (stage) => restartTwice(stage, clients));
    const [first, second] = phases;
    // Those numbered 0, 3 and 6, who are with the second server then.
    expect(first?.absences).toMatchObject({ count: 3, lasting: 0 });
    expect(second?.absences).toMatchObject({ count: 0 });
    for (const { ledger, deliveries, resources } of phases) {
      expect(deliveries.expected).toBe(20 * clients);
      expect(ledger).toMatchObject(withoutLosses(variant));
      expect(resources.filter(({ process }) => process === "server")).toHaveLength(servers + 1);
    }
  });
}
