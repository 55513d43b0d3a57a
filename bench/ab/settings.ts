import { randomInt } from "node:crypto";
import { transports } from "../../transports/index.ts";
import { wholeNumber } from "../../transports/option-values.ts";
import { checkCarried } from "../settings/carried-corpus.ts";
import type { CheckSettings } from "../settings/check-settings.ts";
import { parseSettings, resolveConfig } from "../settings/config.ts";
import { asFlag, named, parsedBy } from "../settings/naming.ts";
import { checkForTarget } from "../settings/target-variant.ts";
import type { Config, Settings } from "../settings/config.ts";
import { loadAdapters } from "../settings/load-adapters.ts";
import { namingOf } from "../settings/config-file.ts";
import type { ConfigFile } from "../settings/config-file.ts";
import { usageError } from "../errors/errors.ts";
import { gatesOf } from "../verdict/gates.ts";
import { serverFlagsSchema, modeOf, urlsOf } from "./servers.ts";
import type { ServerFlags } from "./servers.ts";

/** Flags that only `bench ab` has; all others are settings of any run. */
const flagsSchema = serverFlagsSchema.extend({ maxPairs: wholeNumber(7, 200).optional() });

/** The settings of `bench ab`, from its flags and the config file. */
export interface AbSettings {
  readonly servers: ServerFlags;
  readonly check: CheckSettings;
  readonly config: Config;
}

/** With these, a pair takes some five seconds: most of it is starting processes twice. */
const defaults = { duration: 800, warmup: 400 } as const satisfies Settings;

/**
 * The default where no scenario is named. Deliveries of one message arrive together, so they say little more than
 * one delivery would: in the same time, many messages to few clients say more than few messages to many.
 */
const defaultScenario = { scenarios: ["latency"], clients: 10, rate: 100 } satisfies Settings;

/**
 * Settings that are taken from a config file; the others set how many trials a run has, which the rule decides
 * here.
 */
const fromFile = [
  "adapters",
  "transports",
  "clients",
  "rate",
  "payload",
  "seed",
  "out",
  "quiet",
] as const;

/** Reads the flags, all still text; throws a `BenchError` that names the first thing wrong with them. */
export async function abSettings(
  given: Readonly<Record<string, unknown>>,
  file: ConfigFile,
): Promise<AbSettings> {
  const { shape } = flagsSchema;
  const flags = Object.entries(given);
  const settings = parseSettings(
    Object.fromEntries(flags.filter(([key]) => !(key in shape))),
    asFlag,
    "bench ab",
  );
  const own = Object.fromEntries(flags.filter(([key]) => key in shape));
  const { maxPairs, ...serverFlags } = parsedBy(flagsSchema, own, asFlag);
  const inFile = Object.fromEntries(
    fromFile.map((key) => [key, file.settings[key]]).filter(([, value]) => value !== undefined),
  );
  const merged: Settings = {
    ...defaults,
    ...(settings.scenarios === undefined && defaultScenario),
    ...inFile,
    ...settings,
  };
  const naming = namingOf(settings, file);
  if (merged.transports === undefined) {
    const known = transports.map(({ name }) => name).join(", ");
    throw usageError(`--transports: which of these do both servers speak? ${known}`);
  }
  await loadAdapters(merged, naming);
  const servers = withTarget(serverFlags, file.settings);
  // Missing or wrong settings are reported before anything is made.
  modeOf(servers);
  gatesOf(file.check);
  const config = resolveConfig(merged, naming, randomInt(1_000_000));
  await checkCarried(config.payload, naming);
  const player = config.scenarios.find(({ usesNetwork }) => usesNetwork === "packets");
  if (player !== undefined) {
    throw usageError(
      `${naming("scenarios")}: ${player.name} plays networks of its own, and servers of yours are not in them`,
    );
  }
  named("transports", naming, () => {
    for (const url of urlsOf(servers)) {
      for (const variant of config.variants) checkForTarget(variant, { url });
    }
  });
  return {
    servers,
    check: { ...file.check, ...(maxPairs !== undefined && { pairs: maxPairs }) },
    config,
  };
}

function onlyOne(targets: readonly string[] | undefined): string | undefined {
  if (targets === undefined || targets.length < 2) return targets?.[0];
  throw usageError("target: bench ab compares one server with another; name one by --target");
}

/** The server that a config file names for all commands, where one is missing. */
function withTarget(flags: ServerFlags, file: Settings): ServerFlags {
  if (flags.baseline !== undefined) return flags;
  const target = flags.target ?? onlyOne(file.target);
  const command =
    flags.targetCommand ?? (flags.base === undefined ? undefined : file.targetCommand);
  const startTimeout = flags.startTimeout ?? file.startTimeout;
  const ca = flags.ca ?? file.ca;
  return {
    ...flags,
    ...(ca !== undefined && { ca }),
    ...(startTimeout !== undefined && { startTimeout }),
    ...(target !== undefined && { target }),
    ...(command !== undefined && { targetCommand: command }),
  };
}
