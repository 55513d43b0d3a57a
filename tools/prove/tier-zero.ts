import { join } from "node:path";
import type { Fault } from "../../bench/settings/fault.ts";
import { bench, comparisonIn } from "./bench-command.ts";
import type { Came } from "./bench-command.ts";
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

  /** Stores the baseline; throws where that fails. */
  async update(): Promise<void> {
    const out = join(this.#folder, "updated");
    const { code, complaint } = await bench(["check", "--update", ...this.#what, "--out", out]);
    if (code !== 0) throw new Error(`bench check --update ended with ${code}: ${complaint}`);
  }

  /** Checks against it; `name` is that of the folder for its results. */
  async play(
    name: string,
    fault: Fault | null = null,
  ): Promise<{ came: Came; comparison: Comparison | null }> {
    const out = join(this.#folder, name);
    const came = await bench(["check", ...this.#what, "--out", out], fault);
    return { came, comparison: await comparisonIn(out) };
  }
}
