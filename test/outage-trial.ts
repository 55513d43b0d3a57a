import { expect, test } from "vitest";
import type { Phase } from "../bench/results/schema.ts";
import type { Repeats } from "../scenarios/scenario.ts";
import { playNetworked } from "./networked-trial.ts";

const clients = 3;
const messages = 20;

interface Way {
  readonly resume: boolean;
  readonly keepsSent: boolean;
  readonly repeats: Repeats;
}

/**
 * A phase in which clients send, nothing comes back from the server, all connections are reset, and clients come back
 * 60 ms later: so it has taken messages that they don't know of.
 */
async function outage(variant: string, { repeats, ...how }: Way): Promise<Phase> {
  return await playNetworked(variant, async (director) => {
    await director.clients.connect(clients, { channels: "own" });
    await director.clients.comeBack({ policy: "fixed", baseMs: 60, capMs: 60, ...how });
    await director.server.repeats(repeats);
    const sending = { ratePerSecond: 50, forMs: 400 };
    // From then on, connections are there that messages are sent up on.
    await director.phase("before", () => director.clients.send({ ...sending, forMs: 60 }));
    await director.phase("outage", async () => {
      const cutOff = async (): Promise<void> => {
        await director.network.carry({ isStalled: true }, { direction: "down" });
        await director.network.cut({ how: "reset", afterMs: 110 });
        await director.network.carry({ isStalled: false }, { direction: "down" });
      };
      await Promise.all([director.clients.send(sending), cutOff()]);
    });
    await director.clients.disconnect();
    const [, phase] = director.phases;
    if (phase === undefined) throw new Error("no phase was measured");
    return phase;
  });
}

const noneLost = { inFlight: 0, missed: 0, overrun: 0, unaccounted: 0, reordered: 0 };

/** Clients that go on sending while they are cut off. */
export function queuesOffline(variant: string): void {
  const expected = clients * messages;

  test(`${variant}: with a queue and resume, each message is taken once and comes back once`, async () => {
    const { ledger, outboxes, absences } = await outage(variant, {
      resume: true,
      keepsSent: true,
      repeats: "drop",
    });
    expect(ledger).toMatchObject({ ...noneLost, doubled: 0 });
    expect(ledger?.replayed).toBeGreaterThan(0);
    expect(outboxes).toMatchObject({ taken: expected, unacknowledged: 0 });
    expect(outboxes?.untilAcknowledged.count).toBe(clients);
    expect(absences).toMatchObject({ lasting: 0 });
  });

  test(`${variant}: without resume, the server is sent again what it had taken, and answers`, async () => {
    const { ledger, outboxes } = await outage(variant, {
      resume: false,
      keepsSent: true,
      repeats: "answer",
    });
    expect(ledger).toMatchObject(noneLost);
    expect(outboxes).toMatchObject({ taken: expected, unacknowledged: 0 });
    expect(outboxes?.repeated).toBeGreaterThan(0);
    expect(outboxes?.repeated).toBeLessThanOrEqual(outboxes?.sentAgain ?? 0);
  });

  test(`${variant}: without a queue, what was sent meanwhile is lost, and accounted for`, async () => {
    const { ledger, outboxes, deliveries } = await outage(variant, {
      resume: true,
      keepsSent: false,
      repeats: "take",
    });
    expect(outboxes).toBeUndefined();
    expect(ledger).toMatchObject({ overrun: 0, unaccounted: 0, doubled: 0 });
    expect(deliveries.lost).toBeGreaterThan(0);
    expect(deliveries.lost).toBe((ledger?.missed ?? 0) + (ledger?.inFlight ?? 0));
  });
}
