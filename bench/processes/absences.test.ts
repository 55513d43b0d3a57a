import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { percentileNs } from "../results/percentile.ts";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { Envelope } from "../payloads/envelope.ts";
import { nowNs } from "../measure/clock.ts";
import { Recorder } from "../measure/recorder.ts";
import { ReturningSubscriber } from "../measure/returning-subscriber.ts";
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
const published = { sent, inTurn: false, sinceNs: 0 };

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
    const report = absences.report([client, ...others], { sent: all, inTurn: true, sinceNs: 0 });
    expect(report.unaccounted).toBe(4);
  });
});
