import { mergeHistograms } from "../measure/histogram.ts";
import { mergeCourses } from "../measure/course.ts";
import type { AbsenceReport } from "../processes/protocol.ts";
import type { Phase } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";
import type { PhaseFacts } from "./phase.ts";

/** Throws where the books don't add up: then none of their figures would mean anything. */
export function absencesOf(
  {
    absences,
    restarts,
    fleet: { recordings },
  }: Pick<PhaseFacts, "absences" | "restarts" | "fleet">,
  expected: number,
  delivered: number,
): Pick<Phase, "ledger" | "absences"> {
  if (absences.length === 0) return {};
  const all = (count: (report: AbsenceReport) => number): number => sum(absences.map(count));
  const replayed = sum(recordings.map((recording) => recording.replayed));
  const fates = {
    received: delivered - replayed,
    replayed,
    inFlight: all(({ inFlight }) => inFlight),
    missed: all(({ missed }) => missed),
    overrun: all(({ overrun }) => overrun),
    unaccounted: all(({ unaccounted }) => unaccounted),
  };
  const accounted = sum(Object.values(fates));
  if (accounted !== expected) {
    throw new Error(`the ledger accounts for ${accounted} of ${expected} deliveries`);
  }
  return {
    ledger: {
      ...fates,
      doubled: sum(recordings.map((recording) => recording.duplicated)),
      reordered: sum(recordings.map((recording) => recording.reordered)),
    },
    absences: {
      count: all(({ count }) => count),
      lasting: all(({ lasting }) => lasting),
      dials: all(({ dials }) => dials),
      failedDials: all(({ failedDials }) => failedDials),
      untilSubscribed: mergeHistograms(absences.map((report) => report.untilSubscribed)),
      untilReceiving: mergeHistograms(absences.map((report) => report.untilReceiving)),
      ...(restarts.length > 0 && {
        untilBack: mergeHistograms(absences.map((report) => report.untilBack)),
      }),
      course: mergeCourses(absences.map((report) => report.course)),
    },
  };
}
