import { getHeapStatistics } from "node:v8";
import { residentBytes } from "../machine/kernel.ts";
import type { MemoryCourse as Course } from "../results/schema.ts";

/** What JavaScript holds, in the heap and in buffers. Not by `process.memoryUsage`, which takes a descriptor for resident memory. */
export function heapBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

/** Reads this process's memory again and again, garbage included. */
export class MemoryCourse {
  readonly #stepMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #resident: number[] = [];
  readonly #heap: number[] = [];

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
    this.#timer = setInterval(() => this.#read(), stepMs);
    this.#read();
  }

  end(): Course {
    clearInterval(this.#timer);
    this.#read();
    return { stepMs: this.#stepMs, residentBytes: this.#resident, heapBytes: this.#heap };
  }

  #read(): void {
    this.#resident.push(residentBytes() ?? 0);
    this.#heap.push(heapBytes());
  }
}
