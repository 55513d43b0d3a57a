import type { Spread } from "../../scenarios/scenario.ts";
import { sum } from "../statistics/basics.ts";

/** Of which several can be added up. */
export interface MomentSums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/** Sums up values, so that their mean and their spread are known at the end. */
export class Moments {
  #count = 0;
  #sum = 0;
  #squares = 0;

  get count(): number {
    return this.#count;
  }

  reset(): void {
    this.#count = 0;
    this.#sum = 0;
    this.#squares = 0;
  }

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#squares += value * value;
  }

  sums(): MomentSums {
    return { count: this.#count, sum: this.#sum, squares: this.#squares };
  }
}

/** Of all values that several have summed up; zeros where there were none. */
export function spreadOf(parts: readonly MomentSums[]): Spread {
  const count = sum(parts.map((part) => part.count));
  if (count === 0) return { mean: 0, deviation: 0 };
  const mean = sum(parts.map((part) => part.sum)) / count;
  const square = sum(parts.map((part) => part.squares)) / count;
  return { mean, deviation: Math.sqrt(Math.max(0, square - mean * mean)) };
}
