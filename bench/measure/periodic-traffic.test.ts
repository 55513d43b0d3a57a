import { describe, expect, it } from "vitest";
import { PeriodicTraffic, cycleOf } from "./periodic-traffic.ts";

/** A connection on which a ping of 8 bytes has its pong of 12 a little later, at each of these seconds. */
function pinged(...seconds: readonly number[]): PeriodicTraffic {
  const traffic = new PeriodicTraffic();
  for (const second of seconds) {
    traffic.record(second * 1_000, 8, 0);
    traffic.record(second * 1_000 + 3, 0, 12);
  }
  return traffic;
}

const ping = { down: 8, up: 12 };

describe("the cycle of an idle connection", () => {
  it.each([
    [[7, 27], 27.2, { cycleMs: 20_000, cycles: 1, bytes: ping }],
    [[7, 27], 46.9, { cycleMs: 20_000, cycles: 1, bytes: ping }],
    [[0, 20, 40, 60], 79, { cycleMs: 20_000, cycles: 3, bytes: ping }],
    // Whose pong may still be missing.
    [[7, 27], 27.05, { cycleMs: null, cycles: 0, bytes: { down: 16, up: 24 } }],
    [[7], 40, { cycleMs: null, cycles: 0, bytes: ping }],
    [[], 40, { cycleMs: null, cycles: 0, bytes: { down: 0, up: 0 } }],
  ])("with pings after %j s, looked at after %d s, is %j", (seconds, now, cycle) => {
    expect(pinged(...seconds).cycle(now * 1_000)).toEqual(cycle);
  });

  it("is the stretch itself where bursts follow too closely to be told apart", () => {
    const traffic = new PeriodicTraffic();
    for (let ms = 0; ms <= 2_000; ms += 20) traffic.record(ms, 2, 0);
    expect(traffic.cycle(2_001)).toEqual({
      cycleMs: 2_000,
      cycles: 1,
      bytes: { down: 202, up: 0 },
    });
  });

  it("begins again with each phase", () => {
    const traffic = pinged(1, 2, 3);
    traffic.reset();
    expect(traffic.lastMs).toBeNull();
    expect(traffic.cycle(9_000).cycleMs).toBeNull();
  });

  it("is known of several when each has repeated itself", () => {
    const all = [pinged(1, 21), pinged(3, 23, 43)].map((connection) => connection.cycle(44_000));
    expect(cycleOf(all)).toEqual({ cycleMs: 20_000, cycles: 1, bytes: ping });
    const some = [pinged(1, 21), pinged(3)].map((connection) => connection.cycle(44_000));
    expect(cycleOf(some)).toMatchObject({ cycleMs: null, cycles: 0 });
    expect(cycleOf([])).toEqual({ cycleMs: null, cycles: 0, bytes: { down: 0, up: 0 } });
  });
});
