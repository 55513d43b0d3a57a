/** Where workers and those who play runs find each other in Redis. */
const prefix = "transport-bench";

export const keys = {
  /** The set of the names of all workers that have ever joined and not left. */
  workers: `${prefix}:workers`,
  /** What a worker tells of itself, for as long as its lease. */
  worker: (name: string): string => `${prefix}:worker:${name}`,
  /** There for as long as an attempt of a trial is played: whatever is asked in its name later is refused. */
  attempt: (attempt: string): string => `${prefix}:attempt:${attempt}`,
  /** The run that a worker is for, for as long as that lasts: trials of others would disturb it. */
  reserved: (worker: string): string => `${prefix}:reserved:${worker}`,
  /** The requests to all processes of a worker, in their order. */
  requests: (worker: string): string => `${prefix}:requests:${worker}`,
  /** What the processes of a run answer, wherever they are. */
  answers: (run: string): string => `${prefix}:answers:${run}`,
} as const;

/** The name of a worker's queue of jobs: each job is a process. */
export function queueOf(worker: string): string {
  return `${prefix}-${worker}`;
}
