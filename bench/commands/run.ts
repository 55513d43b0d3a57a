import { randomInt } from "node:crypto";
import { setMaxListeners } from "node:events";
import { join, relative, resolve } from "node:path";
import { timeSpan } from "../../reports/format.ts";
import { reports } from "../../reports/index.ts";
import { terminal } from "../../reports/terminal.ts";
import { formatMs } from "../../transports/option-values.ts";
import { asFlag, parseSettings, resolveConfig } from "../config.ts";
import type { Config, Naming, Settings } from "../config.ts";
import { readConfigFile } from "../config-file.ts";
import { playRun } from "../engine.ts";
import type { Observer } from "../engine.ts";
import { exitCodes } from "../errors.ts";
import { planRun } from "../plan.ts";
import type { Batch } from "../plan.ts";
import { Progress, batchMs } from "../progress.ts";
import { rehearse } from "../rehearsal.ts";
import { prepareFolder, replaceFile, saveResults } from "../results/files.ts";
import type { Results } from "../results/schema.ts";

/** Flags as they were given, all still text. */
export type RunFlags = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly dryRun?: boolean;
};

/** `bench run`: plans, measures, saves and reports. Returns the exit code. */
export async function run({ config: configFile, dryRun, ...flags }: RunFlags): Promise<number> {
  const fromFlags = parseSettings(flags, asFlag, "bench run");
  const file = await readConfigFile(configFile);
  const settings = { ...file?.settings, ...fromFlags };
  const naming: Naming = (key) =>
    key in fromFlags || file === null ? asFlag(key) : `${key} in ${file.path}`;
  const config = resolveConfig(settings, naming, randomInt(1_000_000));
  const plan = planRun(config);
  if (dryRun === true) {
    process.stdout.write(await planText(config, plan));
    return exitCodes.done;
  }
  const folder = config.out ?? join("bench-results", timeStamp());
  await prepareFolder(folder, config.out === undefined ? "--out (default)" : naming("out"));
  return measure(config, plan, folder, repeatCommand(settings, config.seed));
}

async function measure(
  config: Config,
  plan: readonly Batch[],
  folder: string,
  command: string,
): Promise<number> {
  const progress = config.quiet ? null : await Progress.of(plan, screen());
  if (progress !== null) {
    process.stderr.write(`${await headline(plan)}; results in ${folder}\n`);
  }
  using interruption = new Interruption();
  const results = await playRun(config, plan, {
    command,
    observer: progress ?? silent,
    save: (soFar) => saveResults(folder, soFar),
    signal: interruption.signal,
  });
  progress?.end();
  for (const report of reports) {
    if (report.file === null) continue;
    await replaceFile(join(folder, report.file), report.render(results, { colour: false }));
  }
  if (!config.quiet) {
    process.stdout.write(`${terminal.render(results, { colour: wantsColour() })}\n`);
    process.stdout.write(
      `\nResults: ${relative(".", resolve(folder)) || "."}\nRepeat:  ${command}\n`,
    );
  }
  if (results.run.status === "interrupted") return exitCodes.interrupted;
  return isComplete(results) ? exitCodes.done : exitCodes.failed;
}

/** Every cell has a valid trial, and no trial failed. */
function isComplete(results: Results): boolean {
  const failed = results.trials.some(({ outcome }) => outcome.status === "failed");
  const cellsDone = results.cells.every(({ variant, scenario }) =>
    results.trials.some(
      (trial) =>
        trial.variant === variant &&
        trial.scenario === scenario &&
        trial.outcome.status === "valid",
    ),
  );
  return cellsDone && !failed;
}

const silent: Observer = { phase: () => {}, batchEnds: () => {} };

/** The first signal ends the run in order; a second one ends this process, and with it all others. */
class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

  constructor() {
    // Each trial that waits side by side with others listens.
    setMaxListeners(0, this.signal);
    for (const name of this.#signals) process.on(name, this.#interrupt);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #interrupt = (): void => {
    if (this.signal.aborted) process.exit(exitCodes.interrupted);
    process.stderr.write("\ninterrupted: ending, and keeping what was measured\n");
    this.#controller.abort();
  };

  [Symbol.dispose](): void {
    for (const name of this.#signals) process.off(name, this.#interrupt);
  }
}

function screen(): { isTTY: boolean; columns: number; write(text: string): void } {
  const { stderr } = process;
  return {
    isTTY: stderr.isTTY,
    columns: stderr.columns ?? 80,
    write: (text) => void stderr.write(text),
  };
}

function wantsColour(): boolean {
  return process.stdout.isTTY && !process.env["NO_COLOR"];
}

async function headline(plan: readonly Batch[]): Promise<string> {
  const durations = await Promise.all(plan.map(batchMs));
  const totalMs = durations.reduce((sum, ms) => sum + ms, 0);
  return `${plan.flat().length} trials, about ${timeSpan(totalMs)}`;
}

/** What would be done, in which order, and how long it would take. */
async function planText(config: Config, plan: readonly Batch[]): Promise<string> {
  const lines = [`${await headline(plan)}; seed ${config.seed}; nothing is started`];
  for (const scenario of config.scenarios) {
    const batches = plan.filter(([trial]) => trial?.scenario === scenario);
    const trials = batches.flat();
    const [first] = trials;
    if (first === undefined) continue;
    lines.push("", `${scenario.name}: ${scenario.describe(first.workload)}`);
    for (const trial of trials) {
      const { busyMs, idleMs, phases } = await rehearse(trial);
      lines.push(
        `  trial ${trial.repetition}, ${trial.variant.name}: ${timeSpan(busyMs + idleMs)}`,
        `    ${phases.join(", ")}`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The command that does the same again, whatever the config file will then say. */
function repeatCommand(settings: Settings, seed: number): string {
  const flags = Object.entries({ ...settings, seed })
    .filter(([key]) => key !== "out" && key !== "quiet")
    .flatMap(([key, value]) => {
      if (value === false || value === undefined) return [];
      if (value === true) return [asFlag(key)];
      return [asFlag(key), quoted(flagText(key, value))];
    });
  return ["npx bench run", ...flags].join(" ");
}

function flagText(key: string, value: string | number | readonly string[]): string {
  if (typeof value === "object") return value.join(",");
  return key === "duration" || key === "warmup" ? formatMs(Number(value)) : String(value);
}

function quoted(text: string): string {
  return /^[\w@:+=.,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Now, as a name for a folder: `2026-11-23T08-30-05`. */
function timeStamp(): string {
  return new Date().toISOString().slice(0, 19).replaceAll(":", "-");
}
