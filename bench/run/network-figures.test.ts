import { describe, expect, it } from "vitest";
import { phaseOf } from "../../test/results-fixture.ts";
import type { DirectionDone, Done } from "../packets/done.ts";
import { latency } from "../../scenarios/latency.ts";
import { lossy } from "../../scenarios/lossy.ts";
import { parsePackets } from "../settings/parse-network.ts";
import { networkFigures } from "./network-figures.ts";
import { phaseNetwork } from "./phase-network.ts";

const network = parsePackets("delay=20ms/10ms,jitter=5ms,loss=2%");

const nothing: DirectionDone = {
  packetsIn: 0,
  bytesIn: 0,
  packetsOut: 0,
  bytesOut: 0,
  lost: 0,
  overflowed: 0,
  reordered: 0,
  longestQueueBytes: 0,
  delayMs: 0,
  longestDelayMs: 0,
  lateMs: 0,
  longestLateMs: 0,
  retransmitted: 0,
  fastRetransmitted: 0,
  timeouts: 0,
  lossProbes: 0,
  lostRetransmissions: 0,
  unread: 0,
};

/** A phase in which so many packets came down, of which three were lost and sent again. */
function phaseWith(packets: number, delayMs: number) {
  const done = (down: Partial<DirectionDone>): Done => ({
    down: { ...nothing, ...down },
    up: nothing,
    atNs: 0,
    cpuMs: 0,
  });
  const packetsOut = packets - 3;
  const to = done({
    packetsIn: packets,
    packetsOut,
    lost: 3,
    retransmitted: 3,
    delayMs: packetsOut * delayMs,
    longestQueueBytes: packets * 10,
  });
  return phaseOf({ network: phaseNetwork(network, done({}), to) });
}

describe("what a network was asked to do, and did", () => {
  const phases = [phaseWith(103, 26), phaseWith(303, 30), { ...phaseOf(), measured: false }];
  const figures = networkFigures({ scenario: latency, network }, phases);
  const figure = (key: string) => figures.find((one) => one.key === `network.${key}`);

  it("stand side by side, over all packets", () => {
    expect(figure("down.delay")).toMatchObject({ label: "delay down, ms\n25.0 asked", value: 29 });
    expect(figure("down.loss")?.label).toBe("lost down, %\n2.00 asked");
    expect(figure("down.loss")?.value).toBeCloseTo(600 / 406);
    expect(figure("queue")?.value).toBe(3_030);
    expect(figure("retransmitted")?.value).toBe(6);
  });

  it("have no delay where nothing was carried", () => {
    expect(figure("up.delay")).toMatchObject({ label: "delay up, ms\n15.0 asked", value: null });
    expect(figure("up.loss")?.value).toBeNull();
  });

  it("are told by a script that plays several, and of no network where there is none", () => {
    expect(networkFigures({ scenario: lossy, network }, phases)).toEqual([]);
    expect(networkFigures({ scenario: latency, network: null }, phases)).toEqual([]);
  });
});
