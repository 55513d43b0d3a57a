import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Config } from "../settings/config.ts";
import { machineNotes } from "../doctor/notes.ts";
import { finished, newResults } from "../run/engine.ts";
import type { MachineNotes } from "../run/engine.ts";
import { cpuTicks } from "../machine/host.ts";
import { planRun } from "../plan/plan.ts";
import { saveResults } from "../results/files.ts";
import { prepareFolder } from "../files/folders.ts";
import type { Results, Trial } from "../results/schema.ts";
import type { ServerTarget } from "../settings/target.ts";
import type { Side } from "./session.ts";

/** The results of both sides, each in a folder of its own, and saved after every trial. */
export class SideResults {
  readonly baseline: Results;
  readonly candidate: Results;
  readonly #folder: string;
  readonly #ticksBefore: ReturnType<typeof cpuTicks>;
  readonly #notes: MachineNotes;

  private constructor(
    folder: string,
    baseline: Results,
    candidate: Results,
    ticksBefore: ReturnType<typeof cpuTicks>,
    notes: MachineNotes,
  ) {
    this.#folder = folder;
    this.baseline = baseline;
    this.candidate = candidate;
    this.#ticksBefore = ticksBefore;
    this.#notes = notes;
  }

  static async open(
    folder: string,
    config: Config,
    command: string,
    targets: Readonly<Record<Side, ServerTarget>>,
  ): Promise<SideResults> {
    const ticksBefore = cpuTicks();
    const session = randomUUID();
    const notes = await machineNotes(planRun(config));
    const ofSide = async (side: Side): Promise<Results> => {
      const results = await newResults({ ...config, target: targets[side] }, command, notes.before);
      results.run.pairing = { session, side, confirmsFrom: null };
      for (const cell of results.cells) cell.trials = 0;
      return results;
    };
    const sides = new SideResults(
      folder,
      await ofSide("baseline"),
      await ofSide("candidate"),
      ticksBefore,
      notes,
    );
    await prepareFolder(join(folder, "baseline"), "--out");
    await prepareFolder(join(folder, "candidate"), "--out");
    await sides.#save("baseline");
    await sides.#save("candidate");
    return sides;
  }

  /** Keeps a trial. How many there are to be isn't known before: as many as there are. */
  async add(side: Side, trial: Trial): Promise<void> {
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
    for (const side of ["baseline", "candidate"] as const) {
      const { pairing } = this[side].run;
      if (pairing !== null) pairing.confirmsFrom = repetition;
      await this.#save(side);
    }
  }

  async close(status: "complete" | "interrupted"): Promise<void> {
    for (const side of ["baseline", "candidate"] as const) {
      finished(this[side], status, this.#ticksBefore, this.#notes);
      await this.#save(side);
    }
  }

  #save(side: Side): Promise<void> {
    return saveResults(join(this.#folder, side), this[side]);
  }
}
