import { notPlayedText } from "../bench/results/not-played.ts";
import { serverFleetText } from "../bench/results/server-fleet-text.ts";
import { hostsText } from "./hosts.ts";
import { medianOf } from "../bench/statistics/basics.ts";
import { digits, whole } from "../bench/text/format.ts";
import type { MachineNote, Results } from "../bench/results/schema.ts";

// What stands at the top of every report about a run.

/** `transport-bench 0.1.0`, and that a part of the run is missing where it is. */
export function titleOf({ run, environment }: Results): string {
  const version = environment.software.transportBench;
  const state =
    run.status === "complete" ? "" : ` - ${run.status.toUpperCase()}: part of it is missing`;
  return `transport-bench ${version}${state}`;
}

/** What was made to go wrong; null in every real run. */
export function faultOf({ run: { fault } }: Results): string | null {
  if (fault === null) return null;
  return `FAULT MADE ON PURPOSE: ${fault}; this tests the harness, not the transports`;
}

/** Which server was measured; null for the harness's own. */
export function targetOf({ run: { target } }: Pick<Results, "run">): string | null {
  if (target === null) return null;
  const { url, command, observed, unverified, others = [] } = target;
  const isOne = others.length === 0;
  const bytes =
    target.request === undefined
      ? "bytes are counted by a relay, in trials that time nothing"
      : `asked at ${target.request.path} with ${target.request.file}, ${whole(target.request.bytes)} B`;
  const started = command === null ? "" : `, started for each trial by \`${command}\``;
  const process = isOne ? "its process is" : "their processes are";
  const unknown = observed ? "" : `; ${process} not known`;
  const certificate = isOne ? "its certificate was" : "their certificates were";
  const unsafe = unverified === true ? `; ${certificate} not verified` : "";
  return `${isOne ? "target" : "targets"} ${[url, ...others].join(", ")}${started}${unknown}${unsafe}; ${bytes}`;
}

/** On what it ran, and with which seed; the machine from which it was played where that ran nothing of it. */
export function placeOf({ run, environment, trials }: Results): string {
  const { cpu, cores, kernel, platform } = environment.host;
  const node = environment.software.versions["node"] ?? "?";
  const where = run.netns ? ", in network namespaces" : overNetwork(run);
  const fleet = serverFleetText(run.configuration);
  const servers = fleet === "" ? "" : `, ${fleet}`;
  const hosts = hostsText({ environment });
  const on = hosts === null ? "" : `${hosts}, played from `;
  return `${on}${cpu}, ${cores} cores, ${platform} ${kernel}, Node ${node}, seed ${run.seed}${servers}${where}${relayText(run, trials)}`;
}

/** The packet network between clients and server, and what it adds by itself; empty without one. */
function overNetwork({ configuration: { network }, packetNetwork }: Results["run"]): string {
  if (isForRelay(network) || (network === undefined && packetNetwork === undefined)) return "";
  const name = network === undefined ? "packet networks" : `the packet network ${network}`;
  return `, over ${name}${ownDelayText(packetNetwork)}`;
}

/** Whether a relay of TCP connections played the network that was asked for. */
export function isForRelay(network: string | undefined): boolean {
  return network?.startsWith("relay:") === true;
}

/** The relay between clients and server, what it leaves out of its network, and what it adds; empty without one. */
export function relayText(
  { configuration: { network } }: Results["run"],
  trials: Results["trials"],
): string {
  if (network === undefined || !isForRelay(network)) return "";
  const [played] = trials.flatMap(({ phases }) => phases.flatMap(({ relay }) => relay ?? []));
  const ownNs = medianOf(trials.flatMap(({ network: relay }) => relay?.ownDelayNs ?? []));
  const own = ownNs === null ? "" : ` (by itself ${digits(ownNs / 1e6)} ms one way)`;
  return `, over ${network}${notPlayedText(played?.notPlayed ?? [])}${own}`;
}

/** Empty where it wasn't measured. */
function ownDelayText(packetNetwork: Results["run"]["packetNetwork"]): string {
  if (packetNetwork === undefined) return "";
  return ` (by itself a round trip of ${digits(packetNetwork.roundTripMs.p50)} ms)`;
}

/** What makes the figures of a run worse than they need be, in one sentence each. */
export function machineNoteText({ title, found, effect, advice }: MachineNote): string {
  return `${title}: ${found}; ${effect}${advice === null ? "" : ` (${advice})`}`;
}

/** With how much it matters. */
export function machineNoteLine(note: MachineNote): string {
  return `${note.status}: ${machineNoteText(note)}`;
}
