import { randomInt } from "node:crypto";
import { timeSpan } from "../text/format.ts";
import { formatMs } from "../../transports/option-values.ts";
import type { RunSchedule } from "../plan/schedule.ts";
import { parseSettings, resolveConfig } from "../settings/config.ts";
import { asFlag } from "../settings/naming.ts";
import type { Settings } from "../settings/config.ts";
import type { Naming } from "../settings/naming.ts";
import { readConfigFile } from "../settings/config-file.ts";
import { BenchError, exitCodes } from "../errors/errors.ts";
import { trialMs } from "../plan/duration.ts";
import { machineNotes } from "../doctor/notes.ts";
import { faultIn, faultVariable } from "../settings/fault.ts";
import { goalsOf } from "../plan/goals.ts";
import { planRun } from "../plan/plan.ts";
import { rehearse } from "../plan/rehearsal.ts";
import { targetOf } from "../settings/target-settings.ts";
import { preflightTarget } from "../run/preflight.ts";
import { commandLine, quoted } from "./command-line.ts";
import { headline, measure, printNotes } from "./measure.ts";
import { preflightNetwork } from "../run/preflight.ts";
import { resultFolder } from "./result-folder.ts";
import { runCode } from "./run-code.ts";

/** Flags as they were given, all still text. */
export type RunFlags = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly dryRun?: boolean;
  readonly open?: boolean;
  /** False for `--no-report`. */
  readonly report?: boolean;
};

/** `bench run`: plans, measures, saves and reports. Returns the exit code. */
export async function run(given: RunFlags): Promise<number> {
  const { config: configFile, dryRun, open = false, report: reports = true, ...flags } = given;
  if (open && !reports) {
    throw new BenchError("usage", "--open: with --no-report there is no page to open");
  }
  const fromFlags = parseSettings(flags, asFlag, "bench run");
  const file = await readConfigFile(configFile);
  const settings = { ...file?.settings, ...fromFlags };
  const naming: Naming = (key) =>
    key in fromFlags || file === null ? asFlag(key) : `${key} in ${file.path}`;
  const target = await targetOf(settings, file?.allowTargets ?? [], naming);
  const config = resolveConfig(settings, naming, randomInt(1_000_000), target);
  const command = repeatCommand(settings, config.seed);
  const schedule = { config, plan: planRun(config), goals: await goalsOf(config, naming) };
  if (dryRun === true) {
    printNotes((await machineNotes(schedule.plan)).before);
    process.stdout.write(await planText(schedule, reports));
    return exitCodes.done;
  }
  if (config.netns) await preflightNetwork(naming("netns"));
  await preflightTarget(schedule.plan, naming("target"));
  const inputs = file === null ? [] : [file.path];
  const folder = await resultFolder(config, naming("out"), inputs);
  return runCode(await measure(schedule, { folder, command, reports, open }));
}

/** What would be done, in which order, and how long it would take. */
async function planText(schedule: RunSchedule, reports: boolean): Promise<string> {
  const { config, plan } = schedule;
  const lines = [`${await headline(schedule, reports)}; seed ${config.seed}; nothing is started`];
  for (const scenario of config.scenarios) {
    const batches = plan.filter(([trial]) => trial?.scenario === scenario);
    const trials = batches.flat();
    const [first] = trials;
    if (first === undefined) continue;
    lines.push("", `${scenario.name}: ${scenario.describe(first.workload)}`);
    for (const trial of trials) {
      const rehearsal = await rehearse(trial);
      lines.push(
        `  trial ${trial.repetition}, ${trial.variant.name}: ${timeSpan(trialMs(rehearsal))}`,
        `    ${rehearsal.phases.join(", ")}`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The command that does the same again, whatever the config file will then say. */
function repeatCommand(settings: Settings, seed: number): string {
  const fault = faultIn(process.env);
  const variable = fault === null ? "" : `${faultVariable}=${quoted(JSON.stringify(fault))} `;
  const flags = Object.entries({ ...settings, seed }).map(([key, value]) => [
    key,
    flagText(key, value),
  ]);
  return variable + commandLine(["run"], Object.fromEntries(flags));
}

function flagText(key: string, value: Settings[keyof Settings]): string | boolean | undefined {
  if (typeof value === "boolean" || value === undefined) return value;
  if (typeof value === "object") return value.join(",");
  if (key === "precision") return `${value}%`;
  return times.has(key) ? formatMs(Number(value)) : String(value);
}

const times: ReadonlySet<string> = new Set(["duration", "warmup", "timeLimit", "startTimeout"]);
