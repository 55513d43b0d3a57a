import { environmentDifferences } from "../results/differences.ts";
import type { Comparison } from "../results/comparison.ts";
import type { Results } from "../results/schema.ts";

/**
 * The fields that have to be equal for timing to be compared. A machine has no name that could be trusted, so
 * machines with equal fields count as one, although two of a kind in a cloud aren't equally fast.
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

/** The differences between the environments of two runs, and whether their timing is comparable. */
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

/** The major version of Node: another one may send other bytes and use more or less memory. */
export function nodeMajor({ environment }: Results): number {
  return Number.parseInt(environment.software.versions["node"] ?? "", 10) || 0;
}
