import type { Results } from "../../bench/results/schema.ts";
import { serverFleetText } from "../../bench/results/server-fleet-text.ts";
import { byteFormat, digits } from "../../bench/text/format.ts";
import { hostsText } from "../hosts.ts";
import { isForRelay, relayText, targetOf } from "../heading.ts";

/** What is worth knowing of where and with what a run was made; what wasn't recorded is left out. */
export function factsOf({ run, environment, trials }: Results): ReadonlyMap<string, string> {
  const { host, software } = environment;
  const { cgroup } = host;
  const hosts = hostsText({ environment });
  const facts: [string, string | null][] = [
    [
      "Played on",
      hosts === null
        ? null
        : `${hosts}, below; all of this is of the machine that told them what to do`,
    ],
    ["Server", targetOf({ run })],
    ["Servers", serverFleetText(run.configuration) || null],
    ["Processor", `${host.cpu}, ${host.cores} cores, ${host.architecture}`],
    ["Memory", sizeText(host.memoryBytes)],
    ["Hypervisor", host.hypervisor],
    ["Frequency governor", host.governor],
    ["Limits of the container", cgroup === null ? null : limitsText(cgroup)],
    ["Load before and after", loadText(host.loadBefore, host.loadAfter)],
    ["Taken by the hypervisor", shareText(host.stealShare)],
    ["System", `${host.platform} ${host.kernel}`],
    ["Clock source", host.clockSource],
    ["Open files", filesText(host.openFilesLimit, host.openFilesHardLimit)],
    ["Ports", host.portRange === null ? null : host.portRange.join("–")],
    ["Accept backlog", numberText(host.acceptBacklog)],
    ["Congestion control", host.congestionControl],
    ["Network", networkText(run, trials, hosts === null ? "loopback" : "between hosts")],
    ["Packet network by itself", calibrationText(run)],
    ["Node", software.versions["node"] ?? null],
    ["transport-bench", `${software.transportBench}${commitText(software.commit)}`],
    ["Libraries", versionsText(software.libraries)],
    ["Browsers and proxies", versionsText(software.programs)],
    ["TLS", tlsText(software.tls)],
    ["NODE_OPTIONS", software.nodeOptions === "" ? null : software.nodeOptions],
    ["Options of Node", software.execArgv.length === 0 ? null : software.execArgv.join(" ")],
    ["Lock file, SHA-256", software.lockfileSha256],
    ["Seed", String(run.seed)],
    ["Started and finished", `${run.startedAt} – ${run.finishedAt ?? "not finished"}`],
  ];
  return new Map(facts.flatMap(([name, text]) => (text === null ? [] : [[name, text] as const])));
}

function networkText(run: Results["run"], trials: Results["trials"], plain: string): string {
  const { netns, configuration, packetNetwork } = run;
  if (isForRelay(configuration.network)) return `relay of TCP connections${relayText(run, trials)}`;
  if (netns) return "a namespace of its own for each trial";
  if (configuration.network !== undefined) return `packet network ${configuration.network}`;
  return packetNetwork === undefined ? plain : "packet networks as their scenario has them";
}

function calibrationText({ packetNetwork }: Results["run"]): string | null {
  if (packetNetwork === undefined) return null;
  const { roundTripMs, plainRoundTripMs, packetsPerSecond, packetsPerCpuSecond } = packetNetwork;
  return (
    `round trip ${digits(roundTripMs.p50)} ms (p99 ${digits(roundTripMs.p99)} ms), over loopback ` +
    `${digits(plainRoundTripMs.p50)} ms; carried ${digits(packetsPerSecond)} packets of 1 500 B a second, ` +
    `${digits(packetsPerCpuSecond)} for each second of its processor time`
  );
}

function sizeText(bytes: number): string {
  const format = byteFormat([bytes]);
  return `${format.number(bytes)} ${format.unit}`;
}

function limitsText({
  cpuCores,
  memoryBytes,
}: {
  cpuCores: number | null;
  memoryBytes: number | null;
}): string {
  const cores = cpuCores === null ? [] : [`${digits(cpuCores)} cores`];
  const memory = memoryBytes === null ? [] : [sizeText(memoryBytes)];
  const limits = [...cores, ...memory];
  return limits.length === 0 ? "none" : limits.join(", ");
}

function loadText(before: number, after: number | null): string {
  return `${digits(before)}, ${after === null ? "not recorded" : digits(after)}`;
}

function shareText(share: number | null): string | null {
  return share === null ? null : `${digits(100 * share)} % of processor time`;
}

function filesText(soft: number | null, hard: number | null): string | null {
  return soft === null ? null : `${soft}${hard === null ? "" : `, at most ${hard}`}`;
}

function numberText(value: number | null): string | null {
  return value === null ? null : String(value);
}

function commitText(commit: Results["environment"]["software"]["commit"]): string {
  if (commit === null) return "";
  return `, commit ${commit.hash.slice(0, 12)}${commit.dirty ? " with changes" : ""}`;
}

function versionsText(versions: Readonly<Record<string, string>>): string | null {
  const texts = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return texts.length === 0 ? null : texts.join(", ");
}

function tlsText(tls: Results["environment"]["software"]["tls"]): string | null {
  if (tls === null) return null;
  const texts = tls.map(
    ({ protocol, cipher, certificate }) => `${protocol}, ${cipher}, certificate ${certificate}`,
  );
  return texts.join("; ");
}
