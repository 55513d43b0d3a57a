import { describe, expect, it } from "vitest";
import { plainNetwork } from "../bench/settings/network-profile.ts";
import { defineScenario } from "../scenarios/scenario.ts";
import { Director, MachineLock, PacketNetwork, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";
import { isMissing, packetNetwork } from "./requirements.ts";

const messages = 20;

/** A few clients over a network that delays by 20 ms each way and loses a tenth of all packets. */
async function played(variant: string) {
  const planned = trialOf(variant, 256);
  const scenario = defineScenario({ ...planned.scenario, usesNetwork: "packets" });
  const trial = { ...planned, scenario, netns: false, network: plainNetwork };
  await using network = await PacketNetwork.open(trial.network, trial.seed, 1);
  await using processes = new TrialProcesses(trial, hostsOf(network));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  await director.clients.connect(3);
  await director.network.become("delay=20ms,loss=10%");
  const measured = await director.phase("lossy", () =>
    director.server.publish({ ratePerSecond: 50, forMs: 400 }),
  );
  await director.clients.disconnect();
  const [phase] = director.phases;
  if (phase?.network === undefined) throw new Error("the network's books are missing");
  return { measured, phase, network: phase.network };
}

describe.skipIf(isMissing(packetNetwork))("a trial over a packet network", () => {
  it.each(["websocket", "sse+h2+tls+share=3"])(
    "delivers everything with %s, later, and tells what the network did",
    async (variant) => {
      const { measured, phase, network } = await played(variant);
      expect(phase.deliveries).toMatchObject({ expected: 3 * messages, lost: 0, duplicated: 0 });
      expect(phase.latency.delivery.minNs).toBeGreaterThanOrEqual(20e6);
      const { asked, done } = network.down;
      expect(network.name).toBe("delay=20ms,loss=10%");
      expect(asked).toMatchObject({ delayMs: 20, lossShare: 0.1, bitsPerSecond: null });
      expect(done.meanDelayMs).toBeGreaterThanOrEqual(20);
      // TCP sends again what was lost, and may send again what was only late.
      expect(done.lost).toBeGreaterThan(0);
      expect(done.retransmitted).toBeGreaterThan(0);
      expect(done.packets).toBe(measured.link?.segments.down);
      expect(done.bytes).toBe(measured.link?.ipBytes.down);
    },
  );
});
