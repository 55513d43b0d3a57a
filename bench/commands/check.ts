import { dirname, join } from "node:path";
import { scenariosOf, staleness } from "../check/against-baseline.ts";
import { keptOf, measuresIn } from "../check/baseline-measures.ts";
import { baselineHead, baselineText, readBaseline } from "../check/baseline.ts";
import type { Baseline } from "../check/baseline.ts";
import { checkOf, problemsOf } from "../check/check.ts";
import { needsOf } from "../check/needs.ts";
import type { Needs } from "../check/needs.ts";
import type { CheckSettings } from "../check/settings.ts";
import { asFlag, parseSettings } from "../config.ts";
import type { Config, Naming } from "../config.ts";
import type { ConfigFile } from "../config-file.ts";
import { BenchError, exitCodes } from "../errors.ts";
import { faultIn, faultVariable } from "../fault.ts";
import { planRun } from "../plan.ts";
import { proveOutput, writeOutput } from "../results/outputs.ts";
import { openRunFolder } from "../results/run-folder.ts";
import type { Results } from "../results/schema.ts";
import { proveTarget } from "../target-proof.ts";
import { targetOf } from "../target-settings.ts";
import { nodeMajor } from "../verdict/environments.ts";
import { gatesOf } from "../verdict/gates.ts";
import { measuresOf } from "../verdict/measures.ts";
import { announce } from "./announce.ts";
import { checkSettings } from "./check-settings.ts";
import { played, quoted } from "./measure.ts";
import { verdictCode } from "./verdict-code.ts";
import { proveWritable } from "./wanted-files.ts";

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
  const { config: configPath, baseline: path, update, inconclusive, write, ...flags } = given;
  const fromFlags = parseSettings(flags, asFlag, "bench check");
  const { settings, file } = await checkSettings({ config: configPath, inconclusive });
  const naming: Naming = (key) =>
    key in fromFlags || file === null ? asFlag(key) : `${key} in ${file.path}`;
  gatesOf(settings);
  const merged = { ...file?.settings, ...fromFlags };
  const target = await targetOf(merged, file?.allowTargets ?? [], naming);
  const isPart = fromFlags.transports !== undefined || fromFlags.scenarios !== undefined;
  const needs = await needsOf(settings, merged, naming, { target, isPart });
  for (const { text } of needs.unchecked) {
    process.stderr.write(`not checked, since it isn't of the part that is run: ${text}\n`);
  }
  const baselinePath = path ?? pathFrom(settings, file);
  const known = await readBaseline(baselinePath);
  const inputs = [baselinePath, ...(file === null ? [] : [file.path])];
  const wanted = await proveWritable(write, inputs);
  if (update === true) return updated(needs, settings, baselinePath, known, inputs);
  const baseline = usable(known, needs.config, baselinePath, isPart);
  const command = commandOf(given);
  const { results, folder } = await measured(needs.config, command, inputs);
  if (results.run.status === "interrupted") return exitCodes.interrupted;
  const grounds = { needs, settings, baseline, baselinePath, command, folder };
  const comparison = checkOf(results, grounds);
  await announce(comparison, { folder, quiet: needs.config.quiet, wanted });
  return verdictCode(comparison, settings.inconclusive);
}

/** Where the config file says, from its own folder; else beside it. */
function pathFrom(
  { baseline = "bench.baseline.json" }: CheckSettings,
  file: ConfigFile | null,
): string {
  return file === null ? baseline : join(dirname(file.path), baseline);
}

function usable(
  baseline: Baseline | null,
  config: Config,
  path: string,
  isPart: boolean,
): Baseline {
  if (baseline === null) {
    throw new BenchError("results", `there is no baseline ${path}; bench check --update makes it`);
  }
  measuresIn(baseline, path);
  const stale = staleness(baseline, config, path, isPart);
  if (stale === null) return baseline;
  throw new BenchError("results", stale);
}

async function measured(
  config: Config,
  command: string,
  inputs: readonly string[],
): Promise<{ results: Results; folder: string }> {
  const folder = await openRunFolder({ out: config.out, flag: "--out", inputs });
  const agenda = { config, plan: planRun(config), goals: [] };
  await proveTarget(agenda.plan, "--target");
  return { results: await played(agenda, { folder, command }), folder };
}

/** Measures, and keeps it as the baseline; says what has changed since the last one. */
async function updated(
  { config }: Needs,
  settings: CheckSettings,
  path: string,
  known: Baseline | null,
  inputs: readonly string[],
): Promise<number> {
  if (faultIn(process.env) !== null) {
    throw new BenchError("usage", `--update: ${faultVariable} is set, and no baseline has a fault`);
  }
  await proveOutput(path, "--baseline", []);
  const { results } = await measured(config, "npx bench check --update", inputs);
  if (results.run.status === "interrupted") return exitCodes.interrupted;
  const measures = measuresOf(results);
  const [problem] = problemsOf(results, measures);
  if (problem !== undefined) {
    throw new BenchError("output", `${path} isn't written: ${problem.text}`);
  }
  const before = known === null ? [] : measuresIn(known, path);
  const { counted, changes, leftOut } = keptOf(measures, before, gatesOf(settings).tolerance);
  const next: Baseline = {
    ...baselineHead,
    node: nodeMajor(results),
    server: config.target === null ? "built-in" : "target",
    scenarios: scenariosOf(config),
    counted,
  };
  await writeOutput(path, baselineText(next));
  if (!config.quiet) process.stdout.write(updateText(path, known, changes, leftOut));
  return exitCodes.done;
}

function updateText(
  path: string,
  known: Baseline | null,
  changes: readonly string[],
  leftOut: readonly string[],
): string {
  const what =
    known === null
      ? [`${path}: made, with ${changes.length} metrics`]
      : changes.length === 0
        ? [`${path}: nothing has changed by more than is tolerated`]
        : [`${path}: what has changed`, ...changes.map((change) => `  ${change}`)];
  return `${[...what, ...leftOut].join("\n")}\n`;
}

/** The command that does it again. */
function commandOf(flags: CheckFlags): string {
  const words = Object.entries(flags).flatMap(([key, value]) => {
    if (key === "quiet" || key === "out" || value === undefined) return [];
    if (value === true) return [asFlag(key)];
    const values = Array.isArray(value) ? value : [value];
    return values.flatMap((one) => [asFlag(key), quoted(String(one))]);
  });
  return ["npx bench check", ...words].join(" ");
}
