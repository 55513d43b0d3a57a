/** What simulated workers and those who play runs on them share. */
export const token = "of-simulated-workers";

/** What the process of many workers can be asked. */
export type SimulatedWorkerVerbs = {
  /** Resolves when so many more can be found at a Redis. */
  join(args: { readonly url: string; readonly count: number }): Promise<void>;
};

/** What a process that plays a run can be asked. */
export type CoordinatorVerbs = {
  /** Has all workers of a Redis for itself, and starts a process on each; resolves with how many answer. */
  open(args: { readonly url: string }): Promise<number>;
  /** Microseconds of CPU time for each second in which it waits. */
  idle(args: { readonly forMs: number }): Promise<number>;
  /** Asks each process as often, all at once: microseconds of CPU time for each answer. */
  askAll(args: { readonly times: number }): Promise<number>;
  /** Asks one process, again and again: the median of microseconds until it answers. */
  askOne(args: { readonly times: number }): Promise<number>;
};
