import { expect, test } from "vitest";
import type { Phase } from "../bench/results/schema.ts";
import { defineScenario } from "../scenarios/scenario.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";

const clients = 2;

/** The kernel takes some megabytes for a client that doesn't read; these are 24 of them. */
const payloadBytes = 200_000;
const messages = 120;
const ratePerSecond = 120;

/** A phase in which one of two clients doesn't read for most of the time. */
async function slowPhase(variant: string): Promise<Phase> {
  const planned = trialOf(variant, payloadBytes);
  const trial = {
    ...planned,
    scenario: defineScenario({ ...planned.scenario, keepsLedger: true, watchesMemory: true }),
  };
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  await director.clients.connect(clients);
  await director.clients.comeBack({ policy: "fixed", baseMs: 20, capMs: 20, resume: true });
  await director.phase("slow", async () => {
    await Promise.all([
      // A busy machine has it read again tenths of a second late: then messages have to follow.
      director.server.publish({ ratePerSecond, forMs: (1_000 * messages) / ratePerSecond }),
      director.clients.stopReading({ share: 0.5, forMs: 500 }),
    ]);
  });
  await director.clients.disconnect();
  const [phase] = director.phases;
  if (phase === undefined) throw new Error("no phase was measured");
  return phase;
}

/** What becomes of a client that doesn't read: each of them is accounted for in another way. */
interface Fate {
  /** Left out where either may be. */
  readonly isCutOff?: boolean;
  readonly misses?: boolean;
  readonly holdsBackOthers?: boolean;
}

export function accountsFor(
  variant: string,
  { isCutOff, misses = false, holdsBackOthers = false }: Fate,
): void {
  test(`${variant}: what a client doesn't read is accounted for, and it catches up`, async () => {
    const { ledger, deliveries, stoppedReaders, memoryCourse, latency } = await slowPhase(variant);
    expect(deliveries.expected).toBe(clients * messages);
    expect(stoppedReaders).toMatchObject({ count: 1, caughtUp: { count: 1 } });
    if (isCutOff !== undefined) expect(stoppedReaders?.disconnected).toBe(isCutOff ? 1 : 0);
    expect(ledger).toMatchObject({ inFlight: 0, missed: 0, unaccounted: 0, doubled: 0 });
    if (misses) expect(ledger?.overrun).toBeGreaterThan(0);
    else expect(ledger?.overrun).toBe(0);
    expect(deliveries.lost).toBe(ledger?.overrun);
    if (!misses) expect(deliveries.delivered).toBe(clients * messages);
    if (isCutOff === true) expect(ledger?.replayed).toBeGreaterThan(0);
    expect(memoryCourse?.heapBytes.length).toBe(memoryCourse?.residentBytes.length);
    expect(memoryCourse?.heapBytes.length).toBeGreaterThan(2);
    // Others may be late, too, on a busy machine.
    if (holdsBackOthers) expect(latency.lateness.maxNs).toBeGreaterThan(100e6);
  });
}
