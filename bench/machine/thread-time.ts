import { KernelFile } from "./files.ts";

/** The scheduler's counts for the thread that runs this process's event loop. */
export interface ThreadTime {
  /** On a processor. Up to a scheduler's tick, 10 ms at most, may be missing. */
  readonly cpuNs: number;
  /** Ready to run, while others had the processors. */
  readonly waitedNs: number;
}

/** Null where the system doesn't say. */
export function threadTime(): ThreadTime | null {
  return threadTimeIn(mainThread.read() ?? "");
}

/** Under the process's own number, the kernel keeps the times of its first thread. */
const mainThread = new KernelFile("/proc/self/schedstat");

/** From the text of a `schedstat`. A kernel that was built without these counts writes zeros. */
export function threadTimeIn(text: string): ThreadTime | null {
  const [, cpuNs, waitedNs] = /^(\d+) (\d+) \d+$/m.exec(text) ?? [];
  if (cpuNs === undefined || waitedNs === undefined || Number(cpuNs) === 0) return null;
  return { cpuNs: Number(cpuNs), waitedNs: Number(waitedNs) };
}

/** The time between two readings; null where one of them is null. */
export function threadTimeDiff(
  before: ThreadTime | null,
  after: ThreadTime | null,
): ThreadTime | null {
  if (before === null || after === null) return null;
  return { cpuNs: after.cpuNs - before.cpuNs, waitedNs: after.waitedNs - before.waitedNs };
}
