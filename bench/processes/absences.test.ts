import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { percentileNs } from "../results/percentile.ts";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { collectGarbage } from "../measure/garbage.ts";
import { Envelope } from "../payloads/envelope.ts";
import { nowNs } from "../measure/clock.ts";
import { Recorder } from "../measure/recorder.ts";
import { ReturningSubscriber } from "../measure/returning-subscriber.ts";
import { sum } from "../statistics/basics.ts";
import { Absences } from "./absences.ts";
import type { DialAgain } from "./absences.ts";

const atOnce = { policy: "fixed", baseMs: 0, capMs: 0 } as const;

let recorder: Recorder;
let client: ReturningSubscriber;
let absences: Absences;

beforeAll(() => initWebAssemblySync());

beforeEach(() => {
  recorder = new Recorder(new Envelope(64, 7), 0);
  client = new ReturningSubscriber(recorder, 5);
  absences = new Absences(1);
});

afterEach(() => recorder[Symbol.dispose]());

/** Ends the client's connection; resolves with what it asked for when it has dialled so many times. */
async function dialsAfterEnd(outcomes: readonly boolean[]): Promise<(number | undefined)[]> {
  const asked: (number | undefined)[] = [];
  await new Promise<void>((resolve) => {
    const dialAgain: DialAgain = async (after) => {
      asked.push(after);
      if (asked.length === outcomes.length) resolve();
      if (outcomes[asked.length - 1] === false) throw new Error("refused");
    };
    absences.follow(client, () => 4, dialAgain);
    client.closed("reset");
  });
  // The last outcome is taken note of.
  await Promise.resolve();
  return asked;
}

const sent = { firstSequence: 5, messages: 0, startNs: 0, untilNs: 0 };
const published = { sent, inTurn: false, sinceNs: 0, restartedNs: null };

