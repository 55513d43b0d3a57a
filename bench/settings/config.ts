import * as z from "zod";
import { scenarios } from "../../scenarios/index.ts";
import type { Scenario } from "../../scenarios/scenario.ts";
import { isCompressed } from "../../transports/layers.ts";
import { transports } from "../../transports/index.ts";
import {
  duration,
  percentage,
  realNumber,
  size,
  wholeNumber,
} from "../../transports/option-values.ts";
import { maxMessageBytes } from "../../transports/transport.ts";
import { knownAre, nearest, usageError } from "../errors/errors.ts";
import { headBytes } from "../payloads/envelope.ts";
import { maxSeed } from "../statistics/random.ts";
import { encodingNames } from "../payloads/encodings.ts";
import { kindNames } from "../payloads/kinds.ts";
import { whyNoProgram } from "../machine/program-file.ts";
import type { RecordedPayload } from "../results/recorded-payload.ts";
import type { ProfileName, RecordedConfig } from "../results/recorded-config.ts";
import { npxCommand } from "../text/command-name.ts";
import { answersOf, answersSettings } from "./answers.ts";
import { brokerSettings } from "./broker-settings.ts";
import type { UserBroker } from "./broker-settings.ts";
import { checkBalance, whyNotThrough } from "./balance.ts";
import { browsersThere, checkBrowsers, whyNotInBrowser } from "./browser-cells.ts";
import { checkBatches } from "./batch-limit.ts";
import { checkEndpoint } from "./check-endpoint.ts";
import { knownScenarios } from "./known-scenarios.ts";
import { withoutSpecifier } from "./load-adapters.ts";
import { misfortuneOf, misfortuneSettings } from "./misfortune.ts";
import { asFlag, named, parsedBy } from "./naming.ts";
import type { Naming } from "./naming.ts";
import type { NetworkProfile } from "./network-profile.ts";
import { networksKnown, parseNetwork, relayOffer } from "./parse-network.ts";
import { payloadOf } from "./payload.ts";
import type { Payload } from "./payload.ts";
import { profileOf, profileSettings } from "./profiles.ts";
import { checkProxies, knownProxies, variantsThrough } from "./proxies.ts";
import type { Through } from "./proxies.ts";
import { isForRelay } from "./relay-profile.ts";
import type { RelayProfile } from "./relay-profile.ts";
import { checkBus, checkServerFleet, serverFleetSettings, usualServers } from "./server-fleet.ts";
import type { ServerFleet } from "./server-fleet.ts";
import { allTargets, isSecure } from "./target.ts";
import type { ServerTarget } from "./target.ts";
import { checkForTargets } from "./target-variant.ts";
import { parseVariant } from "./variant.ts";
import type { Variant } from "./variant.ts";

/** Names separated by commas, or a list of them. */
const names = listOf("a list of names, such as a,b", "at least one name");

function listOf(error: string, least: string): z.ZodType<string[], string | string[]> {
  return z
    .union([z.string(), z.array(z.string())], { error })
    .refine((given) => listed(given).length > 0, least)
    .transform(listed);
}

const targetUrls = "a URL, or several separated by commas";
const pid = wholeNumber(1, 4_194_304);

/** Numbers of processes separated by commas, one, or a list of them. */
const pids = z
  .unknown()
  .transform((given) => (typeof given === "string" ? listed(given) : [given].flat()))
  .pipe(z.array(pid).min(1, "the number of a process"));

function listed(given: string | string[]): string[] {
  const items = typeof given === "string" ? given.split(",") : given;
  return items.map((name) => name.trim()).filter(Boolean);
}

const payloadKinds = `${kindNames.join(", ")} or a file`;
const figureKey = "the key of a figure, such as delivery.p50";
/** Where every connection search ends. */
export const maxSearchedConnections = 1_000_000;

/** How long a server that is started may take until it serves, in milliseconds. */
export const startTimeout = duration(100, 3_600_000);
export const defaultStartTimeoutMs = 10_000;

const flag = z.boolean({ error: "true or false" });

