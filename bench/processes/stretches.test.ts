import { beforeAll, describe, expect, test } from "vitest";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { nowNs } from "../measure/clock.ts";
import { DurationHistogram } from "../measure/histogram.ts";
import { Stretches } from "./stretches.ts";
import type { Stretch } from "./protocol.ts";

const schedule = { ratePerSecond: 100, forMs: 100, firstSequence: 1 };

beforeAll(() => initWebAssemblySync());

interface Sent {
  readonly index: number;
  readonly dueNs: number;
}

/** Sends one stretch, which is broken off at once when message `breakAt` has been sent. */
async function sendStretch(
  before: Stretch | null,
  breakAt: number | null = null,
): Promise<{ stretch: Stretch; sent: Sent[] }> {
  const stretches = new Stretches();
  const sent: Sent[] = [];
  using lateness = new DurationHistogram(true);
  const send = (index: number, dueNs: number): void => {
    sent.push({ index, dueNs });
    if (index === breakAt) stretches.breakOff();
  };
  const stretch = await stretches.send({ ...schedule, before }, { busyWaitNs: 0 }, lateness, send);
  return { stretch, sent };
}

describe("a schedule that several processes send on", () => {
  test("is sent whole by one that isn't broken off", async () => {
    const { stretch, sent } = await sendStretch(null);
    expect(stretch).toMatchObject({ messages: 10, isBroken: false });
    expect(stretch.untilNs - stretch.startNs).toBe(100e6);
    expect(sent.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("goes on with the next message, and keeps the due times of all", async () => {
    const first = await sendStretch(null, 3);
    expect(first.stretch).toMatchObject({ messages: 4, isBroken: true });
    const rest = await sendStretch(first.stretch);
    expect(rest.stretch).toMatchObject({ messages: 10, isBroken: false });
    const { startNs } = first.stretch;
    expect(rest.stretch.startNs).toBe(startNs);
    expect([...first.sent, ...rest.sent]).toEqual(
      Array.from({ length: 10 }, (_, index) => ({ index, dueNs: startNs + index * 10e6 })),
    );
  });

  test("has all that is overdue sent at once", async () => {
    const startNs = nowNs() - 10e9;
    const before = { ...(await sendStretch(null, 3)).stretch, startNs };
    const { sent } = await sendStretch(before);
    expect(sent.map(({ dueNs }) => dueNs - startNs)).toEqual([40e6, 50e6, 60e6, 70e6, 80e6, 90e6]);
    expect(nowNs() - startNs).toBeLessThan(11e9);
  });

  test("leaves nothing to send where it is broken off behind the last message", async () => {
    const { stretch } = await sendStretch(null, 9);
    expect(stretch).toMatchObject({ messages: 10, isBroken: true });
    expect((await sendStretch(stretch)).sent).toEqual([]);
  });
});
