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
  // From where hosts are told what to do doesn't matter.
  const isElsewhere = [baseline, candidate].every(({ environment }) => environment.hosts);
  const ofHosts = isElsewhere ? { ofHosts: true as const } : {};
  return {
    sameMachine: !differences.some(
      ({ field }) => isOfHosts(field) || (!isElsewhere && ofMachine.has(field)),
    ),
    ...ofHosts,
    differences: differences.map(({ field, before, after }) => ({
      name: field,
      baseline: before ?? "not recorded",
      candidate: after ?? "not recorded",
    })),
  };
}

/** Whether it makes a host another one, or is there on one side only. */
function isOfHosts(field: string): boolean {
  const [, rest] = /^hosts\.[^.]+(?:\.(.+))?$/.exec(field) ?? [];
  return field.startsWith("hosts.") && (rest === undefined || ofMachine.has(rest));
}

/** The major version of Node where servers run: another one may send other bytes and use more or less memory. */
export function nodeMajor({ environment }: Results): number {
  const server = environment.hosts?.find(({ ran }) => ran.includes("servers")) ?? environment;
  return Number.parseInt(server.software.versions["node"] ?? "", 10) || 0;
}
