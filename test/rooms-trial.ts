import { expect, test } from "vitest";
import type { Phase } from "../bench/results/schema.ts";
import type { BusName } from "../transports/bus-names.ts";
import { roomsFor } from "../scenarios/room-plans.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";

const clients = 40;
const ratePerSecond = 100;
const forMs = 600;
const messages = (ratePerSecond * forMs) / 1_000;

/** Messages from the server, from clients, and from the server while clients join and leave. */
async function played(variant: string, servers: number, bus: BusName): Promise<readonly Phase[]> {
  const trial = { ...trialOf(variant, 256), servers, bus };
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  await director.clients.connect(clients, { channels: roomsFor(clients) });
  const sending = { ratePerSecond, forMs };
  await director.phase("published", () => director.server.publish(sending));
  await director.phase("from clients", () => director.clients.send(sending));
  await director.phase("joins and leaves", async () => {
    await Promise.all([
      director.server.publish(sending),
      director.clients.changeRooms({ forMs, ratePerSecond: 40 }),
    ]);
  });
  await director.phase("after", () => director.clients.send(sending));
  await director.clients.disconnect();
  return director.phases;
}

export function accountsForRooms(variant: string, servers: number, bus: BusName = "none"): void {
  const by = bus === "none" ? "" : ` by ${bus}`;
  const where = (servers === 1 ? "one server" : `${servers} servers`) + by;
  test(`${variant}: all deliveries to rooms of ${where} are accounted for, with joins and leaves`, async () => {
    const phases = await played(variant, servers, bus);
    expect(phases.map(({ name }) => name)).toHaveLength(4);
    for (const { name, deliveries, latency, rooms } of phases) {
      const sizes = rooms?.sizes ?? [];
      const all = (count: (size: (typeof sizes)[number]) => number): number =>
        sizes.reduce((sum, size) => sum + count(size), 0);
      expect(deliveries, name).toMatchObject({
        intended: messages,
        lost: 0,
        duplicated: 0,
        reordered: 0,
        corrupted: 0,
        delivered: deliveries.expected,
      });
      expect(
        all((size) => size.messages),
        name,
      ).toBe(messages);
      expect(
        all((size) => size.expected),
        name,
      ).toBe(deliveries.expected);
      expect(
        all(({ delivery }) => delivery.count),
        name,
      ).toBe(deliveries.delivered);
      expect(latency.delivery.count, name).toBe(deliveries.delivered);
      if (servers > 1) {
        const { atPublisher, elsewhere } = rooms ?? {};
        expect(elsewhere?.count, name).toBeGreaterThan(0);
        expect((atPublisher?.count ?? 0) + (elsewhere?.count ?? 0), name).toBe(
          all((size) => (size.clients > 1 ? size.delivery.count : 0)),
        );
      }
      const full = all((size) => size.messages * size.clients);
      if (name === "joins and leaves") {
        // Who is between two rooms gets nothing.
        expect(deliveries.expected + (rooms?.inFlight ?? 0)).toBeLessThanOrEqual(full + clients);
        expect(rooms?.joins).toMatchObject({ count: 24, untilSubscribed: { count: 24 } });
      } else {
        expect(deliveries.expected, name).toBe(full);
        expect(rooms, name).toMatchObject({ inFlight: 0 });
        expect(rooms?.joins, name).toBe(undefined);
      }
    }
  });
}
