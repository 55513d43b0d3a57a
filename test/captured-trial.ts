import { describe, expect, it } from "vitest";
import type { PlannedTrial } from "../bench/plan/plan.ts";
import type { Phase } from "../bench/results/schema.ts";
import { parseVariant } from "../bench/settings/variant.ts";
import type { AnyTransport } from "../transports/define-transport.ts";
import { defineScenario } from "../scenarios/scenario.ts";
import { Director, MachineLock, Network, TrialProcesses, hostsOf } from "./built-engine.ts";
import { Capture } from "./capture.ts";
import type { Packet } from "./pcap.ts";
import { isMissing, packetCapture, privateNetwork } from "./requirements.ts";
import { wireOf } from "./results-fixture.ts";

export const clients = 3;

/** Larger than a segment, so that there is something to be cut into several. */
const payloadBytes = 4_000;

/** One whole life of a few clients as a single phase, so that it holds all that ever crossed the link. */
async function played(variant: string): Promise<{ phase: Phase; packets: Packet[] }> {
  const trial = trialOf(variant, payloadBytes);
  await using network = await Network.open(1);
  await using capture = await Capture.start(network);
  await using processes = new TrialProcesses(trial, hostsOf(network));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  const allHave = async (messages: number): Promise<void> => {
    const wanted = { deliveries: clients * messages, timeoutMs: 60_000 };
    await processes.fleet.each((load) => load.remote.call("collect", wanted));
  };
  await director.phase("everything", async () => {
    await director.clients.connect(clients);
    await director.server.publish({ ratePerSecond: 20, forMs: 250 });
    await allHave(5);
    await director.clients.disconnect();
    await director.clients.connect(clients, { channels: "own" });
    await director.clients.send({ ratePerSecond: 20, forMs: 250 });
    await allHave(10);
    await director.clients.disconnect();
  });
  const packets = await capture.end();
  const [phase] = director.phases;
  if (phase === undefined) throw new Error("no phase was measured");
  return { phase, packets };
}

export function trialOf(variant: string, payloadBytes: number): PlannedTrial {
  return {
    variant: parseVariant(variant),
    scenario: defineScenario({
      name: "everything",
      summary: "",
      measures: "time",
      workload: { clients, ratePerSecond: 20, payloadBytes },
      describe: () => "",
      play: async () => {},
    }),
    workload: {
      clients,
      ratePerSecond: 20,
      payloadBytes,
      warmUpMs: 0,
      durationMs: 250,
      maxConnections: clients,
    },
    payload: null,
    repetition: 1,
    // With this one, three polling clients poll after 0.24, 0.62 and 0.85 of each interval.
    seed: 1,
    maxIdleMs: 1_000,
    netns: true,
    servers: 1,
    bus: "none",
    balance: "none",
    network: null,
    relay: null,
    broker: null,
    target: null,
  };
}

/** The packets of one direction. */
function directionOf(packets: readonly Packet[], isDown: boolean): Packet[] {
  return packets.filter(({ from }) => from.startsWith("198.18.") === isDown);
}

function isAcknowledgement({ payloadBytes, controls }: Packet): boolean {
  return payloadBytes === 0 && !controls;
}

/** TCP payload, each byte of it once however often it was sent. */
function streamBytes(packets: readonly Packet[]): number {
  const segments = packets.filter(({ payloadBytes }) => payloadBytes > 0);
  const once = new Map(segments.map((one) => [`${one.flow} ${one.sequence}`, one.payloadBytes]));
  return [...once.values()].reduce((total, bytes) => total + bytes, 0);
}

function bothWays(
  packets: readonly Packet[],
  count: (direction: readonly Packet[]) => number,
): { down: number; up: number } {
  return { down: count(directionOf(packets, true)), up: count(directionOf(packets, false)) };
}

/** What polls does so seldom that no poll is cut off at the end. */
export function unhurried({ name }: AnyTransport, client: string): string {
  return name === "short-polling" ? `${name}:${client}@1s` : `${name}:${client}`;
}

/** Compares what is counted of a network of its own with what tcpdump saw there, for each of `variants`. */
export function seenByTcpdump(variants: readonly string[]): void {
  describe.skipIf(isMissing(privateNetwork) || isMissing(packetCapture))(
    "what crosses a network of its own",
    () => {
      it.each(variants)("is what tcpdump saw, with %s", async (variant) => {
        const { phase, packets } = await played(variant);
        expect(phase.deliveries).toMatchObject({ delivered: 10 * clients, lost: 0 });

        // Nothing but TCP, and nothing larger than the link takes: offloads are off.
        expect(packets.filter(({ protocol }) => protocol !== 6)).toEqual([]);
        expect(Math.max(...packets.map(({ ipBytes }) => ipBytes))).toBe(1_500);

        expect(wireOf(phase).total).toEqual(bothWays(packets, streamBytes));
        const { link } = wireOf(phase);
        expect(link?.segments).toEqual(bothWays(packets, (all) => all.length));
        expect(link?.ipBytes).toEqual(
          bothWays(packets, (all) => all.reduce((total, { ipBytes }) => total + ipBytes, 0)),
        );
        expect(link?.acknowledgements).toEqual(
          bothWays(packets, (all) => all.filter(isAcknowledgement).length),
        );
      });
    },
  );
}
