import { describe, expect, test } from "vitest";
import { CourseRecorder, mergeCourses } from "./course.ts";

describe("the course of a phase", () => {
  test("counts in steps of 100 ms since the phase began", () => {
    const course = new CourseRecorder();
    course.begin(1_000e6);
    course.count("dials", 1_000e6);
    course.count("dials", 1_099e6);
    course.count("dials", 1_250e6);
    course.count("failed", 1_100e6);
    expect(course.recorded()).toEqual({ stepMs: 100, dials: [2, 0, 1], failed: [0, 1], back: [] });
  });

  test("leaves out what happened before the phase", () => {
    const course = new CourseRecorder();
    course.begin(1_000e6);
    course.count("back", 999e6);
    expect(course.recorded().back).toEqual([]);
  });

  test("takes back what turned out otherwise", () => {
    const course = new CourseRecorder();
    course.begin(0);
    course.count("back", 5);
    course.count("back", 5, -1);
    expect(course.recorded().back).toEqual([0]);
  });

  test("adds up the processes", () => {
    const one = { stepMs: 100, dials: [1, 2, 3], failed: [], back: [1] };
    const other = { stepMs: 100, dials: [1], failed: [4], back: [0, 1] };
    expect(mergeCourses([one, other])).toEqual({
      stepMs: 100,
      dials: [2, 2, 3],
      failed: [4],
      back: [1, 1],
    });
    expect(mergeCourses([]).dials).toEqual([]);
  });
});
