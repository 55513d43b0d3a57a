import { cgroupLimits } from "./cgroup.ts";
import { read } from "./files.ts";

/**
 * How many processors' worth of time a process may use: as many as it may run on, within the limit of its
 * control groups. Null where the system doesn't say.
 */
export function coresOf(pid: number | "self"): number | null {
  const allowed = allowedIn(read(`/proc/${pid}/status`) ?? "");
  if (allowed === null) return null;
  return Math.min(allowed, cgroupLimits(pid)?.cpuCores ?? allowed);
}

/** From the text of a `status`: `0-2,5` are four processors. */
export function allowedIn(status: string): number | null {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(status)?.[1];
  if (list === undefined) return null;
  return list.split(",").reduce((count, range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return count + last - first + 1;
  }, 0);
}
