import { dirname, join } from "node:path";
import { whyStale } from "../check/baseline-compatibility.ts";
import { metricsInBaseline } from "../check/baseline-metrics.ts";
import { readBaseline } from "../check/baseline.ts";
import type { Baseline } from "../check/baseline.ts";
import { checkOf } from "../check/check.ts";
import { needsOf } from "../check/needs.ts";
import type { Config } from "../settings/config.ts";
import { inputsOf, mergedSettings } from "../settings/config-file.ts";
import type { ConfigFile } from "../settings/config-file.ts";
import { BenchError, exitCodes } from "../errors/errors.ts";
import { resultFolder } from "./result-folder.ts";
import { planRun } from "../plan/plan.ts";
import { OutdatedDocument } from "../results/document.ts";
import type { Results } from "../results/schema.ts";
import { preflightFront } from "../run/preflight-front.ts";
import { preflightBroker } from "../run/preflight-broker.ts";
import { preflightNetworks, preflightTarget } from "../run/preflight.ts";
import type { Naming } from "../settings/naming.ts";
import { gatesOf } from "../verdict/gates.ts";
import { announce, proveWritable } from "./announce.ts";
import { updateBaseline } from "./check-update.ts";
import { commandLine } from "./command-line.ts";
import { verdictCode } from "./exit-code.ts";
import { measure } from "./measure.ts";

/** Flags as they were given; beside these, settings as `bench run` has them, all still text. */
export type CheckFlags = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly baseline?: string;
  readonly update?: boolean;
  readonly inconclusive?: string;
  readonly write?: readonly string[];
};

/** `bench check`: runs what is needed, and holds it against baseline and budgets. Returns the exit code. */
export async function check(given: CheckFlags): Promise<number> {
  const { baseline: path, update = false, write, ...flags } = given;
  const merged = await mergedSettings(flags, "bench check");
  const { fromFlags, file, naming, target, broker } = merged;
  gatesOf(file.check);
  const isPart = fromFlags.transports !== undefined || fromFlags.scenarios !== undefined;
  const needs = await needsOf(file.check, merged.settings, naming, { target, broker, isPart });
  for (const { text } of needs.unchecked) {
    process.stderr.write(`not checked, because it is outside the part that is run: ${text}\n`);
  }
  const baselinePath = path ?? pathFrom(file);
  const known = await readBaseline(baselinePath).catch((error: unknown) => {
    // Recreating the whole baseline mends that.
    if (update && !isPart && error instanceof OutdatedDocument) return null;
    throw error;
  });
  const inputs = [baselinePath, ...inputsOf(file)];
  const wanted = await proveWritable(write, inputs);
  const command = commandLine(["check"], given);
  if (update) {
    const measureNow = async (): Promise<Results> =>
      (await measureNew(needs.config, { command, inputs, naming })).results;
    const about = { path: baselinePath, known, isPart, measure: measureNow };
    return updateBaseline(needs, file.check, about);
  }
  const baseline = usable(known, needs.config, baselinePath, isPart);
  const { results, folder } = await measureNew(needs.config, { command, inputs, naming });
  if (results.run.status === "interrupted") return exitCodes.interrupted;
  const against = { needs, settings: file.check, baseline, baselinePath, command, folder };
  const comparison = checkOf(results, against);
  await announce(comparison, { folder, quiet: needs.config.quiet, wanted });
  return verdictCode(comparison, file.check.inconclusive);
}

/** Where the config file says, from its own folder; else beside it. */
function pathFrom({ path, check: { baseline = "bench.baseline.json" } }: ConfigFile): string {
  return path === null ? baseline : join(dirname(path), baseline);
}

function usable(
  baseline: Baseline | null,
  config: Config,
  path: string,
  isPart: boolean,
): Baseline {
  if (baseline === null) {
    throw new BenchError(
      "results",
      `there is no baseline ${path}; run the same command with --update to create it`,
    );
  }
  metricsInBaseline(baseline, path);
  const stale = whyStale(baseline, config, path, isPart);
  if (stale === null) return baseline;
  throw new BenchError("results", stale);
}

async function measureNew(
  config: Config,
  { command, inputs, naming }: { command: string; inputs: readonly string[]; naming: Naming },
): Promise<{ results: Results; folder: string }> {
  const schedule = { config, plan: planRun(config), goals: [] };
  await preflightNetworks(schedule.plan, naming);
  await preflightTarget(schedule.plan, "--target");
  await preflightBroker(schedule.plan, naming);
  await preflightFront(schedule.plan, naming);
  const folder = await resultFolder(config, "--out", inputs);
  return { results: await measure(schedule, { folder, command, reports: false }), folder };
}
