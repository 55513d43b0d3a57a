import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pulse, pulseMs } from "./pulse.ts";

/** A process whose times the test says; in milliseconds. */
class Played {
  atMs = 1_000;
  cpuMs = 100;
  waitedMs = 50;
  readonly pulse = new Pulse({
    nowMs: () => this.atMs,
    cpuMs: () => this.cpuMs,
    waitedMs: () => this.waitedMs,
  });

  constructor() {
    this.pulse.begin();
  }

  /** Time passes, of which the process works a part and waits another. */
  pass(elapsedMs: number, { workMs = 0, waitMs = 0 } = {}): this {
    this.atMs += elapsedMs;
    this.cpuMs += workMs;
    this.waitedMs += waitMs;
    return this;
  }

  beat(): this {
    this.pulse.beat();
    return this;
  }
}

describe("a process that keeps a clock of itself", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  it("stands still for no longer than a beat when nothing stops it", () => {
    const played = new Played();
    for (let beats = 0; beats < 10; beats += 1) played.pass(pulseMs).beat();
    expect(played.pulse.standStill().longestMs).toBeCloseTo(pulseMs);
  });

  it.each([50, 100, 400, 1_000, 4_000])(
    "knows that it was stopped for %s ms, wherever between two beats that began",
    (stopMs) => {
      for (const workMs of [0, 10, pulseMs]) {
        const played = new Played().pass(pulseMs).beat();
        played.pass(Math.max(pulseMs, workMs + stopMs), { workMs }).beat();
        const { longestMs } = played.pulse.standStill();
        expect(longestMs).toBeGreaterThanOrEqual(stopMs);
        expect(longestMs).toBeLessThanOrEqual(stopMs + pulseMs);
      }
    },
  );

  it("didn't stand still when it was at work", () => {
    const played = new Played().pass(400, { workMs: 398 }).beat();
    expect(played.pulse.standStill().longestMs).toBeCloseTo(2);
    expect(played.pulse.latenessMs(1)).toBeCloseTo(400 - pulseMs, 0);
  });

  it("tells waiting for a processor from being stopped", () => {
    const played = new Played().pass(80, { waitMs: 60 }).beat().pass(50, { waitMs: 10 }).beat();
    expect(played.pulse.standStill()).toEqual({ longestMs: 80, stoppedMs: 40 });
  });

  it("doesn't take what it waited in ordinary beats for waiting in a long gap", () => {
    const played = new Played();
    for (let beats = 0; beats < 400; beats += 1) played.pass(pulseMs, { waitMs: 1 }).beat();
    played.pass(400).beat();
    expect(played.pulse.standStill().longestMs).toBe(400);
    expect(played.pulse.standStill().stoppedMs).toBeGreaterThanOrEqual(360);
  });

  it("sees a stop before the timer does that it kept from firing", () => {
    const played = new Played().pass(400);
    expect(played.pulse.standStill().longestMs).toBe(400);
  });

  it("forgets what was before it began anew", () => {
    const played = new Played().pass(400).beat();
    played.pulse.begin();
    expect(played.pulse.standStill().longestMs).toBe(0);
    expect(played.pulse.latenessMs(1)).toBe(0);
  });

  it("beats by itself until it is disposed of", () => {
    const played = new Played().pass(400);
    vi.advanceTimersByTime(pulseMs);
    played.pulse[Symbol.dispose]();
    played.pass(4_000);
    vi.advanceTimersByTime(4_000);
    expect(played.pulse.latenessMs(1)).toBeCloseTo(400 - pulseMs, 0);
  });
});

it("a thread that sleeps stands still, by the system's own clocks", () => {
  using pulse = new Pulse();
  const before = process.cpuUsage();
  pulse.begin();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  const { longestMs } = pulse.standStill();
  // What other threads of this process did meanwhile, such as collecting garbage, was work.
  const { user, system } = process.cpuUsage(before);
  expect(longestMs).toBeGreaterThanOrEqual(99 - (user + system) / 1_000);
  expect(longestMs).toBeGreaterThan(0);
});
