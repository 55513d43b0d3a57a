import { expect, test } from "vitest";
import type { Phase } from "../bench/results/schema.ts";
import type { Returning } from "../scenarios/scenario.ts";
import { playNetworked } from "./networked-trial.ts";

const clients = 3;
const messages = 20;

/** A phase in which all connections are reset in mid-stream. */
async function cutPhase(
  variant: string,
  how: Returning,
  { sent = messages, afterMs = 110 } = {},
): Promise<Phase> {
  return await playNetworked(variant, async (director) => {
    await director.clients.comeBack(how);
    await director.clients.connect(clients);
    await director.phase("cut", async () => {
      await Promise.all([
        director.server.publish({ ratePerSecond: 50, forMs: sent * 20 }),
        director.network.cut({ how: "reset", afterMs }),
      ]);
    });
    await director.clients.disconnect();
    const [phase] = director.phases;
    if (phase === undefined) throw new Error("no phase was measured");
    return phase;
  });
}

const soon = { policy: "fixed", baseMs: 60, capMs: 60 } as const;

/** A poll that is cut is only made again; a subscription ends, and its client waits before it comes back. */
export function comesBack(variant: string, { polls = false } = {}): void {
  test(`${variant}: clients that resume get everything, once`, async () => {
    const { ledger, absences, deliveries } = await cutPhase(variant, { ...soon, resume: true });
    expect(deliveries).toMatchObject({ expected: clients * messages, lost: 0 });
    expect(ledger).toMatchObject({ inFlight: 0, missed: 0, overrun: 0, unaccounted: 0 });
    expect(ledger).toMatchObject({ doubled: 0, reordered: 0 });
    expect(absences).toMatchObject({ count: clients, lasting: 0 });
    if (!polls) expect(ledger?.replayed).toBeGreaterThan(0);
  });

  if (polls) return;
  test(`${variant}: clients that don't resume miss what was sent while they were away`, async () => {
    const { ledger, absences, deliveries } = await cutPhase(variant, { ...soon, resume: false });
    expect(absences).toMatchObject({ count: clients, lasting: 0 });
    expect(ledger).toMatchObject({ replayed: 0, overrun: 0, unaccounted: 0, doubled: 0 });
    expect(ledger?.missed).toBeGreaterThan(0);
    expect(deliveries.lost).toBe((ledger?.missed ?? 0) + (ledger?.inFlight ?? 0));
  });
}

/** The phase goes on until those are back that have missed nothing. */
export function isWaitedFor(variant: string): void {
  test(`${variant}: clients that are cut off after the last message are waited for`, async () => {
    const later = { ...soon, baseMs: 300, capMs: 300, resume: true };
    const { deliveries, absences } = await cutPhase(variant, later, { sent: 5, afterMs: 200 });
    expect(deliveries.lost).toBe(0);
    expect(absences).toMatchObject({ count: clients, lasting: 0 });
  });
}

/** Its library waits for up to three seconds. */
export function comesBackByItself(variant: string, { resumes }: { resumes: boolean }): void {
  test(`${variant}: clients come back by themselves, ${resumes ? "and resume" : "without what they have missed"}`, async () => {
    const sent = 250;
    const { ledger, absences, deliveries } = await cutPhase(
      variant,
      { ...soon, policy: "native", resume: true },
      { sent },
    );
    expect(absences).toMatchObject({ count: clients, lasting: 0, dials: clients, failedDials: 0 });
    expect(ledger).toMatchObject({ overrun: 0, unaccounted: 0, doubled: 0, reordered: 0 });
    const { replayed = 0, missed = 0, inFlight = 0 } = ledger ?? {};
    expect(resumes ? replayed : missed).toBeGreaterThan(0);
    expect(deliveries.expected).toBe(clients * sent);
    expect(deliveries.lost).toBe(resumes ? 0 : missed + inFlight);
  });
}
