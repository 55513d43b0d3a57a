import { describe, expect, it } from "vitest";
import { parseNetwork } from "../bench/settings/parse-network.ts";
import { isForRelay } from "../bench/settings/relay-profile.ts";
import { defineScenario } from "../scenarios/scenario.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";

const messages = 10;

/** A few clients over a relay that delays by 20 ms down and by 10 ms up, while a script stalls it for a while. */
async function played(variant: string, usesNetwork: boolean) {
  const planned = trialOf(variant, 256);
  const relay = parseNetwork("relay:delay=20ms/10ms");
  if (!isForRelay(relay)) throw new Error("not for a relay");
  const scenario = defineScenario({ ...planned.scenario, usesNetwork });
  const trial = { ...planned, scenario, netns: false, relay };
  await using processes = new TrialProcesses(trial, hostsOf(null));
  await processes.start();
  using lease = await new MachineLock().acquire();
  const director = new Director(trial, processes, lease, () => {});
  await director.phase("connect", () => director.clients.connect(3));
  if (usesNetwork) {
    await director.network.carry({ isStalled: true, delayMs: 500 });
    await director.network.restore();
  }
  await director.phase("relayed", () => director.server.publish({ ratePerSecond: 50, forMs: 200 }));
  await director.clients.disconnect();
  const [connecting, phase] = director.phases;
  return { connecting, phase };
}

describe("a trial over a relay", () => {
  it("delivers everything, later by what was asked for, and tells what the relay did", async () => {
    const { connecting, phase } = await played("websocket", false);
    // A round trip for the connection, and one for the request.
    expect(connecting?.setUp.minNs).toBeGreaterThanOrEqual(59e6);
    expect(phase?.deliveries).toMatchObject({ expected: 3 * messages, lost: 0, duplicated: 0 });
    expect(phase?.latency.delivery.minNs).toBeGreaterThanOrEqual(19.5e6);
    expect(phase?.relay).toMatchObject({
      name: "relay:delay=20ms/10ms",
      notPlayed: [],
      down: {
        asked: { delayMs: 20, bitsPerSecond: null },
        done: { bytes: phase?.wire?.total.down },
      },
      up: { asked: { delayMs: 10 } },
    });
    expect(phase?.relay?.down.done.meanDelayMs).toBeGreaterThanOrEqual(19.5);
    expect(phase?.resources.map(({ process }) => process)).toContain("network");
    expect(phase?.standStills.map(({ process }) => process)).toContain("network");
    // Nobody was asked to lose anything.
    expect(phase?.ledger).toBeUndefined();
  });

  it("goes back to that network when a script has it misbehave and then restores it", async () => {
    const { phase } = await played("sse", true);
    expect(phase?.ledger).toMatchObject({ received: 3 * messages });
    expect(phase?.latency.delivery.minNs).toBeGreaterThanOrEqual(19.5e6);
    expect(phase?.latency.delivery.maxNs).toBeLessThan(500e6);
  });
});
