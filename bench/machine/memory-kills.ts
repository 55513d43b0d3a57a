import { join } from "node:path";
import { cgroupLimits, groups } from "./cgroup.ts";
import { read } from "./files.ts";

/*
 * Whom the kernel kills for lack of memory ends with SIGKILL and without a word. The kernel counts such
 * killings: of the whole machine in /proc/vmstat, and of each control group.
 */

/** From the text of `/proc/vmstat`, of `memory.events` (version 2) or of `memory.oom_control` (version 1). */
export function killsIn(text: string): number | null {
  const kills = /^oom_kill (\d+)$/m.exec(text)?.[1];
  return kills === undefined ? null : Number(kills);
}

/** Notices, from here on, killings in the groups of processes and on the machine. */
export class MemoryKills {
  /** The count in each file when it was first read. */
  readonly #before = new Map<string, number>();
  #limitBytes: number | null = null;

  constructor() {
    this.#note("/proc/vmstat");
    this.follow(["self"]);
  }

  /** Looks at the groups that processes are in by now: a command may have entered one of its own. */
  follow(pids: readonly (number | "self")[]): void {
    for (const pid of pids) {
      for (const file of filesOf(pid)) this.#note(file);
      const limit = cgroupLimits(pid)?.memoryBytes ?? Number.POSITIVE_INFINITY;
      const least = Math.min(limit, this.#limitBytes ?? Number.POSITIVE_INFINITY);
      this.#limitBytes = Number.isFinite(least) ? least : null;
    }
  }

  /**
   * Why a process that ended as if by SIGKILL did, as a continuation of how: empty when nobody was killed
   * for lack of memory meanwhile.
   */
  why(how: string): string {
    if (!isKilling(how) || !this.#hasKilled()) return "";
    const limit = this.#limitBytes;
    const allowed =
      limit === null ? "" : ` (its control group may use ${Math.round(limit / 2 ** 20)} MiB)`;
    return `: the kernel killed it for lack of memory${allowed}`;
  }

  #note(file: string): void {
    const kills = killsIn(read(file) ?? "");
    if (kills !== null && !this.#before.has(file)) this.#before.set(file, kills);
  }

  #hasKilled(): boolean {
    return [...this.#before].some(([file, before]) => (killsIn(read(file) ?? "") ?? 0) > before);
  }
}

/** A shell in between says by 128 and the signal's number how what it ran was ended. */
function isKilling(how: string): boolean {
  return how === "SIGKILL" || how === "exit code 137";
}

function filesOf(pid: number | "self"): string[] {
  const found = groups("memory", pid);
  if (found === null) return [];
  const name = found.version === 2 ? "memory.events" : "memory.oom_control";
  return found.folders.map((folder) => join(folder, name));
}
