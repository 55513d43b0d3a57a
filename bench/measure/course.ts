/** The steps in which a course counts, in milliseconds. */
export const courseStepMs = 100;

/** What clients did to come back, in steps of `stepMs` since the phase began. */
export interface Course {
  readonly stepMs: number;
  readonly dials: number[];
  readonly failed: number[];
  /** Clients that were subscribed again. */
  readonly back: number[];
}

export type CourseEvent = "dials" | "failed" | "back";

type Counts = Map<number, number>;

/** Counts over the time of one phase; steps in which nothing happens take no memory. */
export class CourseRecorder {
  #startNs = 0;
  #counts: Record<CourseEvent, Counts> = emptyCounts();

  /** Starts over, at `startNs` on the clock that all processes share. */
  begin(startNs: number): void {
    this.#startNs = startNs;
    this.#counts = emptyCounts();
  }

  /** What happened before the phase isn't counted in it. */
  count(event: CourseEvent, atNs: number, times: number = 1): void {
    const step = Math.floor((atNs - this.#startNs) / (courseStepMs * 1e6));
    if (step < 0) return;
    const counts = this.#counts[event];
    counts.set(step, (counts.get(step) ?? 0) + times);
  }

  recorded(): Course {
    const { dials, failed, back } = this.#counts;
    return {
      stepMs: courseStepMs,
      dials: byStep(dials),
      failed: byStep(failed),
      back: byStep(back),
    };
  }
}

function emptyCounts(): Record<CourseEvent, Counts> {
  return { dials: new Map(), failed: new Map(), back: new Map() };
}

function byStep(counts: Counts): number[] {
  const length = [...counts.keys()].reduce((longest, step) => Math.max(longest, step + 1), 0);
  return Array.from({ length }, (_, step) => counts.get(step) ?? 0);
}

/** What the clients of several processes did. */
export function mergeCourses(courses: readonly Course[]): Course {
  const sums = (event: CourseEvent): number[] => {
    const length = Math.max(0, ...courses.map((course) => course[event].length));
    return Array.from({ length }, (_, step) =>
      courses.reduce((sum, course) => sum + (course[event][step] ?? 0), 0),
    );
  };
  return {
    stepMs: courseStepMs,
    dials: sums("dials"),
    failed: sums("failed"),
    back: sums("back"),
  };
}