/** How the certificate of the user's own server is verified. */
export const verificationSettings = {
  ca: z.string({ error: "a file" }).min(1, "a file"),
  insecure: flag,
};

/** The settings that flags and config files can have. Each error message says what is allowed. */
export const settingsSchema = z
  .strictObject({
    transports: names,
    scenarios: names,
    clients: wholeNumber(1, 250_000),
    rate: realNumber(0.01, 1_000_000),
    payload: size(headBytes, maxMessageBytes),
    payloadKind: z.string({ error: payloadKinds }).min(1, payloadKinds),
    encoding: z.enum(encodingNames, { error: `one of ${encodingNames.join(", ")}` }),
    duration: duration(100, 3_600_000),
    warmup: duration(0, 600_000),
    trials: wholeNumber(1, 1_000),
    extraTrials: wholeNumber(0, 1_000),
    precision: percentage(0.1, 100),
    metric: z.string({ error: figureKey }).min(1, figureKey),
    timeLimit: duration(1_000, 86_400_000),
    seed: wholeNumber(0, maxSeed),
    maxConnections: wholeNumber(1, maxSearchedConnections),
    ...misfortuneSettings,
    ...answersSettings,
    ...serverFleetSettings,
    ...brokerSettings,
    proxies: names,
    adapters: names,
    out: z.string({ error: "a folder" }).min(1, "a folder"),
    ...profileSettings,
    netns: flag,
    network: z.string({ error: networksKnown }).min(1, networksKnown),
    target: listOf(targetUrls, targetUrls),
    targetPid: pids,
    targetCommand: z.string({ error: "a command" }).min(1, "a command"),
    startTimeout,
    request: z.string({ error: "a file" }).min(1, "a file"),
    ...verificationSettings,
    quiet: flag,
  })
  .partial();

export type Settings = z.infer<typeof settingsSchema>;

/** Checks what came from outside; throws a `BenchError` that names the first thing wrong with it. */
export function parseSettings(given: unknown, naming: Naming, source: string): Settings {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw usageError(`${source} must hold an object`);
  }
  const known = Object.keys(settingsSchema.shape);
  const key = Object.keys(given).find((name) => !known.includes(name));
  if (key === undefined) return parsedBy(settingsSchema, given, naming);
  throw usageError(
    `${source}: unknown setting "${key}"; ${nearest(key, known)}${knownAre(known, `${npxCommand} run --help`)}`,
  );
}

/** Fields that have another name or type in the results. */
type RecordedOtherwise =
  | "variants"
  | "scenarios"
  | "patienceMs"
  | "usualTrials"
  | "network"
  | "servers"
  | "bus"
  | "balance"
  | "leftOut"
  | keyof RecordedPayload;

/** Everything that a run needs to know, with nothing left open. */
export interface Config extends Readonly<Omit<RecordedConfig, RecordedOtherwise>>, ServerFleet {
  readonly profile: ProfileName;
  readonly variants: readonly Variant[];
  readonly scenarios: readonly Scenario[];
  /** See `defaultTrials` of `RecordedConfig`. */
  readonly defaultTrials: number;
  /** See `maxIdleMs` of `RecordedConfig`. */
  readonly maxIdleMs: number;
  readonly seed: number;
  /** Other messages than the harness's own text; null for that. */
  readonly payload: Payload | null;
  /** Whether each trial gets a network of its own, on which segments are counted. */
  readonly netns: boolean;
  /** What every packet between clients and server meets, or every connection; null for what this machine does. */
  readonly network: NetworkProfile | RelayProfile | null;
  /** The user's own server; null for the harness's. */
  readonly target: ServerTarget | null;
  /** The user's own broker; null for one that is started for each trial, or none. */
  readonly broker: UserBroker | null;
  /** What was asked for and isn't played here, each with the reason in a sentence. */
  readonly leftOut: readonly string[];
  readonly out: string | undefined;
  readonly quiet: boolean;
}

