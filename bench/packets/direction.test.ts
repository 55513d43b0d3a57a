import { describe, expect, it } from "vitest";
import { Direction } from "./direction.ts";
import { PacketPool, none } from "./packet-pool.ts";
import { unimpaired } from "../settings/network-profile.ts";
import type { DirectionProfile } from "../settings/network-profile.ts";

const ms = 1e6;

/** A direction that is played by an injected clock, and numbers the packets that come in. */
class Played {
  readonly #pool: PacketPool;
  readonly direction: Direction;
  #numbers = 0;

  constructor(profile: Partial<DirectionProfile>, { seed = 1, capacity = 1_000 } = {}) {
    this.#pool = new PacketPool(capacity);
    this.direction = new Direction(this.#pool, { ...unimpaired, ...profile }, seed, 0);
  }

  /** Packets of 1 000 bytes come in; returns which were kept. */
  arrive(atMs: number, count = 1): number[] {
    const kept: number[] = [];
    for (let packet = 0; packet < count; packet += 1) {
      this.#numbers += 1;
      const place = this.#pool.take();
      if (this.direction.arrive(place, 1_000, atMs * ms)) kept.push(this.#numbers);
      else this.#pool.give(place);
    }
    return kept;
  }

  /** The numbers of the packets that have left by then. */
  left(atMs: number): number[] {
    const numbers: number[] = [];
    for (;;) {
      const place = this.direction.take(atMs * ms);
      if (place === none) return numbers;
      numbers.push(this.#pool.numbers[place] ?? 0);
      this.#pool.give(place);
    }
  }

  get nextMs(): number {
    return this.direction.nextNs() / ms;
  }
}

const numbersTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe("a direction of a packet network", () => {
  it("forwards at once what it needn't delay", () => {
    const played = new Played({});
    played.arrive(5, 3);
    expect(played.left(5)).toEqual([1, 2, 3]);
    expect(played.nextMs).toBe(Number.POSITIVE_INFINITY);
  });

  it("delays each packet for so long, and no longer", () => {
    const played = new Played({ delayMs: 25 });
    played.arrive(0);
    played.arrive(10);
    expect(played.nextMs).toBe(25);
    expect(played.left(24.999)).toEqual([]);
    expect(played.left(25)).toEqual([1]);
    expect(played.left(37)).toEqual([2]);
    expect(played.direction.books()).toMatchObject({ lateMs: 2, longestLateMs: 2 });
  });

  it.each(["uniform", "exponential"] as const)("adds %s jitter, in order", (jitterShape) => {
    const [delays, left]: [number[], number[]] = [[], []];
    const played = new Played({ delayMs: 10, jitterMs: 5, jitterShape });
    for (let packet = 0; packet < 2_000; packet += 1) {
      // So far apart that none has to wait for the one before.
      played.arrive(packet * 100);
      delays.push(played.nextMs - packet * 100);
      left.push(...played.left(packet * 100 + 99));
    }
    expect(left).toEqual(numbersTo(2_000));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(10);
    // Standard deviations are 2.9 and 5: four standard errors of 2 000 are 0.26 and 0.45.
    expect(Math.abs(delays.reduce((sum, delay) => sum + delay) / 2_000 - 15)).toBeLessThan(0.45);
    const close = new Played({ delayMs: 10, jitterMs: 5, jitterShape });
    for (let atMs = 0; atMs < 20_200; atMs += 1) {
      if (atMs < 20_000) close.arrive(atMs);
      close.left(atMs);
    }
    const { delayMs: sum, packetsOut, reordered } = close.direction.books();
    expect({ packetsOut, reordered }).toEqual({ packetsOut: 20_000, reordered: 0 });
    // It changed a thousand times: four standard errors are 0.64, and waiting for late ones adds 2 %. Packets leave
    // here on whole milliseconds.
    expect(Math.abs(sum / 20_000 - 15.6)).toBeLessThan(0.8);
  });

  it("begins anew with the same draws, and the same period of outages", () => {
    const loss = { kind: "random", probability: 0.5 } as const;
    const played = new Played({ loss, outages: { everyMs: 100, forMs: 50 } });
    const kept = played.arrive(0, 20);
    played.left(40);
    played.direction.begin(1, 70 * ms);
    expect(played.arrive(70, 20).map((number) => number - 20)).toEqual(kept);
    // After 50 ms, and not at 100, where the first period would have had its outage behind it.
    played.left(119);
    played.arrive(120, 20);
    expect(played.left(169)).toEqual([]);
    expect(played.left(170)).not.toEqual([]);
    expect(played.direction.books().longestDelayMs).toBe(50);
  });

  it("reorders when it is asked to, and counts what came late", () => {
    const played = new Played({ delayMs: 1, reorder: 0.1, reorderByMs: 5 });
    for (let packet = 0; packet < 500; packet += 1) played.arrive(packet);
    const left = played.left(1_000);
    expect(left.toSorted((a, b) => a - b)).toEqual(numbersTo(500));
    const late = left.filter((number, index) =>
      left.slice(0, index).some((other) => other > number),
    );
    expect(played.direction.books().reordered).toBe(late.length);
    // Four standard errors: sqrt(500 × 0.1 × 0.9) is 6.7.
    expect(Math.abs(late.length - 50)).toBeLessThan(27);
  });

  it("sends no faster than its bandwidth, and drops what its queue has no room for", () => {
    // 1 000 bytes take 8 ms.
    const played = new Played({ bitsPerSecond: 1e6, queueBytes: 5_000 });
    expect(played.arrive(0, 8)).toEqual([1, 2, 3, 4, 5]);
    expect([8, 15.999, 16].map((at) => played.left(at))).toEqual([[1], [], [2]]);
    // Three are left there: there is room for two.
    expect(played.arrive(16, 3)).toEqual([9, 10]);
    expect(played.left(56)).toEqual([3, 4, 5, 9, 10]);
    const { packetsIn, packetsOut, bytesOut, overflowed, longestQueueBytes } =
      played.direction.books();
    expect({ packetsIn, packetsOut, bytesOut, overflowed, longestQueueBytes }).toEqual({
      packetsIn: 11,
      packetsOut: 7,
      bytesOut: 7_000,
      overflowed: 4,
      longestQueueBytes: 5_000,
    });
  });

  it("stays busy with what it sends when it changes", () => {
    const played = new Played({ bitsPerSecond: 1e6 });
    played.arrive(0, 2);
    played.direction.set({ ...unimpaired, bitsPerSecond: 8e6 }, 0);
    played.arrive(0);
    expect(played.left(16)).toEqual([1, 2]);
    expect(played.left(17)).toEqual([3]);
  });

  it("lets what is on its way keep its delay, and its order, when that becomes shorter", () => {
    const played = new Played({ delayMs: 100 });
    played.arrive(0);
    played.direction.set(unimpaired, 10 * ms);
    played.arrive(10);
    expect(played.left(99)).toEqual([]);
    expect(played.left(100)).toEqual([1, 2]);
  });

  it("forwards nothing while it is stalled, and then goes on as if nothing had been", () => {
    const played = new Played({ bitsPerSecond: 1e6, queueBytes: 5_000, delayMs: 10 });
    played.arrive(0);
    played.direction.stall(true, 5 * ms);
    expect(played.nextMs).toBe(Number.POSITIVE_INFINITY);
    // The first is being sent: 3 ms of its 8 are left.
    expect(played.arrive(500, 6)).toEqual([2, 3, 4, 5]);
    expect(played.left(1_000)).toEqual([]);
    played.direction.stall(false, 1_005 * ms);
    expect(played.nextMs).toBe(1_018);
    expect(played.left(1_018)).toEqual([1]);
    expect(played.left(1_026)).toEqual([2]);
  });

  it("has outages at the end of each period", () => {
    const played = new Played({ outages: { everyMs: 100, forMs: 30 } });
    played.arrive(69);
    expect(played.left(69)).toEqual([1]);
    played.arrive(70);
    played.arrive(85);
    expect(played.nextMs).toBe(100);
    expect(played.left(99)).toEqual([]);
    expect(played.left(100)).toEqual([2, 3]);
    played.arrive(150);
    expect(played.left(150)).toEqual([4]);
    played.direction.set(
      { ...unimpaired, delayMs: 50, outages: { everyMs: 100, forMs: 30 } },
      200 * ms,
    );
    played.arrive(230);
    // 40 ms until the outage, and 10 after it.
    expect(played.nextMs).toBe(310);
  });

  it("has the same fate for the nth packet, whenever it comes and whatever came of others", () => {
    const kept = (profile: Partial<DirectionProfile>, everyMs: number, seed = 1): number[] => {
      const played = new Played(profile, { seed });
      return Array.from({ length: 300 }, (_, packet) => played.arrive(packet * everyMs)).flat();
    };
    const loss = { kind: "random", probability: 0.1 } as const;
    const alone = kept({ loss }, 1);
    expect(kept({ loss, delayMs: 40, jitterMs: 3, reorder: 0.5 }, 7)).toEqual(alone);
    expect(kept({ loss }, 1, 2)).not.toEqual(alone);
    // What more loss takes includes what less takes.
    expect(alone).toEqual(
      expect.arrayContaining(kept({ loss: { kind: "random", probability: 0.2 } }, 1)),
    );
  });

  it("drops what there is no room for in memory", () => {
    const played = new Played({ delayMs: 1 }, { capacity: 3 });
    expect(played.arrive(0, 5)).toEqual([1, 2, 3]);
    expect(played.left(1)).toEqual([1, 2, 3]);
    expect(played.arrive(1, 5)).toEqual([6, 7, 8]);
    expect(played.direction.books()).toMatchObject({ packetsIn: 10, packetsOut: 3, overflowed: 4 });
  });
});
