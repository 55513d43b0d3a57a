import { timeSpan } from "../text/format.ts";
import { machineNoteLine } from "../../reports/heading.ts";
import type { RunSchedule } from "../plan/schedule.ts";
import type { Config } from "../settings/config.ts";
import { machineNotes } from "../doctor/notes.ts";
import type { MachineNotes } from "../run/run-record.ts";
import { playRun } from "../run/engine.ts";
import type { Observer, RunOptions } from "../run/engine.ts";
import { planMs } from "../plan/duration.ts";
import { Interruption } from "./interruption.ts";
import { Progress } from "./progress.ts";
import { saveResults } from "../results/files.ts";
import type { MachineNote, Results } from "../results/schema.ts";
import { takesEscapes } from "../text/terminal.ts";

export interface Measuring {
  /** Where results go. */
  readonly folder: string;
  /** That repeats the run. */
  readonly command: string;
  /** Whether reports are made of it at its end, which takes time. */
  readonly reports: boolean;
  /** See `RunOptions`. */
  readonly elsewhere?: RunOptions["elsewhere"];
}

/** Plays a schedule, and saves after each trial; a user sees only the progress. */
export async function measure(
  schedule: RunSchedule,
  { folder, command, reports, elsewhere }: Measuring,
): Promise<Results> {
  const { config, plan } = schedule;
  const progress = config.quiet ? null : await Progress.of(plan, screen());
  // What distorts figures here has nothing to do with those of other machines.
  const notes = elsewhere === undefined ? await machineNotes(plan) : noNotes;
  if (progress !== null) {
    printNotes(notes.before);
    for (const why of config.leftOut) process.stderr.write(`left out: ${why}\n`);
    process.stderr.write(`${await headline(schedule, reports)}; results in ${folder}\n`);
  }
  using interruption = new Interruption();
  const results = await playRun(schedule, {
    command,
    notes,
    observer: progress ?? silent,
    elsewhere,
    save: (soFar) => saveResults(folder, soFar),
    signal: interruption.signal,
  });
  progress?.end();
  return results;
}

/** Prints what will distort figures on this machine, on standard error, before anything is measured. */
export function printNotes(notes: readonly MachineNote[]): void {
  for (const note of notes) process.stderr.write(`${machineNoteLine(note)}\n`);
}

/** How much there is to play, and how long it takes. */
export async function headline({ config, plan }: RunSchedule, reports: boolean): Promise<string> {
  const totalMs = await planMs(plan, reports);
  const trials = plan.flat().length;
  return `${trials} ${trials === 1 ? "trial" : "trials"}, about ${timeSpan(totalMs)}${furtherText(config)}`;
}

function furtherText({ precision }: Config): string {
  if (precision === null) return "";
  const { targetPercent, timeLimitMs } = precision;
  return `, then more until ±${targetPercent} % or ${timeSpan(timeLimitMs)}`;
}

const noNotes: MachineNotes = { before: [], after: () => [] };

const silent: Observer = { phase: () => {}, grows: async () => {}, trialEnds: () => {} };

function screen(): { redraws: boolean; columns: number; write(text: string): void } {
  const { stderr } = process;
  return {
    redraws: takesEscapes(stderr),
    columns: stderr.columns ?? 80,
    write: (text) => void stderr.write(text),
  };
}
