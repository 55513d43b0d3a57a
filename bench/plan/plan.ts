import type { Scenario, Workload } from "../../scenarios/scenario.ts";
import { whyNotInBrowser } from "../settings/browser-cells.ts";
import { answersTakenBy } from "../settings/answers.ts";
import { takenBy } from "../settings/misfortune.ts";
import type { Config } from "../settings/config.ts";
import { plainNetwork } from "../settings/network-profile.ts";
import type { NetworkProfile } from "../settings/network-profile.ts";
import { serverFleetText } from "../results/server-fleet-text.ts";
import { notPlayedText } from "../results/not-played.ts";
import { isForRelay } from "../settings/relay-profile.ts";
import type { RelayProfile } from "../settings/relay-profile.ts";
import { derivedSeed, shuffled } from "../statistics/random.ts";
import { corpusBytes, payloadFacts, payloadText } from "../settings/payload.ts";
import type { Payload } from "../settings/payload.ts";
import type { ServerTarget } from "../settings/target.ts";
import { recordedServerFleet } from "../settings/server-fleet.ts";
import type { UserBroker } from "../settings/broker-settings.ts";
import type { BalancerName } from "../../transports/balancer-names.ts";
import type { BusName } from "../../transports/bus-names.ts";
import { withGuards } from "../settings/variant.ts";
import type { Variant } from "../settings/variant.ts";

/** One variant playing one scenario once. */
export interface PlannedTrial {
  readonly variant: Variant;
  readonly scenario: Scenario;
  readonly workload: Workload;
  /** Other messages than the harness's own text; null for that. */
  readonly payload: Payload | null;
  /** From 1. */
  readonly repetition: number;
  readonly seed: number;
  readonly maxIdleMs: number;
  /** Whether it gets a network of its own. */
  readonly netns: boolean;
  /** What packets meet at first on a packet network; null without one. */
  readonly network: NetworkProfile | null;
  /** What a relay does with TCP connections, before all that the script asks of it; null for nothing. */
  readonly relay: RelayProfile | null;
  /** How many servers share the clients. */
  readonly servers: number;
  /** What carries each message to all of them. */
  readonly bus: BusName;
  /** What stands in front of them. */
  readonly balance: BalancerName;
  /** The user's own broker for it; null for one that is started for the trial, or none. */
  readonly broker: UserBroker | null;
  /** The user's own server; null for the harness's. */
  readonly target: ServerTarget | null;
}

/** Whether what carries messages between servers is a log, from which one that joins late has all of them. */
export function hasLog({ variant, bus }: Pick<PlannedTrial, "variant" | "bus">): boolean {
  return bus === "redis-streams" && variant.bound.libraryBus(bus) === null;
}

/**
 * Whether a trial, once its processes are started, can run beside others: nothing is timed, and how much crosses
 * the wire depends on the grid on which its clients poll, not on how soon the server answers.
 */
export function runsConcurrently({ scenario, variant }: PlannedTrial): boolean {
  return scenario.measures === "counts" && (variant.bound.polling?.intervalMs ?? null) !== null;
}

/** Trials that are played concurrently, one working while the others only wait; nearly always a single one. */
export type Batch = readonly PlannedTrial[];

/** The most trials of a batch: each has two waiting processes, and more would need much memory. */
const maxConcurrent = 12;

/**
 * All trials of a run in their order: scenario by scenario, each repetition a block in which the variants
 * come in seeded random order, so that no variant is always first and all share what the machine goes
 * through. Equal repetitions of different variants have equal seeds.
 */
export function planRun(config: Config): Batch[] {
  return config.scenarios.flatMap((scenario) => {
    const trials = Array.from({ length: trialsOf(scenario, config) }, (_, index) =>
      shuffled(variantsIn(scenario, config), seedOf(scenario, config, index + 1)).map((variant) =>
        planTrial(scenario, config, variant, index + 1),
      ),
    ).flat();
    return inBatches(scenario, trials);
  });
}

/** The variants that play a scenario: its own or all of the run, without what isn't played with clients in browsers. */
export function variantsIn(scenario: Scenario, config: Config): Variant[] {
  const { clients } = workloadOf(scenario, config);
  const own = config.playedWith?.[scenario.name];
  return config.variants
    .filter(({ name }) => own?.includes(name) ?? true)
    .filter((variant) => whyNotInBrowser(variant, scenario, clients) === null);
}

