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

/** Counts over the time of one phase. */
export class CourseRecorder {
  #startNs = 0;
  #counts: Record<CourseEvent, number[]> = { dials: [], failed: [], back: [] };

  /** Starts over, at `startNs` on the clock that all processes share. */
  begin(startNs: number): void {
    this.#startNs = startNs;
    this.#counts = { dials: [], failed: [], back: [] };
  }

  /** What happened before the phase isn't counted in it. */
  count(event: CourseEvent, atNs: number, times: number = 1): void {
    const step = Math.floor((atNs - this.#startNs) / (courseStepMs * 1e6));
    if (step < 0) return;
    const counts = this.#counts[event];
    while (counts.length <= step) counts.push(0);
    counts[step] = (counts[step] ?? 0) + times;
  }

  recorded(): Course {
    return { stepMs: courseStepMs, ...this.#counts };
  }
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
