import type { HostClock, PlayedHost, Results } from "../bench/results/schema.ts";
import { byteFormat, digits, listing, round, shortListing } from "../bench/text/format.ts";

/** Heads of the table of hosts. */
export const hostHeads = ["host", "ran", "machine", "processes", "clock"] as const;

/** More processes of a host are only counted. */
const maxProcesses = 6;

/** The hosts of a run, a row for each; empty where all of it ran on one machine. */
export function hostRows({ environment: { hosts = [] }, trials }: Results): string[][] {
  return hosts.map((host) => [
    host.name,
    host.ran.length === 0 ? "nothing" : listing(host.ran),
    machineText(host),
    shortListing(processesOn(host.name, trials), maxProcesses),
    clockText(clocksOf(host.name, trials)),
  ]);
}

/** `3 hosts`; null where all of a run ran on one machine. */
export function hostsText({
  environment: { hosts = [] },
}: Pick<Results, "environment">): string | null {
  if (hosts.length === 0) return null;
  return hosts.length === 1 ? "1 host" : `${hosts.length} hosts`;
}

/** The processor, cores, memory, kernel and Node of a host. */
function machineText({ host, software }: PlayedHost): string {
  const { cpu, cores, memoryBytes, platform, kernel } = host;
  const format = byteFormat([memoryBytes]);
  const memory = `${format.number(memoryBytes)} ${format.unit}`;
  const node = software.versions["node"] ?? "?";
  return `${cpu}, ${cores} cores, ${memory}, ${platform} ${kernel}, Node ${node}`;
}

/** All that ran there in some trial, in their order: those that aren't watched for stalls by what they are. */
function processesOn(name: string, trials: Results["trials"]): string[] {
  const phases = trials.flatMap((trial) => trial.phases);
  const isThere = ({ host }: { readonly host?: string | undefined }): boolean => host === name;
  const watched = phases.flatMap(({ standStills }) => standStills.filter(isThere));
  const others = phases
    .flatMap(({ resources }) => resources.filter(isThere))
    .filter(({ process }) => process === "broker" || process === "intruders");
  return [...new Set([...watched, ...others].map(({ process }) => process))];
}

function clocksOf(name: string, trials: Results["trials"]): HostClock[] {
  return trials.flatMap(({ phases }) =>
    phases.flatMap(({ clocks = [] }) => clocks.filter(({ host }) => host === name)),
  );
}

/** How far it was ahead, by how much it may have been off when corrected, at most, and how it drifted. */
function clockText(clocks: readonly HostClock[]): string {
  const last = clocks.at(-1);
  if (last === undefined) return "unknown";
  const boundNs = Math.max(...clocks.map((clock) => clock.boundNs));
  if (boundNs === 0) return "counts";
  const drift = last.driftPpm === 0 ? "" : `, ${brief(last.driftPpm)} ppm`;
  const way = last.offsetNs < 0 ? "behind" : "ahead";
  return `${timeText(Math.abs(last.offsetNs))} ${way}, ±${brief(boundNs / 1e6)} ms${drift}`;
}

/** Two digits of what is only to be known about. */
function brief(value: number): string {
  return round(Number(value.toPrecision(2)));
}

function timeText(ns: number): string {
  return ns < 1e9 ? `${digits(ns / 1e6)} ms` : `${digits(ns / 1e9)} s`;
}