/** The seed of a repetition of a scenario: the same for every variant. */
export function seedOf(scenario: Scenario, config: Config, repetition: number): number {
  const scenarioIndex = config.scenarios.indexOf(scenario);
  return derivedSeed(config.seed, scenarioIndex * 1_000 + repetition - 1);
}

export function planTrial(
  scenario: Scenario,
  config: Config,
  variant: Variant,
  repetition: number,
): PlannedTrial {
  const { target } = config;
  const workload = workloadOf(scenario, config);
  // The user's own server has its own.
  const guards = target === null ? scenario.guards?.(workload) : undefined;
  return {
    variant: guards === undefined ? variant : withGuards(variant, guards),
    scenario,
    workload,
    payload: config.payload,
    repetition,
    seed: seedOf(scenario, config, repetition),
    maxIdleMs: config.maxIdleMs,
    netns: config.netns,
    servers: config.servers,
    bus: config.bus,
    balance: config.balance,
    broker: config.broker,
    ...networksOf(scenario, config),
    target,
  };
}

function networksOf(
  { usesNetwork }: Scenario,
  { network }: Config,
): Pick<PlannedTrial, "network" | "relay"> {
  if (usesNetwork === "packets") return { network: plainNetwork, relay: null };
  if (network === null) return { network: null, relay: null };
  return isForRelay(network) ? { network: null, relay: network } : { network, relay: null };
}

/**
 * One trial after another, except where the scenario lets them wait side by side: each then needs a server
 * of its own, and of the user's there is one.
 */
export function inBatches(scenario: Scenario, trials: readonly PlannedTrial[]): Batch[] {
  const isShared = trials.some(({ target }) => target !== null);
  // They wait most of the time.
  if (scenario.usesProxy === true && trials.length > 0) return [trials];
  if (scenario.trialsAtOnce !== undefined && !isShared)
    return chunks(trials, scenario.trialsAtOnce);
  if (scenario.measures === "time" || isShared) return chunks(trials, 1);
  // The trial that waits longest begins, so that the others' work fits into its waiting.
  return chunks(
    trials.toSorted((a, b) => waitMs(b) - waitMs(a)),
    maxConcurrent,
  );
}

/** How long a trial sits idle: a cycle longer than `maxIdleMs` isn't waited for. */
function waitMs(trial: PlannedTrial): number {
  if (runsConcurrently(trial)) return Number.MAX_SAFE_INTEGER;
  const { variant, maxIdleMs } = trial;
  return variant.bound.idleCycleMs > maxIdleMs ? 0 : variant.bound.idleCycleMs;
}

export function trialsOf(scenario: Scenario, config: Config): number {
  return config.trials ?? Math.min(config.defaultTrials, scenario.trials ?? config.defaultTrials);
}

/** The workload of a scenario: as the user asked for, else as the scenario proposes. */
export function workloadOf(scenario: Scenario, config: Config): Workload {
  const proposed = scenario.workload;
  return {
    clients: config.clients ?? proposed.clients,
    ratePerSecond: config.ratePerSecond ?? proposed.ratePerSecond,
    payloadBytes: payloadBytesOf(config, proposed.payloadBytes),
    ...(config.payload !== null && payloadFacts(config.payload)),
    ...(config.network !== null && { network: config.network.name }),
    ...recordedServerFleet(config),
    warmUpMs: config.warmUpMs,
    durationMs: config.durationMs * (scenario.durationShare ?? 1),
    maxConnections: config.maxConnections,
    ...takenBy(scenario, config),
    ...answersTakenBy(scenario, config),
  };
}

/** The scenario, its workload and the messages, in a few words. */
export function workloadText(scenario: Scenario, config: Config): string {
  const workload = scenario.describe(workloadOf(scenario, config));
  const payload = config.payload === null ? [] : [payloadText(config.payload)];
  const servers = serverFleetText(recordedServerFleet(config));
  return [workload, ...payload, servers, ...networkText(config)].filter(Boolean).join(", ");
}

function networkText({ network }: Config): string[] {
  if (network === null) return [];
  if (!isForRelay(network)) return [`over the network ${network.name}`];
  return [`over ${network.name}${notPlayedText(network.notPlayed)}`];
}

/** A message of JSON has to have its fields, however small a message the scenario proposes. */
function payloadBytesOf({ payload, payloadBytes }: Config, proposed: number): number {
  return payload === null
    ? (payloadBytes ?? proposed)
    : (corpusBytes(payload) ?? payloadBytes ?? Math.max(proposed, payload.minBytes));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let at = 0; at < items.length; at += size) result.push(items.slice(at, at + size));
  return result;
}
