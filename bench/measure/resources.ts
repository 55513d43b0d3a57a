import { PerformanceObserver, monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { EventLoopUtilization, IntervalHistogram } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { Resources } from "../results/schema.ts";
import { nowNs } from "./clock.ts";
import { cpuTicks, stealShare, throttledMs } from "./host.ts";
import type { Ticks } from "./host.ts";
import { residentBytes } from "./kernel.ts";
import type { TurningAccount } from "./pacer.ts";

/**
 * The event-loop delay is sampled this often, and each sample contains this much. A fifth of it would cost
 * an idle process 3 ms of processor time a second.
 */
const resolutionMs = 50;

/** A rest at the end of a window that is shorter than this tells nothing about a second. */
const leastRestMs = 500;

/** What this process uses between `begin` and `end`, and what its host takes from it. */
export class ResourceMeter implements TurningAccount {
  turningNs = 0;
  readonly #process: Resources["process"];
  readonly #loopDelay: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });
  #startNs = 0;
  #cpu: NodeJS.CpuUsage = process.cpuUsage();
  #utilisation: EventLoopUtilization = performance.eventLoopUtilization();
  #gcMs = 0;
  #gcCount = 0;
  #ticks: Ticks | null = null;
  #throttledMs: number | null = null;
  #seconds: NodeJS.Timeout | undefined;
  #second = this.#reading();
  #busiest = 0;

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
    this.#ticks = cpuTicks();
    this.#throttledMs = throttledMs();
    this.#busiest = 0;
    this.#second = this.#reading();
    clearInterval(this.#seconds);
    this.#seconds = setInterval(() => this.#endSecond(), 1_000).unref();
    this.#cpu = process.cpuUsage();
    this.#utilisation = performance.eventLoopUtilization();
  }

  end(): Resources {
    clearInterval(this.#seconds);
    if (nowNs() - this.#second.atNs >= leastRestMs * 1e6) this.#endSecond();
    const cpu = process.cpuUsage(this.#cpu);
    const { active } = performance.eventLoopUtilization(this.#utilisation);
    const durationMs = (nowNs() - this.#startNs) / 1e6;
    const turningMs = this.turningNs / 1e6;
    const utilisation = Math.max(0, active - turningMs) / durationMs;
    const throttled = throttledMs();
    return {
      process: this.#process,
      durationMs,
      cpuMs: (cpu.user + cpu.system) / 1e3,
      turningMs,
      utilisation,
      busiestSecond: Math.max(this.#busiest, utilisation),
      stealShare: stealShare(this.#ticks, cpuTicks()),
      throttledMs:
        throttled === null || this.#throttledMs === null ? null : throttled - this.#throttledMs,
      rssBytes: residentBytes(),
      heapBytes: getHeapStatistics().used_heap_size,
      gcMs: this.#gcMs,
      gcCount: this.#gcCount,
      loopDelayP99Ms: Math.max(0, this.#loopDelay.percentile(99) / 1e6 - resolutionMs),
      loopDelayMaxMs: Math.max(0, this.#loopDelay.max / 1e6 - resolutionMs),
    };
  }
  #reading(): { atNs: number; turningNs: number; utilisation: EventLoopUtilization } {
    const utilisation = performance.eventLoopUtilization();
    return { atNs: nowNs(), turningNs: this.turningNs, utilisation };
  }

  /** Of a second that a busy loop has stretched, all of it counts. */
  #endSecond(): void {
    const now = this.#reading();
    const { active } = performance.eventLoopUtilization(now.utilisation, this.#second.utilisation);
    const workMs = active - (now.turningNs - this.#second.turningNs) / 1e6;
    const elapsedMs = (now.atNs - this.#second.atNs) / 1e6;
    this.#busiest = Math.max(this.#busiest, workMs / elapsedMs);
    this.#second = now;
  }
}
