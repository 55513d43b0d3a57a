import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StallDetector, tickMs } from "./stall-detector.ts";

/** A process whose times the test says; in milliseconds. */
class Played {
  atMs = 1_000;
  cpuMs = 100;
  waitedMs = 50;
  readonly detector = new StallDetector({
    nowMs: () => this.atMs,
    cpuMs: () => this.cpuMs,
    waitedMs: () => this.waitedMs,
  });

  constructor() {
    this.detector.begin();
  }

  /** Time passes, of which the process works a part and waits another. */
  pass(elapsedMs: number, { workMs = 0, waitMs = 0 } = {}): this {
    this.atMs += elapsedMs;
    this.cpuMs += workMs;
    this.waitedMs += waitMs;
    return this;
  }

  tick(): this {
    this.detector.tick();
    return this;
  }
}

describe("a process that keeps a clock of itself", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  it("stalls for no longer than a tick when nothing stops it", () => {
    const played = new Played();
    for (let ticks = 0; ticks < 10; ticks += 1) played.pass(tickMs).tick();
    expect(played.detector.longestStall().longestMs).toBeCloseTo(tickMs);
  });

  it.each([50, 100, 400, 1_000, 4_000])(
    "knows that it was stopped for %s ms, wherever between two ticks that began",
    (stopMs) => {
      for (const workMs of [0, 10, tickMs]) {
        const played = new Played().pass(tickMs).tick();
        played.pass(Math.max(tickMs, workMs + stopMs), { workMs }).tick();
        const { longestMs } = played.detector.longestStall();
        expect(longestMs).toBeGreaterThanOrEqual(stopMs);
        expect(longestMs).toBeLessThanOrEqual(stopMs + tickMs);
      }
    },
  );

  it("didn't stall when it was at work", () => {
    const played = new Played().pass(400, { workMs: 398 }).tick();
    expect(played.detector.longestStall().longestMs).toBeCloseTo(2);
    expect(played.detector.latenessMs(1)).toBeCloseTo(400 - tickMs, 0);
  });

  it("tells waiting for a processor from being stopped", () => {
    const played = new Played().pass(80, { waitMs: 60 }).tick().pass(50, { waitMs: 10 }).tick();
    expect(played.detector.longestStall()).toEqual({ longestMs: 80, stoppedMs: 40 });
  });

  it("doesn't take what it waited in ordinary ticks for waiting in a long gap", () => {
    const played = new Played();
    for (let ticks = 0; ticks < 400; ticks += 1) played.pass(tickMs, { waitMs: 1 }).tick();
    played.pass(400).tick();
    expect(played.detector.longestStall().longestMs).toBe(400);
    expect(played.detector.longestStall().stoppedMs).toBeGreaterThanOrEqual(360);
  });

  it("sees a stop before the timer does that it kept from firing", () => {
    const played = new Played().pass(400);
    expect(played.detector.longestStall().longestMs).toBe(400);
  });

  it("forgets what was before it began again", () => {
    const played = new Played().pass(400).tick();
    played.detector.begin();
    expect(played.detector.longestStall().longestMs).toBe(0);
    expect(played.detector.latenessMs(1)).toBe(0);
  });

  it("ticks by itself until it is disposed of", () => {
    const played = new Played().pass(400);
    vi.advanceTimersByTime(tickMs);
    played.detector[Symbol.dispose]();
    played.pass(4_000);
    vi.advanceTimersByTime(4_000);
    expect(played.detector.latenessMs(1)).toBeCloseTo(400 - tickMs, 0);
  });
});

it("a thread that sleeps has stalled, by the system's own clocks", () => {
  using detector = new StallDetector();
  const before = process.cpuUsage();
  detector.begin();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  const { longestMs } = detector.longestStall();
  // What other threads of this process did meanwhile, such as collecting garbage, was work.
  const { user, system } = process.cpuUsage(before);
  expect(longestMs).toBeGreaterThanOrEqual(99 - (user + system) / 1_000);
  expect(longestMs).toBeGreaterThan(0);
});
