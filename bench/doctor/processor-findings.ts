import { whole } from "../text/format.ts";
import { bounds } from "../measure/bounds.ts";
import type { Finding } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";

// What facts mean for the time that processes get, and for the telling of it.

/** Load process, canary and director. */
const besideServers = 3;

/** Other work for each processor, from which on it shows in figures. */
const loadBound = 0.3;

export function processorFindings(facts: Facts, servers: number): Finding[] {
  const processes = servers + besideServers;
  return [
    cores(facts, processes, servers === 1 ? "server" : "servers"),
    cpuLimit(facts, processes),
    steal(facts),
    load(facts),
    governor(facts),
    clock(facts),
  ];
}

function cores({ cores: count }: Facts, processes: number, servers: string): Finding {
  const enough = count >= processes;
  return {
    key: "cores",
    title: "cores",
    status: enough ? "good" : count > 1 ? "limited" : "bad",
    found: `${count} for ${processes} processes`,
    enables: enough
      ? `${servers}, load, canary and director run side by side`
      : `${servers}, load, canary and director share cores: compare only rows of the same run`,
    advice: enough ? null : `use a machine with ${processes} cores or more`,
  };
}

function cpuLimit({ cgroup, throttled: { ms, since } }: Facts, processes: number): Finding {
  const allowed = cgroup?.cpuCores ?? null;
  const throttledMs = ms ?? 0;
  const isLimiting = throttledMs > 0 || (allowed !== null && allowed < processes);
  // What was long ago may have been something else's doing.
  const isNow = throttledMs > 0 && since === "this command started";
  const isKnown = cgroup !== null || ms !== null;
  return {
    key: "cpu-limit",
    title: "processor limit",
    status: isLimiting ? (isNow ? "bad" : "limited") : isKnown ? "good" : "unknown",
    found: [
      isKnown
        ? allowed === null
          ? "none"
          : `${allowed} cores, set by the control group`
        : notReported,
      ...(throttledMs > 0 ? [`throttled for ${whole(throttledMs)} ms since ${since}`] : []),
    ].join("; "),
    enables: isLimiting
      ? "processes that exceed the limit are paused for tens of milliseconds at a time"
      : "processes run whenever they have work",
    advice: isLimiting
      ? "raise it: docker run --cpus, cpu.max, the CPU limit of a Kubernetes pod"
      : null,
  };
}

export function steal({ stolen: { share, since } }: Pick<Facts, "stolen">): Finding {
  const isLimiting = share !== null && share > bounds.stealShare;
  return {
    key: "steal",
    title: "stolen time",
    status: share === null ? "unknown" : isLimiting ? "bad" : "good",
    found: share === null ? notReported : `${(share * 100).toFixed(2)} % since ${since}`,
    enables: isLimiting
      ? "other guests of the host take processor time, which adds to every delay"
      : "the hypervisor takes hardly any processor time away",
    advice: isLimiting ? "use a machine with dedicated processors, or try again later" : null,
  };
}

function load({ loadBefore: running, cores: count }: Facts): Finding {
  const isLimiting = running > loadBound * count;
  return {
    key: "load",
    title: "other work",
    status: isLimiting ? "limited" : "good",
    found: `load average ${running.toFixed(2)} over the last minute`,
    enables: isLimiting
      ? "other programs distort every figure"
      : "nothing else competes for the processors",
    advice: isLimiting ? "stop other programs and wait a minute" : null,
  };
}

function governor({ governor: name }: Facts): Finding {
  const good = name === null || name === "performance";
  return {
    key: "governor",
    title: "clock speed",
    status: name === null ? "unknown" : good ? "good" : "limited",
    found:
      name === null ? `${notReported}; in a virtual machine, the host decides` : `governor ${name}`,
    enables: good
      ? "a processor that changes its speed adds delays"
      : "processors slow down between messages, and the next message waits for them",
    advice: good ? null : "cpupower frequency-set -g performance",
  };
}

/** Clocks that need no call into the kernel. */
const fastClocks = ["tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter"];

function clock({ clockSource, clock: { costNs, stepNs } }: Facts): Finding {
  const slow = costNs > 500 || stepNs > 1_000;
  return {
    key: "clock",
    title: "clock",
    status: slow ? "limited" : "good",
    found: `${clockSource ?? "source not reported"}; a reading takes ${costNs} ns, with a resolution of ${stepNs} ns or better`,
    enables: slow ? "reading the clock distorts timings" : "every single message can be timed",
    advice: slow ? `use a clock source such as ${fastClocks.join(", ")}` : null,
  };
}

const notReported = "not reported by this system";
