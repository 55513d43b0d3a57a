import { PerformanceObserver, performance } from "node:perf_hooks";
import type { EventLoopUtilization } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { Resources } from "../results/schema.ts";
import { nowNs } from "./clock.ts";
import { coresOf } from "../machine/cores.ts";
import { cpuTicks, stealShare, throttledMs } from "../machine/host.ts";
import type { Ticks } from "../machine/host.ts";
import { residentBytes } from "../machine/kernel.ts";
import type { BusyWaitAccount } from "./pacer.ts";
import { StallDetector } from "./stall-detector.ts";
import type { Stall } from "./stall-detector.ts";
import { threadTime, threadTimeDiff } from "../machine/thread-time.ts";
import type { ThreadTime } from "../machine/thread-time.ts";

/** A rest at the end of a window that is shorter than this tells nothing about a second. */
const minRestMs = 500;

/** Measures what this process uses between `begin` and `end`, and what its host takes from it. */
export class ResourceMeter implements BusyWaitAccount {
  busyWaitNs = 0;
  readonly #process: Resources["process"];
  readonly #stalls = new StallDetector();
  #startNs = 0;
  #thread: ThreadTime | null = null;
  #cpu: NodeJS.CpuUsage = process.cpuUsage();
  #utilisation: EventLoopUtilization = performance.eventLoopUtilization();
  #gcMs = 0;
  #gcLongestMs = 0;
  #gcCount = 0;
  #ticks: Ticks | null = null;
  #throttledMs: number | null = null;
  #seconds: NodeJS.Timeout | undefined;
  #second = this.#reading();
  #busiest = 0;

  constructor(name: Resources["process"]) {
    this.#process = name;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        this.#gcMs += duration;
        this.#gcLongestMs = Math.max(this.#gcLongestMs, duration);
        this.#gcCount += 1;
      }
    }).observe({ entryTypes: ["gc"] });
  }

  begin(): void {
    this.busyWaitNs = 0;
    this.#gcMs = 0;
    this.#gcLongestMs = 0;
    this.#gcCount = 0;
    this.#startNs = nowNs();
    this.#ticks = cpuTicks();
    this.#throttledMs = throttledMs();
    this.#busiest = 0;
    this.#second = this.#reading();
    clearInterval(this.#seconds);
    this.#seconds = setInterval(() => this.#endSecond(), 1_000).unref();
    this.#stalls.begin();
    this.#thread = threadTime();
    this.#cpu = process.cpuUsage();
    this.#utilisation = performance.eventLoopUtilization();
  }

  /** The longest stall since `begin`; also called after `end`, when messages may still be on their way. */
  longestStall(): Stall {
    return this.#stalls.longestStall();
  }

  end(): Resources {
    clearInterval(this.#seconds);
    if (nowNs() - this.#second.atNs >= minRestMs * 1e6) this.#endSecond();
    const cpu = process.cpuUsage(this.#cpu);
    const { active } = performance.eventLoopUtilization(this.#utilisation);
    const durationMs = (nowNs() - this.#startNs) / 1e6;
    const busyWaitMs = this.busyWaitNs / 1e6;
    const utilisation = Math.max(0, active - busyWaitMs) / durationMs;
    const throttled = throttledMs();
    const thread = threadTimeDiff(this.#thread, threadTime());
    return {
      process: this.#process,
      durationMs,
      cpuMs: (cpu.user + cpu.system) / 1e3,
      systemMs: cpu.system / 1e3,
      turningMs: busyWaitMs,
      busiestThreadMs: thread === null ? null : thread.cpuNs / 1e6,
      cores: coresOf("self"),
      waitedMs: thread === null ? null : thread.waitedNs / 1e6,
      utilisation,
      busiestSecond: Math.max(this.#busiest, utilisation),
      stealShare: stealShare(this.#ticks, cpuTicks()),
      throttledMs:
        throttled === null || this.#throttledMs === null ? null : throttled - this.#throttledMs,
      rssBytes: residentBytes(),
      heapBytes: getHeapStatistics().used_heap_size,
      gcMs: this.#gcMs,
      gcLongestMs: this.#gcLongestMs,
      gcCount: this.#gcCount,
      loopDelayP99Ms: this.#stalls.latenessMs(0.99),
      loopDelayMaxMs: this.#stalls.latenessMs(1),
    };
  }
  #reading(): { atNs: number; busyWaitNs: number; utilisation: EventLoopUtilization } {
    const utilisation = performance.eventLoopUtilization();
    return { atNs: nowNs(), busyWaitNs: this.busyWaitNs, utilisation };
  }

  /** Ends a second of the timeline, which may be longer than a second where a busy event loop delayed it. */
  #endSecond(): void {
    const now = this.#reading();
    const { active } = performance.eventLoopUtilization(now.utilisation, this.#second.utilisation);
    const workMs = active - (now.busyWaitNs - this.#second.busyWaitNs) / 1e6;
    const elapsedMs = (now.atNs - this.#second.atNs) / 1e6;
    this.#busiest = Math.max(this.#busiest, workMs / elapsedMs);
    this.#second = now;
  }
}
