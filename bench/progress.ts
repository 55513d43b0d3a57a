import { timeSpan } from "../reports/format.ts";
import type { Observer } from "./engine.ts";
import type { Batch, PlannedTrial } from "./plan.ts";
import { rehearse } from "./rehearsal.ts";
import type { Trial } from "./results/schema.ts";

/** Where progress is written: standard error, so that the tables can be piped. */
export interface Screen {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

/**
 * Tells how far a run is. Drawn by the director, which carries no traffic, and only between phases: on a
 * terminal in one line that is rewritten, elsewhere in a line for each trial.
 */
export class Progress implements Observer {
  readonly #screen: Screen;
  readonly #total: number;
  /** Estimated milliseconds left at the start of each batch, and 0 after the last. */
  readonly #leftMs: readonly number[];
  #batches = 0;
  #trials = 0;
  #drawn = false;

  static async of(plan: readonly Batch[], screen: Screen): Promise<Progress> {
    const durations = await Promise.all(plan.map(batchMs));
    const leftMs = [0];
    for (const duration of durations.toReversed()) leftMs.unshift(duration + (leftMs[0] ?? 0));
    return new Progress(plan.flat().length, leftMs, screen);
  }

  private constructor(total: number, leftMs: readonly number[], screen: Screen) {
    this.#total = total;
    this.#leftMs = leftMs;
    this.#screen = screen;
  }

  phase({ scenario, variant, repetition }: PlannedTrial, name: string): void {
    if (!this.#screen.isTTY) return;
    const place = `${scenario.name} · ${variant.name} · trial ${repetition} · ${name}`;
    this.#draw(`[${this.#trials}/${this.#total}] ${this.#left()} left · ${place}`);
  }

  batchEnds(trials: readonly Trial[]): void {
    this.#batches += 1;
    for (const { scenario, variant, repetition, outcome, durationMs } of trials) {
      this.#trials += 1;
      if (this.#screen.isTTY) continue;
      const what = `${scenario} ${variant} trial ${repetition}: ${outcome.status}`;
      this.#screen.write(
        `[${this.#trials}/${this.#total}] ${what}, ${timeSpan(durationMs)}; ${this.#left()} left\n`,
      );
    }
  }

  /** Takes the line away. */
  end(): void {
    if (this.#drawn) this.#screen.write("\r\u001B[2K");
  }

  #left(): string {
    return timeSpan(this.#leftMs[this.#batches] ?? 0);
  }

  #draw(line: string): void {
    this.#drawn = true;
    this.#screen.write(`\r\u001B[2K${line.slice(0, this.#screen.columns - 1)}`);
  }
}

/** Trials of a batch take turns, and wait side by side. */
export async function batchMs(batch: Batch): Promise<number> {
  const rehearsals = await Promise.all(batch.map(rehearse));
  let busyMs = 0;
  let endMs = 0;
  for (const rehearsal of rehearsals) {
    busyMs += rehearsal.busyMs;
    endMs = Math.max(endMs, busyMs + rehearsal.idleMs);
  }
  return endMs;
}
