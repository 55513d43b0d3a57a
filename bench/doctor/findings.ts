import { whole } from "../../reports/format.ts";
import { backlog } from "../measure/listener.ts";
import { clientsPerAddress } from "../crew.ts";
import { bytes } from "./capacity.ts";
import type { Capacity, Finding, Status } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";

/*
 * What facts mean. Every bound stands here, and every advice.
 */

/** Server, load process and director. */
const processes = 3;

/** The most that may be stolen: METHOD.md, section 1. */
const stealBound = 0.01;

/** Other work for each processor, from which on it shows in figures. */
const loadBound = 0.3;

/** As many as the largest profile holds, with a margin. */
const enoughFiles = 4_200;

/** Beside the three processes, what a few thousand connections take. */
const enoughBytes = 2 ** 30;

/** What a machine is like, whatever is run on it. */
export function machineFindings(facts: Facts): Finding[] {
  return [
    cores(facts),
    cpuLimit(facts),
    steal(facts),
    load(facts),
    governor(facts),
    clock(facts),
    descriptors(facts),
    ports(facts),
    acceptBacklog(facts),
    memory(facts),
  ];
}

/** Those that make a run's figures worse than the machine need be. */
const spoilers: ReadonlySet<Finding["key"]> = new Set<Finding["key"]>([
  "cores",
  "cpu-limit",
  "steal",
  "load",
  "governor",
  "clock",
  "connections",
]);

/** What to say before a run that wants `wanted` clients at once. */
export function spoilingFindings(facts: Facts, wanted: number, capacity: Capacity): Finding[] {
  return [...machineFindings(facts), connections(wanted, capacity)].filter(
    ({ key, status }) => spoilers.has(key) && (status === "limited" || status === "bad"),
  );
}

/** Whether as many clients can be held as a run wants. */
function connections(wanted: number, { most, boundBy }: Capacity): Finding {
  return {
    key: "connections",
    title: "connections",
    status: most === null ? "unknown" : most < wanted ? "limited" : "good",
    found:
      most === null
        ? `${whole(wanted)} wanted`
        : `${whole(wanted)} wanted, about ${whole(most)} possible (${boundBy})`,
    enables: "the clients that a run gets end there",
    advice: "bench doctor says what would allow more",
  };
}

function cores({ cores: count }: Facts): Finding {
  const enough = count >= processes;
  return {
    key: "cores",
    title: "cores",
    status: enough ? "good" : count > 1 ? "limited" : "bad",
    found: `${count} for ${processes} processes`,
    enables: enough
      ? "server, load and director run side by side"
      : "server, load and director get in each other's way: only rows of one run compare",
    advice: enough ? null : `a machine with ${processes + 1} cores or more`,
  };
}

function cpuLimit({ cgroup, throttled: { ms, since } }: Facts): Finding {
  const allowed = cgroup?.cpuCores ?? null;
  const throttledMs = ms ?? 0;
  const spoilt = throttledMs > 0 || (allowed !== null && allowed < processes);
  // What was long ago may have been something else's doing.
  const isNow = throttledMs > 0 && since === "this command began";
  const told = cgroup !== null || ms !== null;
  return {
    key: "cpu-limit",
    title: "processor limit",
    status: spoilt ? (isNow ? "bad" : "limited") : told ? "good" : "unknown",
    found: [
      told ? (allowed === null ? "none" : `${allowed} cores, by its control group`) : notTold,
      ...(throttledMs > 0 ? [`stopped for ${whole(throttledMs)} ms since ${since}`] : []),
    ].join("; "),
    enables: spoilt
      ? "what goes beyond the limit is stopped for tens of milliseconds at a time"
      : "processes run whenever they have work",
    advice: spoilt
      ? "lift it: docker run --cpus, cpu.max, the CPU limit of a Kubernetes pod"
      : null,
  };
}

function steal({ stolen: { share, since } }: Facts): Finding {
  const spoilt = share !== null && share > stealBound;
  return {
    key: "steal",
    title: "stolen time",
    status: share === null ? "unknown" : spoilt ? "bad" : "good",
    found: share === null ? notTold : `${(share * 100).toFixed(2)} % since ${since}`,
    enables: spoilt
      ? "other guests take the processor away, and every delay has that in it"
      : "the hypervisor leaves this machine its processors",
    advice: spoilt ? "a machine with processors of its own, or another hour" : null,
  };
}

