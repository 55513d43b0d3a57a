import type { Results } from "../results/schema.ts";
import { compareEnvironments } from "../verdict/environments.ts";

/** Tells machines apart as comparisons do: what can't be told apart counts as one. */
export class Machines {
  /** One run of each. */
  readonly #known: Results[] = [];

  /** The same number for runs of one machine, from 1. */
  numberOf(results: Results): number {
    const known = this.#known.findIndex((one) => compareEnvironments(one, results).sameMachine);
    return known >= 0 ? known + 1 : this.#known.push(results);
  }
}
