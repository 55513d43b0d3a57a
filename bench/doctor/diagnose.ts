import { maxSearchedConnections } from "../settings/config.ts";
import { cpuTicks, stealShare, throttledMs } from "../machine/host.ts";
import type { Ticks } from "../machine/host.ts";
import { connectionCapacity, serversFor } from "./capacity.ts";
import { diagnosisFormat, diagnosisVersion } from "./diagnosis.ts";
import type { Diagnosis, Rate } from "./diagnosis.ts";
import { readFacts } from "./facts.ts";
import type { Facts } from "./facts.ts";
import { machineFindings } from "./findings.ts";
import { namespaceFinding } from "./namespace-finding.ts";
import { tryNamespaces } from "./namespaces.ts";
import { probe } from "./probe.ts";
import { findRate } from "./rate.ts";
import { resourceLimitsFinding } from "./resource-limits-finding.ts";

/** Reads, tries and measures, for servers as so many clients need; takes a few seconds. */
export async function diagnose(clients: number | null = null): Promise<Diagnosis> {
  // First, while this command itself is no load yet.
  const before = await readFacts(maxSearchedConnections);
  const ticks = cpuTicks();
  const processors = Math.min(before.cores, before.cgroup?.cpuCores ?? before.cores);
  const limits = resourceLimitsFinding();
  const deliveriesPerSecond: Rate =
    limits.status === "good"
      ? await findRate(probe, processors)
      : { most: null, boundBy: null, limits: [], tried: [], failure: limits.found };
  const facts = since(before, ticks);
  const servers = clients === null ? 1 : serversFor(clients, facts);
  const { cpu, cores, platform, kernel, hypervisor } = facts;
  return {
    format: diagnosisFormat,
    schemaVersion: diagnosisVersion,
    machine: { cpu, cores, platform, kernel, hypervisor, node: process.versions.node },
    findings: [...machineFindings(facts, servers), limits, namespaceFinding(await tryNamespaces())],
    connections: connectionCapacity(facts, servers),
    deliveriesPerSecond,
  };
}

/** The facts of the machine during the traffic, which say more than those before it. */
function since(before: Facts, ticks: Ticks | null): Facts {
  const share = stealShare(ticks, cpuTicks());
  const ms = throttledMs();
  const { stolen, throttled } = before;
  return {
    ...before,
    stolen: share === null ? stolen : { share, since: "this command started" },
    throttled:
      ms === null || throttled.ms === null
        ? throttled
        : { ms: ms - throttled.ms, since: "this command started" },
  };
}
