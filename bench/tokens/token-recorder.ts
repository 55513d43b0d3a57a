import { DurationHistogram } from "../measure/histogram.ts";
import type { Recorder } from "../measure/recorder.ts";
import type { RecordedTokens } from "../results/recorded-tokens.ts";
import { Moments } from "./moments.ts";
import type { MomentSums } from "./moments.ts";

/** What came of prompts to the clients of one process: see `RecordedTokens`, whose sums these are. */
export interface TokenReport extends Pick<
  RecordedTokens,
  "answers" | "wrong" | "again" | "firstToken" | "answer" | "longestStallNs" | "courses"
> {
  readonly together: Omit<RecordedTokens["together"], "held" | "bytes"> & {
    readonly held: MomentSums;
    readonly bytes: MomentSums;
  };
  readonly cuts: NonNullable<RecordedTokens["cuts"]>;
}

/** Tokens that were due further apart than this, and come closer than that, have come together. */
export const apartNs = 5e6;
export const togetherNs = 1e6;

/** The answers of so many clients, and so many tokens of each, are kept one by one. */
const courses = 4;
const longestCourse = 2_000;

type Course = RecordedTokens["courses"][number];

/** When the tokens of one answer came, from when the request was due; NaN for those that haven't. */
export interface KeptCourse {
  readonly client: number;
  readonly request: number;
  readonly dueNs: Float64Array;
  readonly arrivedNs: Float64Array;
}

/** Records how tokens come to the clients of one process in the present phase. */
export class TokenRecorder {
  readonly recorder: Recorder;
  readonly firstToken = new DurationHistogram(true);
  readonly answer = new DurationHistogram(true);
  readonly untilGoesOn = new DurationHistogram(true);
  readonly held = new Moments();
  readonly heldBytes = new Moments();
  /** Of phases: what belongs to an earlier one isn't recorded any more. */
  phase = 0;
  answers = 0;
  wrong = 0;
  again = 0;
  longestStallNs: number | null = null;
  /** The most that a token of the phase has been late. */
  latestNs = 0;
  together = 0;
  apart = 0;
  largest = 0;
  longestHeldNs = 0;
  cuts = { answers: 0, lost: 0, prompts: 0, promptBytes: 0, again: 0, againBytes: 0 };
  #courses: KeptCourse[] = [];

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  begin(): void {
    this.phase += 1;
    for (const histogram of [this.firstToken, this.answer, this.untilGoesOn]) histogram.reset();
    for (const moments of [this.held, this.heldBytes]) moments.reset();
    this.answers = 0;
    this.wrong = 0;
    this.again = 0;
    this.longestStallNs = null;
    this.latestNs = 0;
    this.together = 0;
    this.apart = 0;
    this.largest = 0;
    this.longestHeldNs = 0;
    this.cuts = { answers: 0, lost: 0, prompts: 0, promptBytes: 0, again: 0, againBytes: 0 };
    this.#courses = [];
  }

  /** Where the tokens of an answer are kept one by one; null where they aren't. */
  courseOf(
    client: number,
    request: number,
    offsetsNs: Float64Array,
    firstNs: number,
  ): KeptCourse | null {
    const isKept = this.#courses.every((course) => course.client !== client);
    if (!isKept || this.#courses.length === courses || offsetsNs.length > longestCourse)
      return null;
    const dueNs = offsetsNs.map((offsetNs) => firstNs + offsetNs);
    const arrivedNs = new Float64Array(offsetsNs.length).fill(Number.NaN);
    const course = { client, request, dueNs, arrivedNs };
    this.#courses.push(course);
    return course;
  }

  /** A group of tokens is over that came together; `heldNs` says by how much its last was due after its first. */
  grouped(tokens: number, heldNs: number, bytes: number): void {
    this.largest = Math.max(this.largest, tokens);
    this.longestHeldNs = Math.max(this.longestHeldNs, heldNs);
    this.held.add(heldNs);
    this.heldBytes.add(bytes);
  }

  report(): TokenReport {
    const { answers, wrong, again, longestStallNs } = this;
    return {
      answers,
      wrong,
      again,
      longestStallNs,
      firstToken: this.firstToken.encode(),
      answer: this.answer.encode(),
      together: {
        tokens: this.together,
        apart: this.apart,
        groups: this.held.count,
        largest: this.largest,
        longestNs: this.longestHeldNs,
        held: this.held.sums(),
        bytes: this.heldBytes.sums(),
      },
      cuts: { ...this.cuts, untilGoesOn: this.untilGoesOn.encode() },
      courses: this.#courses.map(courseIn),
    };
  }
}

function courseIn({ client, request, dueNs, arrivedNs }: KeptCourse): Course {
  return {
    client,
    request,
    dueMs: Array.from(dueNs, inMs),
    arrivedMs: Array.from(arrivedNs, (ns) => (Number.isNaN(ns) ? null : inMs(ns))),
  };
}

/** To a microsecond. */
function inMs(ns: number): number {
  return Math.round(ns / 1e3) / 1e3;
}
