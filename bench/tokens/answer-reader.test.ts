import { beforeEach, describe, expect, test } from "vitest";
import { nowNs } from "../measure/clock.ts";
import { initWebAssemblySync } from "../results/hdr-histogram.ts";
import { Envelope } from "../payloads/envelope.ts";
import { Recorder } from "../measure/recorder.ts";
import { AnswerReader } from "./answer-reader.ts";
import { TokenRecorder } from "./token-recorder.ts";
import { TokenTexts, WordWalk } from "./token-texts.ts";

initWebAssemblySync();

const texts = new TokenTexts("json", { ends: true });
const walk = new WordWalk(5);
const ms = 1e6;
/** Ten milliseconds apart. */
const offsetsNs = Float64Array.from({ length: 6 }, (_, token) => token * 10 * ms);

let recorder: TokenRecorder;
let reader: AnswerReader;
let ended: number;
let startNs: number;

beforeEach(() => {
  recorder = new TokenRecorder(new Recorder(new Envelope(256, 1), 0));
  recorder.begin();
  reader = new AnswerReader(recorder, false);
  ended = 0;
  startNs = nowNs();
  begin();
});

function begin(): void {
  const about = { client: 1, request: 0, seed: 5, texts, offsetsNs };
  reader.begin({ ...about, requestNs: startNs, firstNs: startNs + 5 * ms }, () => (ended += 1));
}

/** A token comes so many milliseconds after it was due. */
function token(position: number, lateMs = 1): boolean {
  const dueNs = startNs + 5 * ms + (offsetsNs[position] ?? 0);
  return reader.message(textOf(position), nowNs() - dueNs - lateMs * ms);
}

function textOf(position: number): string {
  return texts.words[walk.wordAt(position)]?.text ?? "";
}

function end(): void {
  for (const { bytes } of texts.ends) reader.message(bytes, 0);
}

describe("a client's reader of an answer", () => {
  test("knows each token, and when it is whole", () => {
    for (let position = 0; position < 6; position += 1) expect(token(position)).toBe(true);
    expect(reader.isIdle).toBe(false);
    end();
    expect([reader.isIdle, ended, recorder.answers]).toEqual([true, 1, 1]);
    expect(recorder.recorder.delivered).toBe(6);
    expect(recorder.report().together).toMatchObject({ tokens: 0, apart: 5, groups: 0 });
  });

  test("counts what is left out as lost, and goes on behind it", () => {
    for (const position of [0, 1, 4, 5]) token(position);
    end();
    expect([ended, recorder.answers, recorder.recorder.delivered]).toEqual([1, 0, 4]);
  });

  test("tells what comes again from what comes late", () => {
    for (const position of [0, 2, 1, 1, 3]) token(position);
    expect(recorder.again).toBe(1);
    expect(recorder.recorder.delivered).toBe(4);
  });

  test("finds wrong what is no token", () => {
    expect(reader.message("garbage", 0)).toBe(false);
    expect(reader.message(Buffer.from([0xff, 0x00]), 0)).toBe(false);
  });

  test("sees tokens that come together, and how long the first of them was held", () => {
    token(0);
    // They wait until the last of them is due.
    for (const [position, lateMs] of [
      [1, 30],
      [2, 20],
      [3, 10],
      [4, 0],
    ] as const) {
      token(position, lateMs);
    }
    token(5);
    end();
    const { together, longestStallNs } = recorder.report();
    expect(together).toMatchObject({ tokens: 3, apart: 5, groups: 1, largest: 4 });
    expect(together.longestNs).toBe(30 * ms);
    expect((longestStallNs ?? 0) / ms).toBeCloseTo(29, 0);
  });

  test("counts tokens again after a cut, and takes the time until it goes on", () => {
    for (const position of [0, 1, 2]) token(position);
    reader.cut();
    reader.restart();
    // What was on its way of the answer before is of no use.
    expect(token(3)).toBe(true);
    for (const position of [0, 1, 2, 3, 4, 5]) token(position);
    end();
    const { cuts } = recorder.report();
    expect(cuts).toMatchObject({ answers: 1, again: 3, lost: 0 });
    expect(cuts.untilGoesOn.count).toBe(1);
    expect([recorder.answers, recorder.recorder.delivered]).toEqual([1, 6]);
  });

  test("takes what was left out before from an answer that comes again", () => {
    for (const position of [0, 1]) token(position);
    reader.cut();
    // It is subscribed again before it knows.
    token(3);
    reader.restart();
    for (const position of [0, 1, 2, 3, 4, 5]) token(position);
    end();
    expect([recorder.answers, recorder.recorder.delivered, recorder.again]).toEqual([1, 6, 3]);
  });

  test("doesn't mind what still comes of an answer that it has given up", () => {
    token(0);
    reader.cut();
    reader.giveUp();
    expect(token(1)).toBe(true);
    expect(recorder.cuts.lost).toBe(1);
    expect(recorder.recorder.delivered).toBe(1);
  });

  test("records nothing of an answer of an earlier phase", () => {
    token(0);
    recorder.begin();
    token(1);
    expect(recorder.recorder.delivered).toBe(1);
  });

  test("keeps a few answers token by token", () => {
    token(0, 2);
    const [course] = recorder.report().courses;
    expect(course?.dueMs).toEqual([5, 15, 25, 35, 45, 55]);
    expect(course?.arrivedMs[0]).toBeCloseTo(7, 1);
    expect(course?.arrivedMs[1]).toBeNull();
  });
});
