import { timeSpan } from "../text/format.ts";
import { PairedResults } from "../ab/paired-results.ts";
import { playPairs } from "../ab/play.ts";
import { progressLine } from "../ab/progress-line.ts";
import { serversOf } from "../ab/servers.ts";
import type { Servers } from "../ab/servers.ts";
import { abSettings } from "../ab/settings.ts";
import type { Config } from "../settings/config.ts";
import { inputsOf, readConfigFile } from "../settings/config-file.ts";
import { resultFolder } from "./result-folder.ts";
import { exitCodes } from "../errors/errors.ts";
import { planMs } from "../plan/duration.ts";
import { Interruption } from "./interruption.ts";
import { planTrial } from "../plan/plan.ts";
import type { Comparison } from "../results/comparison.ts";
import { preflightTarget } from "../run/preflight.ts";
import { comparisonOf } from "../verdict/compare.ts";
import { defaultLimits, limitsFor } from "../verdict/stopping-rule.ts";
import type { RuleLimits } from "../verdict/stopping-rule.ts";
import { announce, proveWritable } from "./announce.ts";
import { commandLine } from "./command-line.ts";
import { verdictCode } from "./exit-code.ts";

/** Flags as they were given, all still text. */
export type AbFlags = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly inconclusive?: string;
  readonly write?: readonly string[];
};

/** `bench ab`: two servers in turns, in random order, until it is clear whether one is worse. */
export async function ab(given: AbFlags): Promise<number> {
  const { config: configFile, inconclusive, write, ...flags } = given;
  const file = await readConfigFile({ config: configFile, inconclusive });
  const { servers: asked, check, config } = await abSettings(flags, file);
  const inputs = inputsOf(file);
  const wanted = await proveWritable(write, inputs);
  const opened = (): Promise<string> => resultFolder(config, "--out", inputs);
  // What was named is proven before a commit is prepared, which may take minutes; its own is made when needed.
  const named = config.out === undefined ? null : await opened();
  using interruption = new Interruption();
  const { signal } = interruption;
  await using servers = await serversOf(asked, file.allowTargets, signal);
  await preflightServers(config, servers);
  const folder = named ?? (await opened());
  const limits = check.pairs === undefined ? defaultLimits : limitsFor(check.pairs);
  const command = commandLine(["ab"], { ...given, write: undefined, seed: config.seed });
  const tell = (line: string): void => {
    if (!config.quiet) process.stderr.write(`${line}\n`);
  };
  tell(`${await headline(config, limits)}; results in ${folder}`);
  const { baseline, candidate } = servers;
  const targets = { baseline: baseline.target, candidate: candidate.target };
  const results = await PairedResults.open(folder, config, command, targets);
  const session = await playPairs({
    config,
    check,
    limits,
    servers,
    results,
    signal,
    tell: (progress) => tell(progressLine(progress, limits)),
  });
  const comparison = comparisonOf(results.baseline, results.candidate, {
    kind: "ab",
    command,
    settings: check,
    labels: { baseline: baseline.label, candidate: candidate.label },
    judgements: session.judgements,
  });
  await announce(ofServers(comparison, servers), { folder, quiet: config.quiet, wanted });
  if (session.ended === "interrupted") return exitCodes.interrupted;
  return verdictCode(comparison, check.inconclusive);
}

/** Starts each side once for each variant, so that what is wrong is reported before anything is measured. */
async function preflightServers(config: Config, { baseline, candidate }: Servers): Promise<void> {
  const [scenario] = config.scenarios;
  if (scenario === undefined) return;
  for (const { target, flag } of [baseline, candidate]) {
    const plan = config.variants.map((variant) => [
      planTrial(scenario, { ...config, target }, variant, 1),
    ]);
    await preflightTarget(plan, flag);
  }
}

/** Which commit of the harness it was that measured both is in their results. */
function ofServers(comparison: Comparison, { baseline, candidate }: Servers): Comparison {
  return {
    ...comparison,
    baseline: { ...comparison.baseline, commit: baseline.commit },
    candidate: { ...comparison.candidate, commit: candidate.commit },
  };
}

/** How many pairs are played, and how long each takes. */
async function headline(
  config: Config,
  { minPairs, maxPairs, confirmingPairs }: RuleLimits,
): Promise<string> {
  const cells = config.scenarios.flatMap((scenario) =>
    config.variants.map((variant) => planTrial(scenario, config, variant, 1)),
  );
  const pairMs =
    2 *
    (await planMs(
      cells.map((trial) => [trial]),
      false,
    ));
  return (
    `${minPairs} to ${maxPairs} pairs, about ${timeSpan(pairMs)} each, ` +
    `and ${confirmingPairs} fresh ones if something is suspected`
  );
}