/** Those of a run that names none: all that can be played with its other settings. */
function defaultScenarios({ balance = "none" }: Settings): string[] {
  return scenarios
    .filter(({ onlyWhenNamed }) => onlyWhenNamed !== true)
    .filter((scenario) => balance === "none" || whyNotThrough(scenario) === null)
    .map(({ name }) => name);
}

/** Those that the named transports go with, where all of them say so; null where one goes with the usual ones. */
function scenariosOf({ transports = [] }: Settings, naming: Naming): string[] | null {
  const given = named("transports", naming, () =>
    transports
      .flatMap((text) => withoutSpecifier(text, "transports"))
      .map((text) => parseVariant(text).bound.scenarios),
  );
  if (given.length === 0 || given.includes(null)) return null;
  return [...new Set(given.flatMap((names) => names ?? []))];
}

const defaultTimeLimitMs = 600_000;

/**
 * Fills in what wasn't set. Flags and file have been merged; `naming` tells where a setting came from, and
 * `target` is what `targetOf` makes of the settings, `broker` what `brokerOf` does.
 */
export function resolveConfig(
  settings: Settings,
  naming: Naming,
  seed: number,
  target: ServerTarget | null = null,
  broker: UserBroker | null = null,
): Config {
  const defaults = profileOf(settings, naming);
  if (target !== null && settings.netns === true) {
    throw usageError(
      `${naming("netns")} and ${naming("target")} exclude each other: a server of your own is not in the namespaces`,
    );
  }
  const wanted =
    settings.scenarios ??
    defaults.scenarios ??
    scenariosOf(settings, naming) ??
    defaultScenarios(settings);
  const scenarios = named("scenarios", naming, () =>
    unique(wanted.flatMap((text) => withoutSpecifier(text, "scenarios")).map(findScenario)),
  );
  const asked = partsAsked(settings, scenarios, naming, target);
  const all = eachOnce(asked);
  const { there, missing } = named("transports", naming, () => browsersThere(all));
  const through = named("proxies", naming, () =>
    asked.map((part) =>
      proxied(
        part.variants.filter((variant) => there.some(({ name }) => name === variant.name)),
        part.scenarios,
        settings,
      ),
    ),
  );
  const parts = asked
    .map(({ scenarios }, index) => ({ scenarios, variants: through[index]?.variants ?? [] }))
    .filter(({ variants }) => variants.length > 0);
  const variants = eachOnce(parts);
  const config: Config = {
    profile: defaults.name,
    variants: named("transports", naming, () =>
      different(variants).map((variant) =>
        checkCorpus(target === null ? variant : checkForTargets(variant, target), settings),
      ),
    ),
    ...(parts.length > 1 && { playedWith: playedWith(parts) }),
    leftOut: [
      ...missing,
      ...new Set(through.flatMap(({ leftOut }) => leftOut)),
      ...cellsLeftOut(parts, settings),
    ],
    scenarios: scenarios.filter((scenario) =>
      parts.some((part) => part.scenarios.includes(scenario)),
    ),
    clients: settings.clients ?? null,
    ratePerSecond: settings.rate ?? null,
    payloadBytes: settings.payload ?? null,
    payload: payloadOf(settings, naming),
    durationMs: settings.duration ?? defaults.durationMs,
    warmUpMs: settings.warmup ?? defaults.warmUpMs,
    trials: settings.trials ?? null,
    defaultTrials: defaults.trials,
    extraTrials: settings.extraTrials ?? null,
    precision: precisionWanted(settings, naming),
    seed: settings.seed ?? seed,
    maxConnections: settings.maxConnections ?? defaults.maxConnections,
    maxIdleMs: defaults.maxIdleMs,
    netns: settings.netns ?? false,
    network: networkOf(settings, naming),
    servers:
      target === null ? (settings.servers ?? usualServers(scenarios)) : allTargets(target).length,
    bus: settings.bus ?? "none",
    balance: settings.balance ?? "none",
    target,
    broker,
    out: settings.out,
    quiet: settings.quiet ?? false,
  };
  for (const part of parts) checkPart({ ...config, ...part }, settings, naming);
  return {
    ...config,
    ...misfortuneOf(settings, config, naming),
    ...answersOf(settings, config.scenarios, naming),
  };
}

