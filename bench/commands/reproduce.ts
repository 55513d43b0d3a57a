import { sideBySide } from "../../reports/side-by-side.ts";
import { parseSettings } from "../settings/config.ts";
import { asFlag } from "../settings/naming.ts";
import type { Settings } from "../settings/config.ts";
import { inputsOf, readConfigFile } from "../settings/config-file.ts";
import type { ConfigFile } from "../settings/config-file.ts";
import { loadAdapters } from "../settings/load-adapters.ts";
import { checkCarried } from "../settings/carried-corpus.ts";
import { restoreConfig } from "../settings/restore-config.ts";
import { usageError } from "../errors/errors.ts";
import { brokerOf } from "../settings/broker-settings.ts";
import type { UserBroker } from "../settings/broker-settings.ts";
import { resultFolder } from "./result-folder.ts";
import { scheduleOf } from "../plan/schedule.ts";
import { fileOf, readResults } from "../results/files.ts";
import type { Results } from "../results/schema.ts";
import { hidden } from "../errors/secrets.ts";
import type { ServerTarget } from "../settings/target.ts";
import { targetOf } from "../settings/target-settings.ts";
import { commandLine, quoted } from "./command-line.ts";
import { runCode } from "./exit-code.ts";
import { measure } from "./measure.ts";
import { workersOn } from "./workers-on.ts";
import { showResults } from "./show-results.ts";
import { preflightFront } from "../run/preflight-front.ts";
import { preflightBroker } from "../run/preflight-broker.ts";
import { preflightNetworks, preflightTarget } from "../run/preflight.ts";
import { textWidth } from "../text/terminal.ts";

/** Flags as they were given, all still text. */
export type ReproduceFlags = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly on?: string;
  readonly tokenFile?: string;
  /** False for `--no-report`. */
  readonly report?: boolean;
};

/**
 * `bench reproduce`: does again what led to a results file, with the same configuration and seed, and
 * lays the two side by side. Returns the exit code that the new run has.
 */
export async function reproduce(path: string, flags: ReproduceFlags): Promise<number> {
  const { config: configFile, report: reports = true, on, tokenFile, ...rest } = flags;
  const settings = parseSettings(rest, asFlag, "bench reproduce");
  const { out, quiet = false } = settings;
  const then = await readResults(path);
  const naming = (key: string): string => `run.configuration.${key} in ${path}`;
  const file = await readConfigFile({ config: configFile });
  await loadAdapters({ adapters: settings.adapters ?? file.settings.adapters ?? [] }, asFlag);
  const target = await targetThen(then, settings, file, path);
  const broker = await brokerThen(then, settings, file.allowTargets, path);
  const config = restoreConfig(then, { out, quiet, target, broker }, naming);
  await checkCarried(config.payload, naming);
  const schedule = await scheduleOf(config, naming);
  if (then.environment.hosts !== undefined && on === undefined) {
    throw usageError(
      `${path} was played on workers: give ${asFlag("on")} and ${asFlag("tokenFile")}`,
    );
  }
  const given = (key: string): string =>
    key === "bus" || key === "network" ? naming(key) : asFlag(key);
  await using workers = await workersOn({ on, tokenFile }, schedule, given);
  if (workers === null) {
    await preflightNetworks(schedule.plan, (key) =>
      key === "netns" ? `run.netns in ${path}` : naming(key),
    );
  }
  await preflightTarget(schedule.plan, `run.target in ${path}`, workers);
  if (workers === null || broker !== null) await preflightBroker(schedule.plan, given);
  await preflightFront(schedule.plan, naming);
  const folder = await resultFolder(config, "--out", [fileOf(path), ...inputsOf(file)]);
  const command = commandLine(["reproduce", path], { on, tokenFile });
  const elsewhere = workers ?? undefined;
  const now = await measure(schedule, { folder, command, reports, elsewhere });
  await showResults({ folder, command, reports, open: false, quiet });
  if (!quiet) process.stdout.write(`\n${sideBySide(then, now, textWidth())}\n`);
  return runCode(now);
}

/** A command from a file isn't started, unless the user, having read it, says so. */
async function targetThen(
  { run: { target } }: Results,
  { targetCommand, targetPid, startTimeout, ca, insecure }: Settings,
  file: ConfigFile,
  path: string,
): Promise<ServerTarget | null> {
  const naming = (key: string): string => {
    if (key === "headers") return `headers in ${file.path ?? "a config file"}`;
    return key === "target" || key === "request" ? `run.target in ${path}` : asFlag(key);
  };
  const then = target?.request;
  if (then?.path.includes(hidden) === true) {
    throw usageError(
      `${path} asked ${target?.url}${then.path}: its query isn't in the file, so repeat it by its command`,
    );
  }
  const urls =
    target === null ? undefined : [target.url + (then?.path ?? ""), ...(target.others ?? [])];
  const settings = {
    target: urls,
    targetCommand,
    targetPid,
    startTimeout,
    ca,
    insecure,
    ...(then !== undefined && { request: then.file }),
  };
  if (target?.command != null && targetCommand === undefined && targetPid === undefined) {
    throw usageError(
      `${path} measured a server that was started for each trial: give ` +
        `${asFlag("targetCommand")} ${quoted(target.command)}${whatIsHidden(target.command)}`,
    );
  }
  const now = await targetOf(settings, file, naming);
  if (then !== undefined && now?.request?.sha256 !== then.sha256) {
    throw usageError(`${naming("request")}: ${then.file} holds another body than it did`);
  }
  return now;
}

/** Nor is a broker used that a file names: its password isn't in it. */
async function brokerThen(
  { run: { broker, configuration } }: Results,
  { redis, nats }: Settings,
  allowTargets: readonly string[],
  path: string,
): Promise<UserBroker | null> {
  if (broker !== undefined && redis === undefined && nats === undefined) {
    const flag = configuration.bus === "nats" ? asFlag("nats") : asFlag("redis");
    throw usageError(`${path} had a broker of its own: give ${flag} ${quoted(broker)}`);
  }
  const settings = { bus: configuration.bus, redis, nats };
  const given = Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined),
  );
  return await brokerOf(given, allowTargets, asFlag);
}

/** Results hold no secrets: the user has to give them again. */
function whatIsHidden(command: string): string {
  return command.includes(hidden) ? `, with the secret that ${hidden} stands for` : "";
}
