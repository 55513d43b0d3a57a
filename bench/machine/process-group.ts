import { readdirSync } from "node:fs";
import { read } from "./files.ts";

/**
 * Whether any process of a group still runs. One that has ended but was never waited for doesn't: in a
 * container, or where process 1 takes its time, the group would otherwise seem to live on.
 */
export function isRunning(group: number): boolean {
  if (!signalGroup(group, 0)) return false;
  const states = statesIn(group);
  return states === null || states.some((state) => state !== "Z" && state !== "X");
}

/** False when there is no such group, any more. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  if (group <= 1) return false;
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

/** The kernel's letters for what its processes do; null where there is no /proc. */
function statesIn(group: number): string[] | null {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        // The name before it may hold anything, brackets too.
        const [, state, ofGroup] =
          /.*\) (\S) \d+ (\d+) /s.exec(read(`/proc/${pid}/stat`) ?? "") ?? [];
        return state !== undefined && Number(ofGroup) === group ? [state] : [];
      });
  } catch {
    return null;
  }
}
