import { expect, test } from "vitest";
import type { PlannedTrial } from "../bench/plan/plan.ts";
import type { Phase } from "../bench/results/schema.ts";
import { defineScenario } from "../scenarios/scenario.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";

const clients = 3;
const messages = 20;

/** A trial whose script may restart the server. */
export function restartableTrial(variant: string): PlannedTrial {
  const planned = trialOf(variant, 256);
  const { scenario } = planned;
  const restartable = defineScenario({ ...scenario, usesNetwork: true, restartsServer: true });
  return { ...planned, scenario: restartable };
}

/** Phases in each of which the server is restarted in mid-stream. */
async function restartedPhases(
  variant: string,
  resume: boolean,
  phases: number,
): Promise<readonly Phase[]> {
  const trial = restartableTrial(variant);
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  await director.clients.connect(clients);
  await director.clients.comeBack({ policy: "fixed", baseMs: 60, capMs: 60, resume });
  for (let phase = 1; phase <= phases; phase += 1) {
    await director.phase(`restart ${phase}`, async () => {
      await Promise.all([
        director.server.publish({ ratePerSecond: 50, forMs: 400 }),
        director.server.restart({ downMs: 150, afterMs: 110 }),
      ]);
    });
  }
  await director.clients.disconnect();
  expect(processes.clocks.filter(({ process }) => process === "server")).toHaveLength(1 + phases);
  return director.phases;
}

/** What is due while the server is away is sent at once after it: it is late, but nothing of it is left out. */
export function survivesRestarts(variant: string, { polls = false } = {}): void {
  test(`${variant}: clients that resume get everything but what only the old server had`, async () => {
    for (const phase of await restartedPhases(variant, true, 2)) {
      const { ledger, absences, deliveries, restarts, resources } = phase;
      expect(deliveries).toMatchObject({ intended: messages, expected: clients * messages });
      expect(ledger).toMatchObject({ missed: 0, unaccounted: 0, doubled: 0 });
      const { inFlight = 0, overrun = 0 } = ledger ?? {};
      expect(deliveries.lost).toBe(inFlight + overrun);
      // What the server still gathered when it was ended has no number by which it could be missed: one message, or two
      // where it was too busy to send the one before.
      expect(inFlight).toBeLessThanOrEqual(variant.includes("+batch") ? 2 * clients : 0);
      // What polls hadn't fetched yet, or a busy server had still to write when it was ended.
      expect(overrun).toBeLessThanOrEqual(2 * clients);
      expect(ledger?.replayed).toBeGreaterThan(0);
      expect(absences).toMatchObject({ count: clients, lasting: 0, untilBack: { count: clients } });
      expect(restarts).toHaveLength(1);
      expect(restarts?.[0]?.downMs).toBeGreaterThanOrEqual(150);
      expect(restarts?.[0]?.cpuMs.length).toBeGreaterThan(0);
      expect(absences?.untilBack?.minNs).toBeGreaterThan(150e6);
      expect(phase.latency.lateness.maxNs).toBeGreaterThan(100e6);
      expect(resources.filter(({ process }) => process === "server")).toHaveLength(2);
      const { total, parts } = phase.wire ?? {};
      const down = Object.values(parts ?? {}).reduce((sum, part) => sum + part.down, 0);
      expect(down).toBe(total?.down);
    }
  });

  if (polls) return;
  test(`${variant}: clients that don't resume miss what was sent before they were back`, async () => {
    for (const { ledger, absences } of await restartedPhases(variant, false, 1)) {
      expect(absences).toMatchObject({ count: clients, lasting: 0 });
      expect(ledger).toMatchObject({ replayed: 0, overrun: 0, unaccounted: 0, doubled: 0 });
      expect(ledger?.missed).toBeGreaterThan(0);
    }
  });
}
