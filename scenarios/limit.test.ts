import { describe, expect, it } from "vitest";
import { limitOf } from "./limit.ts";
import type { LimitEvidence } from "./limit.ts";
import type { BusyProcess } from "./scenario.ts";

/** In percent: how busy a process was, and how much of that it had a core for. */
function busy(process: string, percent: number, withCore = percent): BusyProcess {
  return { process, share: percent / 100, cpuShare: withCore / 100, kernelShare: null };
}

const evidence: LimitEvidence = {
  brokenOff: null,
  busy: [],
  linkShare: null,
  isCanaryInTime: false,
};

type Says = [string, Partial<LimitEvidence>, string, "ours" | "theirs"];

const [server, idleServer] = [busy("server", 98, 97), busy("server", 40)];
const [load, fullLoad] = [busy("load", 50), busy("load", 95)];

describe("the limit of a rate that wasn't served", () => {
  it.each<Says>([
    ["is the server's CPU", { busy: [server, load] }, "server CPU", "theirs"],
    [
      "also where clients are as busy, and the one by itself was as late",
      { busy: [server, fullLoad] },
      "server CPU",
      "theirs",
    ],
    ["of several servers, one", { busy: [idleServer, server, load] }, "server CPU", "theirs"],
    [
      "is the clients' where the one by itself was in time",
      { busy: [server, fullLoad], isCanaryInTime: true },
      "client CPU",
      "ours",
    ],
    [
      "may be the clients' where nothing tells",
      { busy: [server, fullLoad], isCanaryInTime: null },
      "client CPU",
      "ours",
    ],
    [
      "isn't the clients' where they had time, though the one by itself was in time",
      { busy: [server, load], isCanaryInTime: true },
      "server CPU",
      "theirs",
    ],
    [
      "is the clients' where only they were busy",
      { busy: [idleServer, fullLoad] },
      "client CPU",
      "ours",
    ],
    [
      "of several load processes, one",
      { busy: [idleServer, load, fullLoad] },
      "client CPU",
      "ours",
    ],
    ["is a lack of cores", { busy: [busy("server", 98, 60), load] }, "cores", "ours"],
    [
      "also where it is clients that lack them",
      { busy: [busy("server", 80), busy("load", 99, 40)], isCanaryInTime: true },
      "cores",
      "ours",
    ],
    [
      "is the publisher's where the server is the user's own",
      { busy: [busy("publisher", 96), idleServer, load] },
      "publisher CPU",
      "ours",
    ],
    [
      "is the broker's",
      { busy: [busy("server", 70), busy("broker", 99), load] },
      "broker CPU",
      "theirs",
    ],
    [
      "isn't the broker's where that had no core",
      { busy: [busy("server", 70), busy("broker", 95, 10), load] },
      "cores",
      "ours",
    ],
    [
      "is the server's before the balancer's",
      { busy: [server, busy("balancer", 99), load] },
      "server CPU",
      "theirs",
    ],
    [
      "is the balancer's where servers had time",
      { busy: [idleServer, busy("balancer", 99), load] },
      "balancer CPU",
      "theirs",
    ],
    ["is the link's", { busy: [idleServer, load], linkShare: 0.97 }, "network", "theirs"],
    [
      "isn't that of a link with room left",
      { busy: [server, load], linkShare: 0.6 },
      "server CPU",
      "theirs",
    ],
    [
      "is the relay's that plays the network",
      { busy: [server, busy("network", 97), load], linkShare: 0.4 },
      "relay CPU",
      "ours",
    ],
    ["is memory", { busy: [server, fullLoad], brokenOff: "memory" }, "server memory", "theirs"],
    [
      "also where nobody was full, and all had to wait",
      { busy: [busy("server", 69, 13), busy("load", 65, 19)] },
      "cores",
      "ours",
    ],
    ["isn't made up", { busy: [idleServer, load] }, "not found", "theirs"],
    ["isn't made up of nothing", {}, "not found", "theirs"],
  ])("%s", (_says, shown, name, whose) => {
    const limit = limitOf({ ...evidence, ...shown });
    expect({ name: limit.name, isOurs: limit.isOurs }).toEqual({ name, isOurs: whose === "ours" });
  });

  it("says what shows it: of each process the busiest, what it lacked and what the kernel took", () => {
    const { text } = limitOf({
      ...evidence,
      busy: [
        { process: "server", share: 0.98, cpuShare: 0.71, kernelShare: 0.62 },
        load,
        fullLoad,
        busy("canary", 5),
      ],
    });
    expect(text).toBe(
      "server busy 98 % (with a core 71 %, 62 % of its CPU time in the kernel), clients 95 %",
    );
  });
});
