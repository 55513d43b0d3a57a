import { readdirSync } from "node:fs";
import type { Descriptors } from "../machine/kernel.ts";
import type { Resources } from "../results/schema.ts";
import { nowNs } from "./clock.ts";
import { coresOf } from "../machine/cores.ts";
import { read } from "../machine/files.ts";
import { threadTimeDiff, threadTimeIn } from "../machine/thread-time.ts";
import type { ThreadTime } from "../machine/thread-time.ts";

/*
 * What Linux reports under /proc about a process and all that descend from it: a command may start the server as a
 * child, and a server may have workers.
 */

/** Measures from outside what a process and its descendants use between `begin` and `end`. */
export class ProcessTree {
  readonly #root: number;
  readonly #process: Resources["process"];
  #startNs = 0;
  #threads: ReadonlyMap<string, ThreadTime> = new Map();

  /** Null where nothing can be observed: no /proc, no such process, or another user's. */
  static of(root: number, process: Resources["process"] = "server"): ProcessTree | null {
    return isObservable(root) ? new ProcessTree(root, process) : null;
  }

  private constructor(root: number, process: Resources["process"]) {
    this.#root = root;
    this.#process = process;
  }

  begin(): void {
    this.#startNs = nowNs();
    this.#threads = threadTimesOf(this.pids());
  }

  /** Null when the process has ended. Threads that started and ended in between aren't included. */
  end(): Resources | null {
    const durationMs = (nowNs() - this.#startNs) / 1e6;
    const all = this.pids();
    const threads = [...threadTimesOf(all)].flatMap(
      ([id, time]) => threadTimeDiff(this.#threads.get(id) ?? noTime, time) ?? [],
    );
    const [first, ...others] = threads;
    if (first === undefined) return null;
    const busiest = others.reduce(
      (most, thread) => (thread.cpuNs > most.cpuNs ? thread : most),
      first,
    );
    const cpuNs = threads.reduce((sum, { cpuNs }) => sum + cpuNs, 0);
    return {
      process: this.#process,
      durationMs,
      cpuMs: cpuNs / 1e6,
      turningMs: 0,
      busiestThreadMs: busiest.cpuNs / 1e6,
      cores: mostCores(all),
      waitedMs: busiest.waitedNs / 1e6,
      rssBytes: this.rssBytes(),
      utilisation: null,
      busiestSecond: null,
      stealShare: null,
      throttledMs: null,
      heapBytes: null,
      gcMs: null,
      gcLongestMs: null,
      gcCount: null,
      loopDelayP99Ms: null,
      loopDelayMaxMs: null,
    };
  }

  /** Memory of all of them; pages that they share are counted once for each. */
  rssBytes(): number | null {
    const each = this.pids().flatMap((pid) => residentBytesOf(pid) ?? []);
    return each.length === 0 ? null : each.reduce((sum, bytes) => sum + bytes, 0);
  }

  /** Whether one of the processes has used up its file descriptors. */
  descriptors(): Descriptors {
    const each = this.pids().map((pid) => ({
      used: entries(`/proc/${pid}/fd`).length,
      limit: openFilesLimitOf(pid),
    }));
    const full = each.find(({ used, limit }) => limit !== null && used >= limit);
    return { exhausted: full !== undefined, limit: full?.limit ?? null };
  }

  /** The first process, and all that descend from it. */
  pids(): number[] {
    const found = [this.#root];
    for (const pid of found) found.push(...childrenOf(pid));
    return found;
  }
}

/** Whether this process may see what another one uses. */
export function isObservable(pid: number): boolean {
  return entries(`/proc/${pid}/fd`).length > 0;
}

const noTime: ThreadTime = { cpuNs: 0, waitedNs: 0 };

/** Processor time by thread, from `schedstat`: the count in `stat` has steps of 10 ms. */
function threadTimesOf(pids: readonly number[]): Map<string, ThreadTime> {
  return new Map(
    pids.flatMap((pid) =>
      entries(`/proc/${pid}/task`).flatMap((thread): [string, ThreadTime][] => {
        const time = threadTimeIn(read(`/proc/${pid}/task/${thread}/schedstat`) ?? "");
        return time === null ? [] : [[`${pid}/${thread}`, time]];
      }),
    ),
  );
}

/** The most cores that any of the processes may use. */
function mostCores(pids: readonly number[]): number | null {
  const each = pids.flatMap((pid) => coresOf(pid) ?? []);
  return each.length === 0 ? null : Math.max(...each);
}

function childrenOf(pid: number): number[] {
  return entries(`/proc/${pid}/task`).flatMap((thread) =>
    (read(`/proc/${pid}/task/${thread}/children`) ?? "").split(" ").filter(Boolean).map(Number),
  );
}

function residentBytesOf(pid: number): number | null {
  const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? "")?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1_024;
}

function openFilesLimitOf(pid: number): number | null {
  const limit = /^Max open files\s+(\d+)/m.exec(read(`/proc/${pid}/limits`) ?? "")?.[1];
  return limit === undefined ? null : Number(limit);
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
