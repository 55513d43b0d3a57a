import { mergeHistograms } from "../measure/histogram.ts";
import { mergeCourses } from "../measure/course.ts";
import type { AbsenceReport } from "../processes/protocol.ts";
import type { Lane, Phase } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";
import type { PhaseFacts } from "./phase.ts";

type AbsenceFacts = Pick<PhaseFacts, "absences" | "restarts" | "fleet" | "takenUp"> &
  Partial<Pick<PhaseFacts, "bus">>;

/** Throws where the books don't add up: then none of their figures would mean anything. */
export function absencesOf(
  facts: AbsenceFacts,
  expected: number,
  delivered: number,
): Pick<Phase, "ledger" | "absences" | "outboxes"> {
  const { absences, restarts, fleet } = facts;
  const { recordings } = fleet;
  if (absences.length === 0) return {};
  const all = (count: (report: AbsenceReport) => number): number => sum(absences.map(count));
  const replayed = sum(recordings.map((recording) => recording.replayed));
  const fates = {
    received: delivered - replayed,
    replayed,
    ...(facts.bus != null && {
      unsent: all(({ unsent }) => unsent),
      untaken: all(({ untaken }) => untaken),
    }),
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
      lanes: lanesOf(absences),
      untilReceiving: mergeHistograms(absences.map((report) => report.untilReceiving)),
      ...(restarts.length > 0 && {
        untilBack: mergeHistograms(absences.map((report) => report.untilBack)),
      }),
      course: mergeCourses(absences.map((report) => report.course)),
    },
    ...outboxesOf(facts),
  };
}

function outboxesOf({
  absences,
  takenUp,
}: Pick<AbsenceFacts, "absences" | "takenUp">): Pick<Phase, "outboxes"> {
  const reports = absences.flatMap(({ outboxes }) => outboxes ?? []);
  if (reports.length === 0) return {};
  return {
    outboxes: {
      mostKept: Math.max(...reports.map(({ mostKept }) => mostKept)),
      sentAgain: sum(reports.map(({ sentAgain }) => sentAgain)),
      taken: takenUp?.taken ?? null,
      repeated: takenUp?.repeated ?? null,
      unacknowledged: sum(reports.map(({ unacknowledged }) => unacknowledged)),
      untilAcknowledged: mergeHistograms(reports.map((report) => report.untilAcknowledged)),
    },
  };
}

/** Each process numbers its own clients. */
function lanesOf(absences: readonly AbsenceReport[]): Lane[] {
  let first = 0;
  return absences.flatMap(({ lanes }) => {
    const own = lanes.map((lane) => ({ ...lane, client: first + lane.client }));
    first += Math.max(0, ...lanes.map(({ client }) => client + 1));
    return own;
  });
}
