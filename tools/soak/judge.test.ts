import { describe, expect, it } from "vitest";
import { boundsPerHour, judgeCourse, judgeRun } from "./judge.ts";
import type { ProcessCourse, SoakRecord, SoakedPhase, SoakedRun } from "./record.ts";

const minute = 60_000;
const everyMs = minute;

/** Readings of an hour, twelve in each minute. */
const atMs = Array.from({ length: 720 }, (_, place) => 1e12 + place * 5_000);
const hoursAt = (place: number): number => place / 720;

const judged = (valueAt: (place: number) => number, boundPerHour = 100) =>
  judgeCourse(
    atMs,
    atMs.map((_, place) => valueAt(place)),
    { everyMs, boundPerHour },
  );

describe("a course", () => {
  it("is flat where it gains less than the bound, whatever goes up and down with each cut", () => {
    const course = judged((place) => 1_000 + 50 * hoursAt(place) + (place % 12 === 0 ? 5_000 : 0));
    expect(course.verdict).toBe("flat");
    expect(course.perHour?.estimate).toBeCloseTo(50, 6);
    expect(course.level).toBeCloseTo(1_029, 0);
  });

  it("grows where it gains more", () => {
    expect(judged((place) => 1_000 + 150 * hoursAt(place)).verdict).toBe("grows");
  });

  it("is open where its scatter hides whether it does", () => {
    const jumps = judged((place) => ((Math.floor(place / 12) * 37) % 60) * 100);
    expect(jumps.verdict).toBe("open");
  });

  it("may grow in the first sixth, while code is compiled", () => {
    expect(judged((place) => Math.min(place, 120) * 1_000).verdict).toBe("flat");
  });

  it("is open for fewer than ten readings", () => {
    const short = judgeCourse([0, minute], [1, 1], { everyMs, boundPerHour: 1 });
    expect(short).toMatchObject({ perHour: null, verdict: "open" });
  });
});

const steady: ProcessCourse = {
  process: "server",
  atMs,
  anonymousBytes: atMs.map(() => 50_000_000),
  descriptors: atMs.map(() => 30),
  heap: { atMs, bytes: atMs.map(() => 10_000_000) },
};

const phase: SoakedPhase = {
  name: "cuts",
  expected: 100,
  received: 90,
  replayed: 10,
  inFlight: 0,
  missed: 0,
  overrun: 0,
  unaccounted: 0,
  doubled: 0,
  reordered: 0,
  returns: 5,
  lasting: 0,
};

const calm: SoakedRun = {
  name: "sse",
  command: "bench run",
  exitCode: 0,
  outcome: "valid",
  processes: [steady],
  phases: [phase],
  left: [],
};

const record: SoakRecord = {
  minutes: 60,
  cutEverySeconds: 60,
  clients: 50,
  rate: 10,
  command: "npm run soak",
  startedAt: "2026-11-27T09:30:00.000Z",
  runs: [calm],
};

const faultsOf = (changed: Partial<SoakedRun>): readonly string[] =>
  judgeRun({ ...calm, ...changed }, record).faults;

describe("a run", () => {
  it("may gain so much for each of 3000 returns, and a descriptor for ten cuts", () => {
    expect(boundsPerHour(record)).toEqual({
      heap: 3_000 * 1_024,
      anonymous: 3_000 * 2_048,
      descriptors: 6,
    });
  });

  it("is as it should be when all is flat, adds up and is gone", () => {
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ outcome: "invalid", exitCode: 3 })).toEqual([]);
  });

  it("tells which process keeps a descriptor of each cut", () => {
    const descriptors = atMs.map((_, place) => 30 + Math.floor(place / 12));
    expect(faultsOf({ processes: [{ ...steady, descriptors }] })).toEqual([
      "server: the number of descriptors grows",
    ]);
  });

  it("tells what is lost, what came twice, who stayed away, and books that don't add up", () => {
    const wrong = { ...phase, received: 80, missed: 9, doubled: 2, lasting: 3 };
    expect(faultsOf({ phases: [wrong] })).toEqual([
      "cuts: the ledger doesn't add up",
      "cuts: 3 clients never came back",
      "cuts: 9 deliveries are lost",
      "cuts: 2 deliveries came twice",
    ]);
  });

  it("tells what failed, and what is left", () => {
    expect(
      faultsOf({ exitCode: 1, outcome: "failed: no", phases: [], left: ["process 7 (cat)"] }),
    ).toEqual([
      "it ended with exit code 1 (see its run.log)",
      "its trial failed: no",
      "there are no books",
      "process 7 (cat) is left",
    ]);
  });

  it("says nothing of the heap of a process that doesn't report it", () => {
    const [server] = judgeRun(
      { ...calm, processes: [{ ...steady, heap: { atMs: [], bytes: [] } }] },
      record,
    ).processes;
    expect(server).toMatchObject({ heap: null, anonymous: { verdict: "flat" } });
  });
});
