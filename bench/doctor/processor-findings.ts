import { whole } from "../text/format.ts";
import { bounds } from "../measure/validity.ts";
import type { Finding } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";

// What facts mean for the time that processes get, and for the telling of it.

/** Server, load process, canary and director. */
const processes = 4;

/** Other work for each processor, from which on it shows in figures. */
const loadBound = 0.3;

export function processorFindings(facts: Facts): Finding[] {
  return [cores(facts), cpuLimit(facts), steal(facts), load(facts), governor(facts), clock(facts)];
}

function cores({ cores: count }: Facts): Finding {
  const enough = count >= processes;
  return {
    key: "cores",
    title: "cores",
    status: enough ? "good" : count > 1 ? "limited" : "bad",
    found: `${count} for ${processes} processes`,
    enables: enough
      ? "server, load, canary and director run side by side"
      : "server, load, canary and director get in each other's way: only rows of one run compare",
    advice: enough ? null : `a machine with ${processes} cores or more`,
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

export function steal({ stolen: { share, since } }: Pick<Facts, "stolen">): Finding {
  const spoilt = share !== null && share > bounds.stealShare;
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

const notTold = "not told by this system";
