import { describe, expect, test } from "vitest";
import { histogramOf } from "../measure/histogram.ts";
import type { AbsenceReport, Collected } from "../processes/protocol.ts";
import type { PhaseFacts } from "./phase.ts";
import { absencesOf } from "./phase-absences.ts";

const report: AbsenceReport = {
  unsent: 0,
  untaken: 0,
  inFlight: 1,
  missed: 2,
  overrun: 3,
  unaccounted: 0,
  count: 2,
  lasting: 1,
  dials: 4,
  failedDials: 3,
  lanes: [],
  untilSubscribed: histogramOf([1_000]),
  untilReceiving: histogramOf([2_000]),
  outboxes: null,
  untilBack: histogramOf([3_000]),
  course: { stepMs: 100, dials: [0, 4], failed: [0, 3], back: [0, 1] },
};

function absences(expected: number, delivered: number, restarts: PhaseFacts["restarts"] = []) {
  const recording = { replayed: 4, duplicated: 1, reordered: 2 } as Collected;
  const fleet = { ends: [], recordings: [recording, recording] };
  const facts = { absences: [report, report], restarts, fleet, takenUp: null };
  return absencesOf(facts, expected, delivered);
}

describe("the ledger of a phase", () => {
  test("adds up the processes, to all that were expected", () => {
    expect(absences(62, 50)).toMatchObject({
      ledger: { received: 42, replayed: 8, inFlight: 2, missed: 4, overrun: 6, unaccounted: 0 },
      absences: { count: 4, lasting: 2, dials: 8, failedDials: 6, untilReceiving: { count: 2 } },
    });
    expect(absences(62, 50).ledger).toMatchObject({ doubled: 2, reordered: 4 });
  });

  test("tells what clients did over time, and how long after the server's end they were back", () => {
    const course = { stepMs: 100, dials: [0, 8], failed: [0, 6], back: [0, 2] };
    expect(absences(62, 50).absences).toMatchObject({ course });
    expect(absences(62, 50).absences?.untilBack).toBeUndefined();
    const restarts = [{ atMs: 10, downMs: 100, cpuMs: [5] }];
    expect(absences(62, 50, restarts).absences?.untilBack).toMatchObject({
      count: 2,
      maxNs: 3_000,
    });
  });

  test("fails the trial where it doesn't add up", () => {
    expect(() => absences(63, 50)).toThrow("the ledger accounts for 62 of 63 deliveries");
    expect(() => absences(62, 51)).toThrow("the ledger accounts for 63 of 62 deliveries");
  });

  test("isn't there where clients weren't to come back", () => {
    const fleet = { ends: [], recordings: [] };
    const facts = { absences: [], restarts: [], fleet, takenUp: null };
    expect(absencesOf(facts, 10, 10)).toEqual({});
  });

  test("has what clients kept beside it, and what the server had had before", () => {
    const outboxes = {
      mostKept: 3,
      sentAgain: 2,
      unacknowledged: 1,
      untilAcknowledged: histogramOf([5_000]),
    };
    const other = { ...report, outboxes: { ...outboxes, mostKept: 4 } };
    const fleet = { ends: [], recordings: [] };
    const facts = { absences: [{ ...report, outboxes }, other], restarts: [], fleet };
    const takenUp = { taken: 40, repeated: 4 };
    expect(absencesOf({ ...facts, takenUp }, 12, 0).outboxes).toMatchObject({
      mostKept: 4,
      sentAgain: 4,
      unacknowledged: 2,
      taken: 40,
      repeated: 4,
      untilAcknowledged: { count: 2 },
    });
    expect(absencesOf({ ...facts, takenUp: null }, 12, 0).outboxes).toMatchObject({
      taken: null,
      repeated: null,
    });
  });
});
