import { join } from "node:path";
import type { Fault } from "../../bench/settings/fault.ts";
import { bench, comparisonIn } from "./bench-command.ts";
import type { CommandResult } from "./bench-command.ts";
import type { Comparison } from "../../bench/results/comparison.ts";

/** A check against a stored baseline, of what is counted. */
export class CountedCheck {
  readonly #folder: string;
  readonly #what: readonly string[];

  /** `transports` and `scenarios` as `bench check` takes them. */
  constructor(folder: string, transports: string, scenarios: string) {
    this.#folder = folder;
    this.#what = [
      "--transports",
      transports,
      "--scenarios",
      scenarios,
      "--quiet",
      "--baseline",
      join(folder, "bench.baseline.json"),
    ];
  }

  /** Saves the baseline; throws an `Error` with the last line that was printed where that fails. */
  async update(): Promise<void> {
    const out = join(this.#folder, "updated");
    const { code, lastLine } = await bench(["check", "--update", ...this.#what, "--out", out]);
    if (code !== 0) throw new Error(`bench check --update ended with ${code}: ${lastLine}`);
  }

  /** Checks against it; `name` is that of the folder for its results. */
  async play(
    name: string,
    fault: Fault | null = null,
  ): Promise<{ result: CommandResult; comparison: Comparison | null }> {
    const out = join(this.#folder, name);
    const result = await bench(["check", ...this.#what, "--out", out], fault);
    return { result, comparison: await comparisonIn(out) };
  }
}
