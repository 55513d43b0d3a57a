import { timeSpan } from "../text/format.ts";
import { brief } from "../../reports/markdown/escaped.ts";
import { visible } from "../text/visible.ts";
import type { Step } from "../plan/schedule.ts";
import type { Observer } from "../run/engine.ts";
import {
  batchMs,
  refineSlowness,
  machineSlowness,
  rehearseAll,
  slownessShown,
} from "../plan/duration.ts";
import type { RehearsedBatch } from "../plan/duration.ts";
import type { Batch, PlannedTrial } from "../plan/plan.ts";
import type { Trial } from "../results/schema.ts";
import { whyInvalid } from "../verdict/trials.ts";
import { sum } from "../statistics/basics.ts";

/** Where progress is written: standard error, so that the tables can be piped. */
export interface Screen {
  /** Whether a line may be written over. */
  readonly redraws: boolean;
  readonly columns: number;
  write(text: string): void;
}

/**
 * Tells how far a run is. Drawn by the director, which carries no traffic, and only between phases: on a
 * terminal in one line that is rewritten, elsewhere in a line for each trial.
 */
export class Progress implements Observer {
  readonly #screen: Screen;
  #total = 0;
  /** All that are known so far, and how many of them have ended. */
  readonly #batches: RehearsedBatch[] = [];
  #ended = 0;
  /** Of the present batch, those that have ended. */
  #inBatch: Trial[] = [];
  #trials = 0;
  /** Before anything was played. */
  readonly #guess: number;
  /** The slowness that each completed batch has shown. */
  readonly #slowness: number[] = [];
  #drawn = false;

  static async of(
    plan: readonly Batch[],
    screen: Screen,
    slowness: number = machineSlowness,
  ): Promise<Progress> {
    const progress = new Progress(screen, slowness);
    await progress.#add(plan);
    return progress;
  }

  private constructor(screen: Screen, slowness: number) {
    this.#screen = screen;
    this.#guess = slowness;
  }

  async grows({ why, batches }: Step): Promise<void> {
    await this.#add(batches);
    if (this.#screen.redraws) return;
    const aim =
      why === "precision" ? "for narrower intervals" : "to replace those that didn't count";
    const trials = batches.flat().length;
    const more = `${trials} more ${trials === 1 ? "trial" : "trials"}`;
    this.#screen.write(`[${this.#trials}/${this.#total}] ${more} ${aim}; ${this.#left()} left\n`);
  }

  phase({ scenario, variant, repetition }: PlannedTrial, name: string): void {
    if (!this.#screen.redraws) return;
    const place = `${scenario.name} · ${variant.name} · trial ${repetition} · ${name}`;
    this.#draw(`[${this.#trials}/${this.#total}] ${this.#left()} left · ${place}`);
  }

  trialEnds(trial: Trial): void {
    this.#trials += 1;
    this.#inBatch.push(trial);
    const size = this.#batches[this.#ended]?.length ?? 0;
    if (this.#inBatch.length === size) this.#batchEnds();
    if (this.#screen.redraws) return;
    const { scenario, variant, repetition, durationMs } = trial;
    const what = `${scenario} ${variant} trial ${repetition}: ${outcomeText(trial)}`;
    this.#screen.write(
      `[${this.#trials}/${this.#total}] ${what}, ${timeSpan(durationMs)}; ${this.#left()} left\n`,
    );
  }

  #batchEnds(): void {
    this.#learn(this.#inBatch);
    this.#ended += 1;
    this.#inBatch = [];
  }

  /** Takes the line away. */
  end(): void {
    if (this.#drawn) this.#screen.write("\r\u001B[2K");
  }

  async #add(batches: readonly Batch[]): Promise<void> {
    this.#total += batches.flat().length;
    this.#batches.push(...(await rehearseAll(batches)));
  }

  /**
   * Refines the slowness: a script's duration is known, but how long its processes take to start depends on the
   * machine.
   */
  #learn(trials: readonly Trial[]): void {
    const done = trials.every(
      ({ outcome: { status } }) => status === "valid" || status === "invalid",
    );
    if (!done) return;
    const slowness = slownessShown(this.#batches[this.#ended] ?? [], spanMs(trials));
    if (slowness !== null) this.#slowness.push(slowness);
  }

  #left(): string {
    const slowness = refineSlowness(this.#guess, this.#slowness);
    const [present = [], ...others] = this.#batches.slice(this.#ended);
    const presentMs = batchMs(present, slowness);
    const share = present.length === 0 ? 0 : 1 - this.#inBatch.length / present.length;
    return timeSpan(share * presentMs + sum(others.map((batch) => batchMs(batch, slowness))));
  }

  #draw(line: string): void {
    this.#drawn = true;
    this.#screen.write(`\r\u001B[2K${line.slice(0, this.#screen.columns - 1)}`);
  }
}

/**
 * The outcome of a trial and, if it doesn't count, the reason: a user shouldn't have to wait for the end to know.
 */
function outcomeText(trial: Trial): string {
  const { outcome } = trial;
  const why = outcome.status === "failed" ? outcome.reason : whyInvalid(trial).join(", ");
  return why === ""
    ? outcome.status
    : `${outcome.status} (${brief(visible(why), maxReasonLength)})`;
}

/** In characters. */
const maxReasonLength = 120;

/** From the first start to the last end. */
function spanMs(trials: readonly Trial[]): number {
  const starts = trials.map(({ startedAt }) => Date.parse(startedAt));
  const ends = trials.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs);
  return Math.max(...ends) - Math.min(...starts);
}
