import type { Scenario } from "../../scenarios/scenario.ts";
import { adapterOf, missingAdapter } from "./adapters.ts";
import { findScenario, parseSettings } from "./config.ts";
import { knownScenarios } from "./known-scenarios.ts";
import { named } from "./naming.ts";
import type { Config } from "./config.ts";
import type { Naming } from "./naming.ts";
import { recordedConfigSchema } from "../results/recorded-config.ts";
import type { RecordedConfig } from "../results/recorded-config.ts";
import type { Results } from "../results/schema.ts";
import { BenchError } from "../errors/errors.ts";
import { parseNetwork } from "./parse-network.ts";
import { recordedPayload, restorePayload } from "./payload.ts";
import { recordedServerFleet } from "./server-fleet.ts";
import { allTargets } from "./target.ts";
import { restoreVariant } from "./variant.ts";

/** The part of a config that results keep; `restoreConfig` is its inverse. */
export function recordedConfigOf({
  network,
  servers,
  bus,
  balance,
  target,
  ...config
}: Config): RecordedConfig {
  return recordedConfigSchema.strip().parse({
    ...config,
    ...(network !== null && { network: network.name }),
    ...recordedPayload(config.payload),
    ...recordedServerFleet({ servers, bus, balance, target }),
    usualTrials: config.defaultTrials,
    patienceMs: config.maxIdleMs,
    variants: config.variants.map(({ name }) => name),
    scenarios: config.scenarios.map(({ name, workload, trials, durationShare }) => {
      const adapter = adapterOf("scenarios", name);
      return {
        name,
        workload,
        trials: trials ?? null,
        durationShare: durationShare ?? null,
        ...(adapter !== undefined && { adapter }),
      };
    }),
  });
}

/** The part of a config that results don't keep. */
export type UnrecordedConfig = Pick<Config, "out" | "quiet" | "target" | "broker">;

/**
 * The config that led to these results, with their seed. Throws a `BenchError` when a variant or scenario
 * is not known to this version.
 */
export function restoreConfig(
  { run, variants }: Pick<Results, "run" | "variants">,
  unrecorded: UnrecordedConfig,
  naming: Naming,
): Config {
  const { configuration, seed, profile, netns } = run;
  checkRanges(run, naming);
  const {
    usualTrials,
    patienceMs,
    payloadKind,
    payloadSha256,
    encoding,
    network,
    servers = 1,
    bus = "none",
    balance = "none",
    ...same
  } = configuration;
  return {
    ...same,
    servers: unrecorded.target === null ? servers : allTargets(unrecorded.target).length,
    bus,
    balance,
    leftOut: [],
    defaultTrials: usualTrials,
    maxIdleMs: patienceMs,
    ...unrecorded,
    profile,
    seed,
    netns,
    network: network === undefined ? null : named("network", naming, () => parseNetwork(network)),
    payload: restorePayload({ payloadKind, payloadSha256, encoding }, naming),
    variants: named("variants", naming, () =>
      configuration.variants.map((name) => {
        const recorded = variants.find((variant) => variant.name === name);
        if (recorded !== undefined) return restoreVariant(recorded);
        throw new BenchError("results", `"${name}" has no entry among the variants of the results`);
      }),
    ),
    scenarios: named("scenarios", naming, () => configuration.scenarios.map(restoreScenario)),
  };
}

/** A file may have been edited: its values are held to what flags may set. */
function checkRanges({ seed, configuration }: Results["run"], naming: Naming): void {
  const { clients, ratePerSecond, payloadBytes, trials, extraTrials, precision } = configuration;
  const proposals = configuration.scenarios.map(({ workload }) => workload);
  for (const workload of [{ clients, ratePerSecond, payloadBytes }, ...proposals]) {
    const settings = {
      seed,
      clients: workload.clients ?? undefined,
      rate: workload.ratePerSecond ?? undefined,
      payload: workload.payloadBytes ?? undefined,
      encoding: configuration.encoding,
      duration: configuration.durationMs,
      warmup: configuration.warmUpMs,
      trials: trials ?? undefined,
      extraTrials: extraTrials ?? undefined,
      maxConnections: configuration.maxConnections,
      reconnect: configuration.reconnect?.policy,
      reconnectBase: configuration.reconnect?.baseMs,
      reconnectCap: configuration.reconnect?.capMs,
      cutEvery: configuration.cutEveryMs,
      objective: configuration.objectiveMs,
      servers: configuration.servers,
      bus: configuration.bus,
      balance: configuration.balance,
      precision: precision?.targetPercent,
      metric: precision?.metric ?? undefined,
      timeLimit: precision?.timeLimitMs,
    };
    parseSettings(settings, naming, "run.configuration");
  }
}

/** Today's script with the workload that it proposed when the results were made. */
function restoreScenario(recorded: RecordedConfig["scenarios"][number]): Scenario {
  const { name, workload, trials, durationShare, adapter } = recorded;
  const isThere = knownScenarios().some((known) => known.name === name);
  if (adapter !== undefined && !isThere) throw missingAdapter(name, adapter);
  const { trials: _trials, durationShare: _share, ...script } = findScenario(name);
  return {
    ...script,
    workload,
    ...(trials !== null && { trials }),
    ...(durationShare !== null && { durationShare }),
  };
}
