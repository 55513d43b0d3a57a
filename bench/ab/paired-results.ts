import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Config } from "../settings/config.ts";
import { machineNotes } from "../doctor/notes.ts";
import { finishResults, newResults } from "../run/run-record.ts";
import type { MachineNotes } from "../run/run-record.ts";
import { cpuTicks } from "../machine/host.ts";
import type { Ticks } from "../machine/host.ts";
import { planRun } from "../plan/plan.ts";
import { saveResults } from "../results/files.ts";
import { prepareFolder } from "../files/folders.ts";
import type { Results, Trial } from "../results/schema.ts";
import type { ServerTarget } from "../settings/target.ts";
import { sides } from "./session.ts";
import type { SideName } from "./session.ts";

/** The results of both sides, each in a folder of its own, and saved after every trial. */
export class PairedResults {
  readonly baseline: Results;
  readonly candidate: Results;
  readonly #folder: string;
  /** The state of the machine before the first trial. */
  readonly #before: { readonly ticks: Ticks | null; readonly notes: MachineNotes };

  private constructor(
    folder: string,
    { baseline, candidate }: Readonly<Record<SideName, Results>>,
    before: { readonly ticks: Ticks | null; readonly notes: MachineNotes },
  ) {
    this.#folder = folder;
    this.baseline = baseline;
    this.candidate = candidate;
    this.#before = before;
  }

  static async open(
    folder: string,
    config: Config,
    command: string,
    targets: Readonly<Record<SideName, ServerTarget>>,
  ): Promise<PairedResults> {
    const before = { ticks: cpuTicks(), notes: await machineNotes(planRun(config)) };
    const session = randomUUID();
    const { notes } = before;
    const ofSide = async (side: SideName): Promise<Results> => {
      const results = await newResults({ ...config, target: targets[side] }, command, notes.before);
      results.run.pairing = { session, side, confirmsFrom: null };
      for (const cell of results.cells) cell.trials = 0;
      await prepareFolder(join(folder, side), "--out");
      return results;
    };
    const both = { baseline: await ofSide("baseline"), candidate: await ofSide("candidate") };
    const paired = new PairedResults(folder, both, before);
    for (const side of sides) await paired.#save(side);
    return paired;
  }

  /** Keeps a trial. How many there are to be isn't known before: as many as there are. */
  async add(side: SideName, trial: Trial): Promise<void> {
    const results = this[side];
    results.trials.push(trial);
    const cell = results.cells.find(
      ({ variant, scenario }) => variant === trial.variant && scenario === trial.scenario,
    );
    if (cell !== undefined) cell.trials = Math.max(cell.trials, trial.repetition);
    await this.#save(side);
  }

  /** From this repetition on pairs confirm what was suspected before. */
  async confirmFrom(repetition: number): Promise<void> {
    for (const side of sides) {
      const { pairing } = this[side].run;
      if (pairing !== null) pairing.confirmsFrom = repetition;
      await this.#save(side);
    }
  }

  async close(status: "complete" | "interrupted"): Promise<void> {
    for (const side of sides) {
      finishResults(this[side], status, this.#before.ticks, this.#before.notes);
      await this.#save(side);
    }
  }

  #save(side: SideName): Promise<void> {
    return saveResults(join(this.#folder, side), this[side]);
  }
}
