import { readingOf, roleOf } from "./process-readings.ts";
import type { ProcessCourse } from "./record.ts";
import { heapCourseOf } from "./reported-heap.ts";

interface Course {
  readonly role: string;
  readonly atMs: number[];
  readonly anonymousBytes: number[];
  readonly descriptors: number[];
}

/** Follows the memory and descriptors of a run's processes. */
export class CourseOfProcesses {
  readonly #heaps: string;
  readonly #courses = new Map<number, Course>();

  /** `heaps` is the folder in which processes report theirs. */
  constructor(heaps: string) {
    this.#heaps = heaps;
  }

  /**
   * Looks at those that run now, the command first. Without a server, nothing is measured: the command is starting, or
   * writes its report.
   */
  look(pids: readonly number[]): void {
    const roles = pids.map((pid, place) =>
      place === 0 ? "director" : (this.#courses.get(pid)?.role ?? roleOf(pid)),
    );
    if (!roles.includes("server")) return;
    for (const [place, pid] of pids.entries()) {
      const role = roles[place] ?? null;
      const reading = role === null ? null : readingOf(pid);
      if (role === null || reading === null) continue;
      const course = this.#courses.get(pid) ?? this.#begun(pid, role);
      course.atMs.push(Date.now());
      course.anonymousBytes.push(reading.anonymousBytes);
      course.descriptors.push(reading.descriptors);
    }
  }

  #begun(pid: number, role: string): Course {
    const course: Course = { role, atMs: [], anonymousBytes: [], descriptors: [] };
    this.#courses.set(pid, course);
    return course;
  }

  /** Those of one kind are numbered: `load`, `load 2`. */
  recorded(): ProcessCourse[] {
    const times = new Map<string, number>();
    return [...this.#courses].map(([pid, { role, atMs, anonymousBytes, descriptors }]) => {
      const nth = (times.get(role) ?? 0) + 1;
      times.set(role, nth);
      return {
        process: nth === 1 ? role : `${role} ${nth}`,
        atMs,
        anonymousBytes,
        descriptors,
        heap: heapCourseOf(this.#heaps, pid),
      };
    });
  }
}
