import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { groups } from "./cgroup.ts";

/*
 * Limits that a shell, a service manager or a container may set: on descriptors, threads and address space. Node
 * itself takes some of each before it runs the first line of a program: with fewer than 19 descriptors, 7 threads or
 * 714 MiB of address space (Node 20 on Linux), it ends before this code can report anything.
 */

/** The resources that a program or command needs. */
export interface ResourceNeeds {
  /** Descriptors open at once, including Node's own. */
  readonly descriptors: number;
  /** Threads beyond those that run already. */
  readonly threads: number;
  /** Address space mapped at once, whether used or not. */
  readonly addressBytes: number;
}

const gibibyte = 2 ** 30;

/** Needed to load the program and to print its help. */
export const programNeeds: ResourceNeeds = {
  descriptors: 32,
  threads: 5,
  addressBytes: 0.75 * gibibyte,
};

/** Needed to load a command: Node opens many of its modules at once, so far no more than 52 descriptors. */
export const commandNeeds: ResourceNeeds = {
  descriptors: 80,
  threads: 5,
  addressBytes: 2 * gibibyte,
};

/** A process of Node has 11 threads, and some work at its start. */
const processThreads = 12;

/**
 * Needed to measure: for server, publisher, load process and canary, beside the user's own server. A process
 * that serves or holds a hundred clients has 125 descriptors. WebAssembly reserves 10 GiB for each of up to
 * three memories in a process, of which hardly anything is used.
 */
export const measuringNeeds: ResourceNeeds = {
  descriptors: 160,
  threads: 4 * processThreads + 4,
  addressBytes: 36 * gibibyte,
};

/** Needed for one more process that measures. */
export const processNeeds: ResourceNeeds = { ...measuringNeeds, threads: processThreads };

/** The limits of this process; null where there is none, or none is reported. */
export interface Allowed {
  readonly descriptors: number | null;
  readonly threads: ThreadLimit | null;
  readonly addressBytes: number | null;
}

interface ThreadLimit {
  readonly left: number;
  readonly most: number;
  /** Where the limit is set. */
  readonly by: string;
}

/** Which limit leaves less than is needed, what that is, and where to raise it; null where there is enough. */
export function resourceShortage(
  needed: ResourceNeeds,
  allowed: () => Allowed = allowedHere,
): string | null {
  try {
    return shortageOf(needed, allowed());
  } catch (error) {
    return exhaustedResource(error);
  }
}

function shortageOf(
  needed: ResourceNeeds,
  { descriptors, threads, addressBytes }: Allowed,
): string | null {
  if (descriptors !== null && descriptors < needed.descriptors) {
    return `too few file descriptors: ${needed.descriptors} are needed, ${descriptors} allowed; raise ulimit -n, also the hard limit (ulimit -Hn)`;
  }
  if (threads !== null && threads.left < needed.threads) {
    return `too few processes: room for ${needed.threads} more threads is needed, and ${threads.left} of ${threads.most} are left; raise ${threads.by}`;
  }
  if (addressBytes !== null && addressBytes < needed.addressBytes) {
    return `too little address space: ${gibibytes(needed.addressBytes)} are needed, ${gibibytes(addressBytes)} allowed; raise ulimit -v, best to unlimited`;
  }
  return null;
}

const meanings: Readonly<Record<string, string>> = {
  EMFILE: "no file descriptor is left to this process; raise ulimit -n",
  ENFILE: "no file descriptor is left on this machine; raise fs.file-max",
  EAGAIN: "no process can be started any more; raise ulimit -u, or pids.max of the control group",
  ENOMEM: "no memory or address space is left; check ulimit -v and other running programs",
};

/** Which limit an error comes from; null where it comes from none. */
export function exhaustedResource(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return meanings[String(error.code)] ?? null;
}

function allowedHere(): Allowed {
  const limits = text("/proc/self/limits");
  return {
    descriptors: limitIn(limits, "Max open files"),
    threads: [userLimit(limits), groupLimit()]
      .flatMap((limit) => limit ?? [])
      .reduce<ThreadLimit | null>(
        (least, limit) => (least === null || limit.left < least.left ? limit : least),
        null,
      ),
    addressBytes: limitIn(limits, "Max address space"),
  };
}

/** The soft limit in the text of `/proc/PID/limits`. Node has raised that of open files to the hard one. */
function limitIn(limits: string, name: string): number | null {
  const found = new RegExp(`^${name} +(\\d+)`, "m").exec(limits)?.[1];
  return found === undefined ? null : Number(found);
}

/** The kernel counts all threads of a user, and exempts administrators (fork(2), EAGAIN). */
function userLimit(limits: string): ThreadLimit | null {
  const most = limitIn(limits, "Max processes");
  const own = text("/proc/self/status");
  if (most === null || isSpared(own)) return null;
  // Threads of the whole machine are cheap to count; those of a user need a look at every process.
  const all = Number(/\/(\d+) /.exec(text("/proc/loadavg"))?.[1] ?? Number.NaN);
  const left = most - (most - all >= spareThreads ? all : threadsOf(userIn(own)));
  return { left, most, by: "ulimit -u" };
}

/** With more threads than this to spare, an upper bound of those in use is precise enough. */
const spareThreads = 1_000;

const administrators = (1n << 21n) | (1n << 24n);

function isSpared(status: string): boolean {
  const capabilities = BigInt(`0x${/^CapEff:\s+([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  return userIn(status) === "0" || (capabilities & administrators) !== 0n;
}

function userIn(status: string): string | undefined {
  return /^Uid:\s+(\d+)/m.exec(status)?.[1];
}

function threadsOf(user: string | undefined): number {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => text(`/proc/${pid}/status`))
    .filter((status) => userIn(status) === user)
    .reduce((sum, status) => sum + Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 0), 0);
}

function groupLimit(): ThreadLimit | null {
  const limits = (groups("pids")?.folders ?? []).flatMap((folder) => {
    const most = Number.parseInt(text(join(folder, "pids.max")), 10);
    const left = most - Number.parseInt(text(join(folder, "pids.current")), 10);
    return Number.isNaN(left) ? [] : [{ left, most, by: "pids.max of the control group" }];
  });
  return limits.toSorted((a, b) => a.left - b.left)[0] ?? null;
}

/** The text of a small file; empty where there is none. Throws where no descriptor is left to read it with. */
function text(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (exhaustedResource(error) !== null) throw error;
    return "";
  }
}

function gibibytes(value: number): string {
  return `${Number((value / gibibyte).toFixed(2))} GiB`;
}
