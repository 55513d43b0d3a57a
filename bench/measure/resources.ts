import { PerformanceObserver, monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { EventLoopUtilization, IntervalHistogram } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { Resources } from "../results/schema.ts";
import { nowNs } from "./clock.ts";
import { residentBytes } from "./kernel.ts";

/**
 * The event-loop delay is sampled this often, and each sample contains this much. A fifth of it would cost
 * an idle process 3 ms of processor time a second.
 */
const resolutionMs = 50;

/** What this process uses between `begin` and `end`. */
export class ResourceMeter {
  /** To be raised by whoever turns the event loop over, in nanoseconds. */
  turningNs = 0;
  readonly #process: Resources["process"];
  readonly #loopDelay: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });
  #startNs = 0;
  #cpu: NodeJS.CpuUsage = process.cpuUsage();
  #utilisation: EventLoopUtilization = performance.eventLoopUtilization();
  #gcMs = 0;
  #gcCount = 0;

  constructor(name: Resources["process"]) {
    this.#process = name;
    this.#loopDelay.enable();
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        this.#gcMs += duration;
        this.#gcCount += 1;
      }
    }).observe({ entryTypes: ["gc"] });
  }

  begin(): void {
    this.turningNs = 0;
    this.#gcMs = 0;
    this.#gcCount = 0;
    this.#loopDelay.reset();
    this.#startNs = nowNs();
    this.#cpu = process.cpuUsage();
    this.#utilisation = performance.eventLoopUtilization();
  }

  end(): Resources {
    const cpu = process.cpuUsage(this.#cpu);
    const { active } = performance.eventLoopUtilization(this.#utilisation);
    const durationMs = (nowNs() - this.#startNs) / 1e6;
    const turningMs = this.turningNs / 1e6;
    return {
      process: this.#process,
      durationMs,
      cpuMs: (cpu.user + cpu.system) / 1e3,
      turningMs,
      utilisation: Math.max(0, active - turningMs) / durationMs,
      rssBytes: residentBytes(),
      heapBytes: getHeapStatistics().used_heap_size,
      gcMs: this.#gcMs,
      gcCount: this.#gcCount,
      loopDelayP99Ms: Math.max(0, this.#loopDelay.percentile(99) / 1e6 - resolutionMs),
      loopDelayMaxMs: Math.max(0, this.#loopDelay.max / 1e6 - resolutionMs),
    };
  }
}
