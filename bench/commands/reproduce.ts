import { realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { sideBySide } from "../../reports/side-by-side.ts";
import { asFlag, parseSettings } from "../config.ts";
import { configOf } from "../configuration.ts";
import { BenchError } from "../errors.ts";
import { goalsOf } from "../goals.ts";
import { planRun } from "../plan.ts";
import { prepareFolder, readResults } from "../results/files.ts";
import { exitCodeOf, measure, proveNetwork, quoted, usualFolder } from "./measure.ts";

/** Flags as they were given, all still text. */
export type ReproduceFlags = Readonly<Record<string, unknown>>;

/**
 * `bench reproduce`: does again what led to a results file, with the same configuration and seed, and
 * lays the two side by side. Returns the exit code that the new run has.
 */
export async function reproduce(path: string, flags: ReproduceFlags): Promise<number> {
  const { out, quiet = false } = parseSettings(flags, asFlag, "bench reproduce");
  const then = await readResults(path);
  const naming = (key: string): string => `run.configuration.${key} in ${path}`;
  const config = configOf(then, { out, quiet }, naming);
  const agenda = { config, plan: planRun(config), goals: await goalsOf(config, naming) };
  if (config.netns) await proveNetwork(`run.netns in ${path}`);
  const folder = out ?? usualFolder();
  await prepareFolder(folder, out === undefined ? "--out (default)" : "--out");
  const folderThen = statSync(path).isDirectory() ? path : dirname(path);
  if (realpathSync(folder) === realpathSync(folderThen)) {
    throw new BenchError("usage", `--out: ${folder} holds the results that are to be reproduced`);
  }
  const command = `npx bench reproduce ${quoted(path)}`;
  const now = await measure(agenda, { folder, command, reports: true, open: false });
  if (!quiet) process.stdout.write(`\n${sideBySide(then, now)}\n`);
  return exitCodeOf(now);
}
