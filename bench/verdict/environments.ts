import { environmentDifferences } from "../results/differences.ts";
import type { Comparison } from "../results/comparison.ts";
import type { Results } from "../results/schema.ts";

/**
 * What has to be the same for timing to be compared. A machine has no name that could be trusted: what can't
 * be told apart by these counts as one, and two of a kind in a cloud still aren't equally fast.
 */
const ofMachine: ReadonlySet<string> = new Set([
  "host.platform",
  "host.kernel",
  "host.architecture",
  "host.cpu",
  "host.cores",
  "host.memoryBytes",
  "host.hypervisor",
  "host.cgroup",
  "host.cgroup.cpuCores",
  "host.cgroup.memoryBytes",
  "software.versions.node",
  "software.nodeOptions",
]);

/** What differs around two runs, and whether that leaves their timing comparable. */
export function compareEnvironments(
  baseline: Results,
  candidate: Results,
): Comparison["environment"] {
  const differences = environmentDifferences(baseline, candidate);
  return {
    sameMachine: !differences.some(({ field }) => ofMachine.has(field)),
    differences: differences.map(({ field, before, after }) => ({
      name: field,
      baseline: before ?? "not recorded",
      candidate: after ?? "not recorded",
    })),
  };
}

/** The major version, by which what Node sends and how much memory it takes may differ. */
export function nodeMajor({ environment }: Results): number {
  return Number.parseInt(environment.software.versions["node"] ?? "", 10) || 0;
}