/** Scenarios that are played with the same variants. */
type Part = Pick<Config, "scenarios" | "variants">;

/** All scenarios with the transports that are named; where none are, each with those that it goes with. */
function partsAsked(
  settings: Settings,
  scenarios: readonly Scenario[],
  naming: Naming,
  target: ServerTarget | null,
): Part[] {
  const { transports: usual } = profileOf(settings, naming);
  // Which nginx can't read.
  const withReference = target === null && settings.balance !== "nginx";
  const listOf = (scenario: Scenario): readonly string[] =>
    settings.transports ??
    scenario.transports ??
    usual ??
    defaultTransports(withReference, target?.url);
  const lists = new Map(scenarios.map((scenario) => [listOf(scenario).join(), listOf(scenario)]));
  return [...lists].map(([key, list]) => ({
    scenarios: scenarios.filter((scenario) => listOf(scenario).join() === key),
    variants: named("transports", naming, () =>
      unique(list.flatMap((text) => withoutSpecifier(text, "transports")).map(parseVariant)),
    ),
  }));
}

function eachOnce(parts: readonly Part[]): Variant[] {
  const byName = new Map(parts.flatMap(({ variants }) => variants.map((one) => [one.name, one])));
  return [...byName.values()];
}

function playedWith(parts: readonly Part[]): Record<string, string[]> {
  return Object.fromEntries(
    parts.flatMap(({ scenarios, variants }) =>
      scenarios.map((scenario) => [scenario.name, variants.map(({ name }) => name)]),
    ),
  );
}

function checkPart(config: Config, settings: Settings, naming: Naming): void {
  checkEndpoint(config, settings, naming);
  checkBatches(config, naming);
  checkNetworks(config, naming);
  checkBus(config, naming);
  checkBalance(config, naming);
  checkProxies(config, naming);
  checkBrowsers(config, naming);
  checkRestarts(config, naming);
  checkServerFleet(settings.servers, config, naming);
}

/** What isn't played with clients in browsers. Throws a `BenchError` where nothing else is left. */
function cellsLeftOut(parts: readonly Part[], { clients }: Settings): string[] {
  const each = parts.flatMap(({ scenarios, variants }) =>
    scenarios.flatMap((scenario) =>
      variants.map((variant) =>
        whyNotInBrowser(variant, scenario, clients ?? scenario.workload.clients),
      ),
    ),
  );
  const leftOut = [...new Set(each.filter((why) => why !== null))];
  if (each.every((why) => why !== null)) throw usageError(leftOut.join("; "));
  return leftOut;
}

/** Those that clients take for the server. */
function reverseProxies(): string[] {
  return knownProxies().flatMap(({ name, kind = "reverse" }) => (kind === "reverse" ? name : []));
}

/** The variants through the proxies that are asked for: all that are known where a scenario needs one and none is named. */
function proxied(
  variants: readonly Variant[],
  scenarios: readonly Scenario[],
  { proxies }: Settings,
): Through {
  const isOnlyThrough = scenarios.every(({ usesProxy }) => usesProxy === true);
  const isNamed = variants.some(({ bound }) => bound.layers.proxy !== undefined);
  const named =
    proxies?.flatMap((text) => withoutSpecifier(text, "proxies")) ??
    (isOnlyThrough && !isNamed ? reverseProxies() : []);
  if (named.length === 0) return { variants, leftOut: [] };
  const through = variantsThrough(variants, named, isOnlyThrough, whyNoProgram);
  return { ...through, variants: unique(through.variants) };
}

function networkOf({ network }: Settings, naming: Naming): Config["network"] {
  return network === undefined ? null : named("network", naming, () => parseNetwork(network));
}

