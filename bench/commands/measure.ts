import { timeSpan } from "../text/format.ts";
import { machineNoteLine } from "../../reports/machine-notes.ts";
import type { Agenda } from "../plan/agenda.ts";
import type { Config } from "../settings/config.ts";
import { machineNotes } from "../doctor/notes.ts";
import { playRun } from "../run/engine.ts";
import type { Observer } from "../run/engine.ts";
import { planMs } from "../plan/duration.ts";
import { BenchError } from "../errors/errors.ts";
import { Interruption } from "./interruption.ts";
import { Network } from "../network/network.ts";
import { Progress } from "./progress.ts";
import { readResults, saveResults } from "../results/files.ts";
import type { MachineNote, Results } from "../results/schema.ts";
import { takesEscapes } from "../text/terminal.ts";
import { present } from "./present.ts";
import type { Presentation } from "./present.ts";

/** Plays what is on the agenda, with all that a user sees of it: progress, files, tables. */
export async function measure(agenda: Agenda, presentation: Presentation): Promise<Results> {
  const { config } = agenda;
  const results = await played(agenda, presentation);
  // As saved: a report that is made again later, from the file, is then the same to the letter.
  await present(await readResults(presentation.folder), presentation, config.quiet);
  return results;
}

/** Plays what is on the agenda, saving as it goes; all that a user sees of it is the progress. */
export async function played(
  agenda: Agenda,
  { folder, command, reports }: Pick<Presentation, "folder" | "command" | "reports">,
): Promise<Results> {
  const { config, plan } = agenda;
  const progress = config.quiet ? null : await Progress.of(plan, screen());
  const notes = await machineNotes(plan);
  if (progress !== null) {
    printNotes(notes.before);
    process.stderr.write(`${await headline(agenda, reports)}; results in ${folder}\n`);
  }
  using interruption = new Interruption();
  const results = await playRun(agenda, {
    command,
    notes,
    observer: progress ?? silent,
    save: (soFar) => saveResults(folder, soFar),
    signal: interruption.signal,
  });
  progress?.end();
  return results;
}

/** What of the machine will spoil figures, before anything is measured; beside the plan on standard output. */
export function printNotes(notes: readonly MachineNote[]): void {
  for (const note of notes) process.stderr.write(`${machineNoteLine(note)}\n`);
}

/** Makes a network like those of the trials, so that what is missing is told before anything starts. */
export async function proveNetwork(setting: string): Promise<void> {
  try {
    const network = await Network.open(1);
    await network[Symbol.asyncDispose]();
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    throw new BenchError(error.code, `${setting}: ${error.message}`);
  }
}

/** How much there is to play, and how long it takes. */
export async function headline({ config, plan }: Agenda, reports: boolean): Promise<string> {
  const totalMs = await planMs(plan, reports);
  const trials = plan.flat().length;
  return `${trials} ${trials === 1 ? "trial" : "trials"}, about ${timeSpan(totalMs)}${furtherText(config)}`;
}

function furtherText({ precision }: Config): string {
  if (precision === null) return "";
  const { targetPercent, timeLimitMs } = precision;
  return `, then more until ±${targetPercent} % or ${timeSpan(timeLimitMs)}`;
}

const silent: Observer = { phase: () => {}, grows: async () => {}, batchEnds: () => {} };

function screen(): { redraws: boolean; columns: number; write(text: string): void } {
  const { stderr } = process;
  return {
    redraws: takesEscapes(stderr),
    columns: stderr.columns ?? 80,
    write: (text) => void stderr.write(text),
  };
}