function load({ load: running, cores: count }: Facts): Finding {
  const spoilt = running > loadBound * count;
  return {
    key: "load",
    title: "other work",
    status: spoilt ? "limited" : "good",
    found: `${running.toFixed(2)} processes at work over the last minute`,
    enables: spoilt ? "what else runs shows in every figure" : "nothing else is in the way",
    advice: spoilt ? "end what else runs here, and wait a minute" : null,
  };
}

function governor({ governor: name }: Facts): Finding {
  const good = name === null || name === "performance";
  return {
    key: "governor",
    title: "clock speed",
    status: name === null ? "unknown" : good ? "good" : "limited",
    found: name === null ? `${notTold}; a virtual machine's host decides` : `governor ${name}`,
    enables: good
      ? "for processors that keep one speed"
      : "processors slow down between messages, and the next one waits for them",
    advice: good ? null : "cpupower frequency-set -g performance",
  };
}

/** Clocks that need no call into the kernel. */
const fastClocks = ["tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter"];

function clock({ clock: { source, costNs, stepNs } }: Facts): Finding {
  const slow = costNs > 500 || stepNs > 1_000;
  return {
    key: "clock",
    title: "clock",
    status: slow ? "limited" : "good",
    found: `${source ?? "source not told"}; a reading takes ${costNs} ns, its steps are ${stepNs} ns or less`,
    enables: slow ? "reading the time shows in what is timed" : "every single message can be timed",
    advice: slow ? `a clock source such as ${fastClocks.join(", ")}` : null,
  };
}

function descriptors({ openFiles: { soft, hard } }: Facts): Finding {
  const status: Status =
    soft === null ? "unknown" : soft >= enoughFiles ? "good" : soft >= 256 ? "limited" : "bad";
  const most = hard === null ? "" : `, of ${whole(hard)} that can be had`;
  return {
    key: "descriptors",
    title: "open files",
    status,
    found: soft === null ? notTold : `${whole(soft)} for each process${most}`,
    enables: "a process holds a connection with each",
    advice:
      status === "limited" || status === "bad"
        ? "ulimit -n 1048576 as root, LimitNOFILE=1048576 (systemd), docker run --ulimit nofile=1048576"
        : null,
  };
}

function ports({ portRange }: Facts): Finding {
  const [first, last] = portRange ?? [0, 0];
  const few = last - first + 1 < clientsPerAddress;
  return {
    key: "ports",
    title: "client ports",
    status: portRange === null ? "unknown" : few ? "limited" : "good",
    found: portRange === null ? notTold : `${whole(last - first + 1)}, ${first}-${last}`,
    enables: "for as many connections to each of the server's addresses",
    advice:
      portRange !== null && few ? `sysctl -w net.ipv4.ip_local_port_range="15000 65000"` : null,
  };
}

function acceptBacklog({ acceptBacklog: most }: Facts): Finding {
  const short = most !== null && most < backlog;
  return {
    key: "backlog",
    title: "accept backlog",
    status: most === null ? "unknown" : short ? "limited" : "good",
    found: most === null ? notTold : `${whole(most)}, and the harness asks for ${whole(backlog)}`,
    enables: short
      ? "when many connect at once, some wait a second and more"
      : "many can connect at once",
    advice: short ? `sysctl -w net.core.somaxconn=${backlog}` : null,
  };
}

function memory({ availableBytes, cgroup }: Facts): Finding {
  const limit = cgroup?.memoryBytes ?? null;
  const enough = availableBytes >= enoughBytes;
  return {
    key: "memory",
    title: "memory",
    status: enough ? "good" : availableBytes >= enoughBytes / 2 ? "limited" : "bad",
    found: `${bytes(availableBytes)} available${limit === null ? "" : `, with a limit of ${bytes(limit)}`}`,
    enables: "for both ends of every connection",
    advice: enough ? null : "end what else runs here, or lift the limit (docker run --memory)",
  };
}

const notTold = "not told by this system";