/** Refuses a packet network beside another, and between clients and a server that isn't in its namespaces. */
function checkNetworks({ network, scenarios, netns, target }: Config, naming: Naming): void {
  const player = scenarios.find(({ usesNetwork }) => usesNetwork === "packets")?.name;
  if (network !== null && player !== undefined) {
    throw usageError(
      `${naming("network")} and the scenario ${player} exclude each other: it plays networks of its own`,
    );
  }
  if (network === null ? player === undefined : isForRelay(network)) return;
  const wanted = network === null ? `the scenario ${player}` : naming("network");
  if (netns) {
    throw usageError(
      `${wanted} and ${naming("netns")} exclude each other: packets are counted on a packet network, too`,
    );
  }
  if (target !== null) {
    const offer = network === null || isForRelay(network) ? "" : relayOffer(network);
    throw usageError(
      `${wanted} and ${naming("target")} exclude each other: a server of your own is not in the namespaces${offer}`,
    );
  }
}

/** The transports of a run that names none; without the reference where nobody writes one. */
export function defaultTransports(withReference: boolean, url = ""): string[] {
  return transports
    .filter(({ onlyWhenNamed, reference }) => !onlyWhenNamed && (withReference || !reference))
    .map(({ name }) => (isSecure(url) ? `${name}+tls` : name));
}

/** Refuses scenarios that would end the user's own server. */
function checkRestarts({ scenarios, target }: Config, naming: Naming): void {
  const restarting = scenarios.find(({ restartsServer }) => restartsServer === true);
  if (target === null || restarting === undefined) return;
  throw usageError(
    `${naming("scenarios")}: ${restarting.name} restarts the server, and can't restart that of ${naming("target")}`,
  );
}

/** Refuses transports that only the user's own server can serve, where none is named. */
export function checkServers({ variants, target }: Config, naming: Naming): void {
  const serverless = variants.find(({ bound }) => !bound.hasServer);
  if (target !== null || serverless === undefined) return;
  throw usageError(
    `${naming("transports")}: ${serverless.transport} has no server of its own; name one by ${asFlag("target")}`,
  );
}

/**
 * Refuses to compress what nobody has chosen: the harness's own text repeats one character, of which any compression
 * leaves next to nothing.
 */
function checkCorpus(variant: Variant, { payloadKind }: Settings): Variant {
  if (payloadKind !== undefined || !isCompressed(variant.bound.layers)) return variant;
  throw usageError(
    `${variant.name}: compression depends on what messages hold: name it by ${asFlag("payloadKind")} ${kindNames.join(", ")} or a file`,
  );
}

function precisionWanted(settings: Settings, naming: Naming): Config["precision"] {
  const { precision: targetPercent, metric = null, timeLimit = defaultTimeLimitMs } = settings;
  if (targetPercent !== undefined) return { targetPercent, metric, timeLimitMs: timeLimit };
  const idle = (["metric", "timeLimit"] as const).find((key) => settings[key] !== undefined);
  if (idle === undefined) return null;
  throw usageError(`${naming(idle)} has no effect without ${asFlag("precision")}`);
}

function unique<Named extends { readonly name: string }>(given: readonly Named[]): Named[] {
  const names = given.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return [...given];
  throw usageError(`"${twice}" is named twice`);
}

/** Two names can have the same options, in another order or with a default that one of them leaves out. */
function different(variants: readonly Variant[]): readonly Variant[] {
  const firstNames = new Map<string, string>();
  for (const variant of variants) {
    const { name, transport, client, bound } = variant;
    const options = Object.entries(bound.options).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const same = JSON.stringify([transport, client, options]);
    const first = firstNames.get(same);
    if (first !== undefined) throw usageError(`"${name}" is the same as "${first}"`);
    firstNames.set(same, name);
  }
  return variants;
}

export function findScenario(name: string): Scenario {
  const scenario = knownScenarios().find((candidate) => candidate.name === name);
  if (scenario !== undefined) return scenario;
  const known = knownScenarios().map((candidate) => candidate.name);
  throw usageError(
    `unknown scenario "${name}"; ${nearest(name, known)}${knownAre(known, `${npxCommand} list`)}`,
  );
}
