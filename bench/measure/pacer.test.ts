import { describe, expect, it } from "vitest";
import { nowNs } from "./clock.ts";
import { calibrateBusyWait, pace, steady } from "./pacer.ts";

describe("a steady schedule", () => {
  it.each([
    [100, 10_000, 1_000, 999, 9_990_000_000],
    [20, 1_000, 20, 1, 50_000_000],
    [3, 1_000, 3, 1, 333_333_333],
    [3, 1_000, 3, 2, 666_666_667],
    [2.5, 2_000, 5, 4, 1_600_000_000],
    [1_000_000, 1, 1_000, 999, 999_000],
    [0.1, 1_000, 1, 0, 0],
    // An hour at three a second: no drift has added up.
    [3, 3_600_000, 10_800, 10_799, 3_599_666_666_667],
  ])("of %d/s for %d ms has %d messages, and number %d is due at %d ns", (...row) => {
    const [ratePerSecond, forMs, count, index, dueNs] = row;
    const schedule = steady(ratePerSecond, forMs);
    expect(schedule.count).toBe(count);
    expect(schedule.dueNs(0)).toBe(0);
    expect(schedule.dueNs(index)).toBe(dueNs);
  });
});

function block(ns: number): void {
  const untilNs = nowNs() + ns;
  while (nowNs() < untilNs);
}

interface SendRequest {
  readonly index: number;
  readonly dueNs: number;
  readonly atNs: number;
}

/** Runs a schedule to its end and tells what was sent. */
async function sendingsOf(
  schedule: ReturnType<typeof steady>,
  startNs: number,
  send: (index: number) => void = () => {},
): Promise<SendRequest[]> {
  const sendings: SendRequest[] = [];
  await pace(schedule, startNs, { busyWaitNs: 0 }, (index, dueNs) => {
    sendings.push({ index, dueNs, atNs: nowNs() });
    send(index);
  });
  return sendings;
}

function expected(schedule: ReturnType<typeof steady>, startNs: number): object[] {
  return Array.from({ length: schedule.count }, (_, index) => ({
    index,
    dueNs: startNs + schedule.dueNs(index),
    atNs: expect.any(Number),
  }));
}

describe("pacing", () => {
  it.each([
    ["fast", 10_000, 20],
    ["slow enough for timers", 100, 60],
    ["a single message", 1, 1],
  ])("sends every message in order, with its due time, never early: %s", async (_name, ...at) => {
    const schedule = steady(...at);
    const startNs = nowNs();
    const sendings = await sendingsOf(schedule, startNs);
    expect(sendings).toEqual(expected(schedule, startNs));
    expect(sendings.filter(({ atNs, dueNs }) => atNs < dueNs)).toEqual([]);
  });

  it("leaves none out and forgives no delay when the sender blocks", async () => {
    const schedule = steady(5_000, 20);
    const startNs = nowNs();
    const sendings = await sendingsOf(schedule, startNs, (index) => {
      if (index === 10) block(15e6);
    });
    expect(sendings).toEqual(expected(schedule, startNs));
    // What became due while the sender was blocked was late by what was left of it: 11 was due at once.
    const lateNs = (sendings[11]?.atNs ?? 0) - (sendings[11]?.dueNs ?? 0);
    expect(lateNs).toBeGreaterThanOrEqual(15e6 - 1e9 / 5_000);
  });

  it("sends what is overdue at once, with the due times that it had", async () => {
    const schedule = steady(1_000, 500);
    const startNs = nowNs() - 10e9;
    expect(await sendingsOf(schedule, startNs)).toEqual(expected(schedule, startNs));
  });

  it("lets sockets have a turn after 64 overdue messages", async () => {
    const sentByTurn: number[] = [];
    let sent = 0;
    const look = (): void => {
      sentByTurn.push(sent);
      if (sent < 150) setImmediate(look);
    };
    setImmediate(look);
    await pace(steady(1_000, 150), nowNs() - 10e9, { busyWaitNs: 0 }, () => (sent += 1));
    expect(sentByTurn).toEqual([64, 128]);
  });

  it("busy-waits for no time when all was overdue and sent at once", async () => {
    const account = { busyWaitNs: 0 };
    await pace(steady(1_000, 10), nowNs() - 10e9, account, () => {});
    expect(account.busyWaitNs).toBe(0);
  });

  it("counts as busy-wait at most the time that has passed", async () => {
    const startNs = nowNs();
    const account = { busyWaitNs: 0 };
    // Unless the machine had no time for it until all were overdue.
    await pace(steady(1_000, 200), startNs, account, () => {});
    expect(account.busyWaitNs).toBeGreaterThan(0);
    expect(account.busyWaitNs).toBeLessThanOrEqual(nowNs() - startNs);
  });
});

it("the empty iteration is measured for half a second at most, however long iterations take", async () => {
  const state = { iterations: 0, isOver: false };
  const keepBusy = (): void => {
    state.iterations += 1;
    block(20e6);
    if (!state.isOver) setImmediate(keepBusy);
  };
  setImmediate(keepBusy);
  await calibrateBusyWait();
  state.isOver = true;
  // 5 000 iterations otherwise.
  expect(state.iterations).toBeLessThan(30);
});