describe("clients that are to come back", () => {
  test("ask for what came after their last message, and dial until they are back", async () => {
    absences.how = { ...atOnce, resume: true };
    expect(await dialsAfterEnd([false, false, true])).toEqual([4, 4, 4]);
    const report = absences.report([client], published);
    expect(report).toMatchObject({ count: 1, lasting: 0, dials: 3, failedDials: 2 });
    expect(percentileNs(report.untilSubscribed, 0.5)).toBeNull();
    expect(report.untilSubscribed.count).toBe(1);
    expect([client.open, recorder.disconnected]).toEqual([true, 0]);
  });

  test("dial once more where the new connection is lost as soon as it is there", async () => {
    absences.how = { ...atOnce, resume: true };
    let dials = 0;
    let position = 4;
    const asked: (number | undefined)[] = [];
    await new Promise<void>((resolve) => {
      absences.follow(
        client,
        () => position,
        async (after) => {
          asked.push(after);
          dials += 1;
          if (dials === 2) return resolve();
          position = 7;
          client.closed("reset");
        },
      );
      client.closed("reset");
    });
    await absences.returned(60_000);
    const report = absences.report([client], published);
    expect(report).toMatchObject({ count: 1, lasting: 0, dials: 2, failedDials: 1 });
    expect(asked).toEqual([4, 7]);
    expect(client.open).toBe(true);
  });

  test("ask for nothing where they don't resume", async () => {
    absences.how = { ...atOnce, resume: false };
    expect(await dialsAfterEnd([true])).toEqual([undefined]);
  });

  test("are reported from when on they were away, and as away until they are back", async () => {
    absences.how = { ...atOnce, resume: true };
    await dialsAfterEnd([false]);
    expect(absences.report([client], published)).toMatchObject({ count: 1, lasting: 1 });
    expect(absences.report([client], { ...published, sinceNs: nowNs() })).toMatchObject({
      count: 0,
    });
    client.ending = true;
  });

  test("take their books with them", async () => {
    absences.how = { ...atOnce, resume: true };
    const left = await (async () => {
      await dialsAfterEnd([true]);
      const reference = new WeakRef(client);
      client = new ReturningSubscriber(recorder, 5);
      return reference;
    })();
    await collectGarbage();
    expect(left.deref()).toBeUndefined();
  });

  test("stay away where nothing else is asked for, and count as gone for good", () => {
    absences.follow(
      client,
      () => 4,
      async () => expect.unreachable(),
    );
    client.closed("reset");
    expect(recorder.disconnected).toBe(1);
    expect(absences.report([client], published)).toMatchObject({ count: 0 });
  });

  test("tell what they kept of what they sent, where they were to keep it", async () => {
    absences.how = { ...atOnce, resume: true };
    await dialsAfterEnd([true]);
    expect([client.outbox, absences.report([client], published).outboxes]).toEqual([null, null]);
    absences.how = { ...atOnce, resume: true, keepsSent: true };
    await dialsAfterEnd([true]);
    client.outbox?.send(5, Buffer.from("kept"), null);
    expect(absences.report([client], published).outboxes).toMatchObject({ mostKept: 1 });
  });

  test("lose what they sent themselves, each of it by when it was due", () => {
    const others = [new ReturningSubscriber(recorder, 5), new ReturningSubscriber(recorder, 7)];
    const all = { firstSequence: 5, messages: 5, startNs: 0, untilNs: 1_000 };
    // Three clients send 2, 2 and 1; the last has everything.
    const report = absences.report([client, ...others], { ...published, sent: all, inTurn: true });
    expect(report.unaccounted).toBe(4);
  });

  test("are absent without an attempt where they aren't to come back", async () => {
    absences.how = { ...atOnce, policy: "none", resume: true };
    absences.follow(
      client,
      () => 4,
      async () => expect.unreachable(),
    );
    client.closed("reset");
    await Promise.resolve();
    expect(absences.report([client], published)).toMatchObject({ count: 1, lasting: 1, dials: 0 });
  });

  test("tell of their own attempts where they come back by themselves, and are absent once", async () => {
    absences.how = { ...atOnce, policy: "native", resume: true };
    const own = absences.ownReturnOf(client);
    absences.follow(
      client,
      () => 4,
      async () => expect.unreachable(),
    );
    own?.lost();
    own?.failed();
    expect(absences.report([client], published)).toMatchObject({ lasting: 1, dials: 1 });
    own?.back();
    const report = absences.report([client], published);
    expect(report).toMatchObject({ count: 1, lasting: 0, dials: 2, failedDials: 1 });
    own?.lost();
    client.closed("given up");
    expect(absences.report([client], published)).toMatchObject({ count: 2, lasting: 1 });
  });

  test("aren't asked to come back by themselves with another policy", () => {
    absences.how = { ...atOnce, resume: true };
    expect(absences.ownReturnOf(client)).toBeNull();
  });

  test("are told one by one, spread evenly over all, in milliseconds from the phase's first message", () => {
    absences.how = { ...atOnce, policy: "none", resume: true };
    const all = Array.from({ length: 40 }, () => new ReturningSubscriber(recorder, 5));
    const startNs = nowNs();
    for (const one of all) {
      absences.follow(
        one,
        () => 4,
        async () => expect.unreachable(),
      );
      one.closed("reset");
    }
    const { lanes } = absences.report(all, { ...published, sinceNs: startNs });
    expect(lanes.map((lane) => lane.client)).toEqual([
      0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39,
    ]);
    expect(lanes[0]).toMatchObject({ backMs: null, caughtUpMs: null, replayed: 0, doubled: 0 });
    expect(lanes[0]?.awayMs).toBeGreaterThan(0);
  });

  test("are counted over the time of the phase, by what they did", async () => {
    absences.how = { ...atOnce, resume: true };
    absences.begin(nowNs());
    await dialsAfterEnd([false, true]);
    const { course } = absences.report([client], published);
    expect([sum(course.dials), sum(course.failed), sum(course.back)]).toEqual([2, 1, 1]);
  });

  test("are back for good when they were so for the last time, from the server's end on", async () => {
    absences.how = { ...atOnce, resume: true };
    await dialsAfterEnd([true]);
    const restartedNs = nowNs();
    expect(absences.report([client], { ...published, restartedNs }).untilBack.count).toBe(0);
    await dialsAfterEnd([true]);
    const { untilBack, count } = absences.report([client], { ...published, restartedNs });
    expect([untilBack.count, count]).toEqual([1, 2]);
    expect(untilBack.maxNs).toBeLessThanOrEqual(nowNs() - restartedNs);
  });

  test("are waited for, but not for ever", async () => {
    absences.how = { ...atOnce, resume: true };
    await absences.returned(60_000);
    await dialsAfterEnd([false, true]);
    await absences.returned(60_000);
    absences.follow(
      client,
      () => 4,
      () => new Promise(() => {}),
    );
    client.closed("reset");
    await absences.returned(1);
    expect(absences.report([client], published)).toMatchObject({ count: 2, lasting: 1 });
  });

  test("are away since they asked again by themselves, where that was in vain", async () => {
    absences.how = { ...atOnce, resume: true };
    absences.begin(nowNs());
    absences.follow(
      client,
      () => 4,
      async () => {},
    );
    client.reconnected(true);
    expect(absences.report([client], published)).toMatchObject({ count: 1, lasting: 0, dials: 1 });
    await dialsAfterEnd([true]);
    const report = absences.report([client], published);
    expect(report).toMatchObject({ count: 1, lasting: 0, dials: 2, failedDials: 1 });
    expect(sum(report.course.back)).toBe(1);
  });
});
