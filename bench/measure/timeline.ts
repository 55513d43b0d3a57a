import type { Timeline } from "../results/schema.ts";

/** A longer phase has wider slices, each twice as wide as before. */
const maxSlices = 128;
const narrowestMs = 100;

interface Slice {
  count: number;
  sumNs: number;
  maxNs: number;
}

/** Sums of latency over a phase, by the time at which messages were due. */
export class TimelineRecorder {
  #sliceNs: number = narrowestMs * 1e6;
  readonly #counts = new Float64Array(maxSlices);
  readonly #sums = new Float64Array(maxSlices);
  readonly #maxima = new Float64Array(maxSlices);
  #used = 0;

  /** On the hot path. `atNs` counts from the start of the phase; both are nanoseconds. */
  record(atNs: number, durationNs: number): void {
    let index = Math.max(0, Math.floor(atNs / this.#sliceNs));
    while (index >= maxSlices) {
      this.#widen();
      index = Math.floor(atNs / this.#sliceNs);
    }
    if (index >= this.#used) this.#used = index + 1;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sums[index] = (this.#sums[index] ?? 0) + durationNs;
    if (durationNs > (this.#maxima[index] ?? 0)) this.#maxima[index] = durationNs;
  }

  reset(): void {
    this.#sliceNs = narrowestMs * 1e6;
    this.#clear(0);
    this.#used = 0;
  }

  recorded(): Timeline {
    const slices = Array.from({ length: this.#used }, (_, index) => this.#slice(index));
    return timelineOf(this.#sliceNs, slices);
  }

  #slice(index: number): Slice {
    return {
      count: this.#counts[index] ?? 0,
      sumNs: this.#sums[index] ?? 0,
      maxNs: this.#maxima[index] ?? 0,
    };
  }

  #widen(): void {
    const pairs = joined(Array.from({ length: maxSlices }, (_, index) => this.#slice(index)));
    for (const [index, { count, sumNs, maxNs }] of pairs.entries()) {
      this.#counts[index] = count;
      this.#sums[index] = sumNs;
      this.#maxima[index] = maxNs;
    }
    this.#clear(pairs.length);
    this.#used = Math.ceil(this.#used / 2);
    this.#sliceNs *= 2;
  }

  #clear(from: number): void {
    for (const values of [this.#counts, this.#sums, this.#maxima]) values.fill(0, from);
  }
}

/** Several processes' timelines of one phase in one. */
export function mergeTimelines(parts: readonly Timeline[]): Timeline {
  const sliceMs = Math.max(narrowestMs, ...parts.map((part) => part.sliceMs));
  const merged: Slice[] = [];
  for (const part of parts) {
    let slices = part.slices.map(sliceOf);
    for (let width = part.sliceMs; width < sliceMs; width *= 2) slices = joined(slices);
    for (const [index, slice] of slices.entries()) merged[index] = sum(merged[index], slice);
  }
  return timelineOf(sliceMs * 1e6, merged);
}

function timelineOf(sliceNs: number, slices: readonly Slice[]): Timeline {
  return {
    sliceMs: sliceNs / 1e6,
    slices: slices.map(({ count, sumNs, maxNs }) => ({
      count,
      meanNs: count === 0 ? null : sumNs / count,
      maxNs: count === 0 ? null : maxNs,
    })),
  };
}

function sliceOf({ count, meanNs, maxNs }: Timeline["slices"][number]): Slice {
  return { count, sumNs: count * (meanNs ?? 0), maxNs: maxNs ?? 0 };
}

/** Slices of twice the width. */
function joined(slices: readonly Slice[]): Slice[] {
  const pairs = Math.ceil(slices.length / 2);
  return Array.from({ length: pairs }, (_, index) =>
    sum(slices[2 * index], slices[2 * index + 1] ?? nothing),
  );
}

const nothing: Slice = { count: 0, sumNs: 0, maxNs: 0 };

function sum(a: Slice = nothing, b: Slice = nothing): Slice {
  return {
    count: a.count + b.count,
    sumNs: a.sumNs + b.sumNs,
    maxNs: Math.max(a.maxNs, b.maxNs),
  };
}
