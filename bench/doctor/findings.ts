import { npxCommand } from "../text/command-name.ts";
import { whole } from "../text/format.ts";
import { connectionCapacity } from "./capacity.ts";
import { connectionFindings } from "./connection-findings.ts";
import type { Capacity, Finding } from "./diagnosis.ts";
import type { Facts } from "./facts.ts";
import { processorFindings } from "./processor-findings.ts";
import { resourceLimitsFinding } from "./resource-limits-finding.ts";

/** Findings about a machine, for so many servers. */
export function machineFindings(facts: Facts, servers = 1): Finding[] {
  return [...processorFindings(facts, servers), ...connectionFindings(facts)];
}

/** The findings that distort a run's figures. */
const distortingKeys: ReadonlySet<Finding["key"]> = new Set<Finding["key"]>([
  "cores",
  "cpu-limit",
  "steal",
  "load",
  "governor",
  "clock",
  "limits",
  "memory",
  "connections",
]);

export interface SpoilingFinding extends Finding {
  readonly status: "limited" | "bad";
}

/** Findings to report before a run that holds `wanted` clients at once on so many servers. */
export function distortingFindings(
  facts: Facts,
  wanted: number,
  servers: number,
): SpoilingFinding[] {
  const all = [
    ...machineFindings(facts, servers),
    resourceLimitsFinding(),
    enoughConnections(wanted, connectionCapacity(facts, servers)),
  ];
  return all.filter(distorts);
}

export function distorts(finding: Finding): finding is SpoilingFinding {
  const { key, status } = finding;
  return distortingKeys.has(key) && (status === "limited" || status === "bad");
}

/** Whether as many clients can be held as a run wants. */
function enoughConnections(wanted: number, { most, boundBy }: Capacity): Finding {
  return {
    key: "connections",
    title: "connections",
    status: most === null ? "unknown" : most < wanted ? "limited" : "good",
    found:
      most === null
        ? `${whole(wanted)} needed`
        : `${whole(wanted)} needed, about ${whole(most)} possible (${boundBy})`,
    enables: "a run can't hold more than that",
    advice: `${npxCommand} doctor --clients ${wanted} shows how to allow more`,
  };
}
