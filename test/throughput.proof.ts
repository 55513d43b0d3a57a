import { describe, expect, it } from "vitest";
import { parseNetwork } from "../bench/settings/parse-network.ts";
import { isForRelay } from "../bench/settings/relay-profile.ts";
import { throughput } from "../scenarios/throughput.ts";
import { Director, MachineLock, TrialProcesses, hostsOf } from "./built-engine.ts";
import { trialOf } from "./captured-trial.ts";

const clients = 10;
const payloadBytes = 256;
const bitsPerSecond = 2e6;

/** A frame of RFC 6455, section 5.2; the canary has each message, too. */
const linkCarries = bitsPerSecond / 8 / (payloadBytes + 4) / (clients + 1);

describe("a search for the highest rate that is served", () => {
  it("finds what a link carries, by arithmetic", async () => {
    const planned = trialOf("websocket", payloadBytes);
    const relay = parseNetwork("relay:bandwidth=2Mbit");
    if (!isForRelay(relay)) throw new Error("not for a relay");
    const workload = { ...planned.workload, clients, ratePerSecond: 20 };
    const trial = { ...planned, scenario: throughput, workload, netns: false, relay };
    await using processes = new TrialProcesses(trial, hostsOf(null));
    await processes.start();
    using lease = await new MachineLock().acquire();
    const director = new Director(trial, processes, lease, () => {});
    await throughput.play(director);
    const stated = (key: string) => director.figures.find((figure) => figure.key === key);
    const served = stated("throughput");
    expect(stated("limit")?.value).toBe("network");
    expect(served?.bound).toBe("range");
    const [least, most] = [Number(served?.value), served?.most ?? 0];
    // The search is as exact as a tenth, and a rate may exceed the link by a tenth of the time that it is tried.
    expect(least).toBeLessThan(1.1 * linkCarries * clients);
    expect(most).toBeGreaterThan(linkCarries * clients);
    expect(least).toBeGreaterThan(0.8 * linkCarries * clients);
  });
});
