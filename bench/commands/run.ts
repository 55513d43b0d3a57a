import { randomInt } from "node:crypto";
import { timeSpan } from "../text/format.ts";
import { formatMs } from "../../transports/option-values.ts";
import { scheduleOf } from "../plan/schedule.ts";
import type { RunSchedule } from "../plan/schedule.ts";
import { baseAmong } from "../settings/base.ts";
import { inputsOf, mergedSettings } from "../settings/config-file.ts";
import { checkCarried } from "../settings/carried-corpus.ts";
import { checkServers, resolveConfig } from "../settings/config.ts";
import type { Settings } from "../settings/config.ts";
import { streamHint } from "../settings/endpoint-request.ts";
import { hiddenQuery } from "../errors/user-secrets.ts";
import { exitCodes, usageError } from "../errors/errors.ts";
import { workloadText } from "../plan/plan.ts";
import { trialMs } from "../plan/duration.ts";
import { machineNotes } from "../doctor/notes.ts";
import { faultIn, faultVariable } from "../settings/fault.ts";
import { resultFolder } from "./result-folder.ts";
import { rehearse } from "../plan/rehearsal.ts";
import { preflightFront } from "../run/preflight-front.ts";
import { preflightBroker } from "../run/preflight-broker.ts";
import { preflightNetworks, preflightTarget } from "../run/preflight.ts";
import { commandLine, quoted } from "./command-line.ts";
import { runCode } from "./exit-code.ts";
import { headline, measure, printNotes } from "./measure.ts";
import { workersOn } from "./workers-on.ts";
import { showResults } from "./show-results.ts";

/** Flags as they were given, all still text. */
export type RunFlags = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly base?: string;
  readonly dryRun?: boolean;
  readonly open?: boolean;
  readonly on?: string;
  readonly tokenFile?: string;
  /** False for `--no-report`. */
  readonly report?: boolean;
};

/** `bench run`: plans, measures, saves and reports. Returns the exit code. */
export async function run(given: RunFlags): Promise<number> {
  const { base: givenBase, dryRun = false, open = false, report: reports = true, ...rest } = given;
  const { on, tokenFile, ...flags } = rest;
  if (open && !reports) {
    throw usageError("--open: with --no-report there is no page to open");
  }
  const { settings, file, naming, target, broker } = await mergedSettings(flags, "bench run");
  const hint = target?.request === undefined ? null : streamHint(target.request);
  const config = resolveConfig(settings, naming, randomInt(1_000_000), target, broker);
  checkServers(config, naming);
  await checkCarried(config.payload, naming);
  const variants = config.variants.map(({ name }) => name);
  const base = baseAmong(givenBase, variants, naming("transports"));
  const schedule = await scheduleOf(config, naming);
  // A fault that there isn't is told here, before anything is started.
  const fields = Object.keys(file.headers).length > 0 ? (file.path ?? undefined) : undefined;
  const beside = { seed: config.seed, base, on, tokenFile, config: fields };
  const command = repeatCommand(settings, beside);
  if (hint !== null) process.stderr.write(`hint: ${hint}\n`);
  if (dryRun) return await printPlan(schedule, reports);
  await using workers = await workersOn({ on, tokenFile }, schedule, naming);
  if (workers === null) await preflightNetworks(schedule.plan, naming);
  await preflightTarget(schedule.plan, naming("target"), workers);
  if (workers === null || config.broker !== null) await preflightBroker(schedule.plan, naming);
  await preflightFront(schedule.plan, naming);
  const folder = await resultFolder(config, naming("out"), inputsOf(file));
  const elsewhere = workers ?? undefined;
  const results = await measure(schedule, { folder, command, reports, elsewhere });
  await showResults({ folder, command, base, reports, open, quiet: config.quiet });
  return runCode(results);
}

/** Prints which trials would be played, in which order, and how long that would take. */
async function printPlan(schedule: RunSchedule, reports: boolean): Promise<number> {
  printNotes((await machineNotes(schedule.plan)).before);
  for (const why of schedule.config.leftOut) process.stderr.write(`left out: ${why}\n`);
  process.stdout.write(await planText(schedule, reports));
  return exitCodes.done;
}

async function planText(schedule: RunSchedule, reports: boolean): Promise<string> {
  const { config, plan } = schedule;
  const lines = [`${await headline(schedule, reports)}; seed ${config.seed}; nothing is started`];
  for (const scenario of config.scenarios) {
    const batches = plan.filter(([trial]) => trial?.scenario === scenario);
    const trials = batches.flat();
    const [first] = trials;
    if (first === undefined) continue;
    lines.push("", `${scenario.name}: ${workloadText(scenario, config)}`);
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
function repeatCommand(settings: Settings, { seed, base, ...others }: Beside): string {
  const fault = faultIn(process.env);
  const variable = fault === null ? "" : `${faultVariable}=${quoted(JSON.stringify(fault))} `;
  const flags = Object.entries({ ...settings, seed }).map(([key, value]) => [
    key,
    flagText(key, value),
  ]);
  const beside = { base: base ?? undefined, ...others };
  return variable + commandLine(["run"], { ...Object.fromEntries(flags), ...beside });
}

/** What a run is repeated with that is none of its settings. */
interface Beside {
  readonly seed: number;
  readonly base: string | null;
  readonly on: string | undefined;
  readonly tokenFile: string | undefined;
  /** The file with fields that no flag can give: it names the variables in which their secrets are. */
  readonly config: string | undefined;
}

function flagText(key: string, value: Settings[keyof Settings]): string | boolean | undefined {
  if (typeof value === "boolean" || value === undefined) return value;
  if (key === "target" && Array.isArray(value)) return value.map(withoutQuery).join(",");
  if (typeof value === "object") return value.join(",");
  if (key === "precision") return `${value}%`;
  return times.has(key) ? formatMs(Number(value)) : String(value);
}

/** What a query holds may be a key. */
function withoutQuery(url: string | number): string {
  const [place = "", ...query] = String(url).split("?");
  return query.length === 0 ? place : place + hiddenQuery(`?${query.join("?")}`);
}

const times: ReadonlySet<string> = new Set([
  "duration",
  "warmup",
  "timeLimit",
  "startTimeout",
  "reconnectBase",
  "reconnectCap",
  "cutEvery",
  "objective",
]);
