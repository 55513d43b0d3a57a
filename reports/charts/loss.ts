import { phasesOf } from "../cost/stated.ts";
import { shortListing, whole } from "../../bench/text/format.ts";
import { nameInText } from "./source.ts";
import type { Subject } from "./source.ts";
import { sum } from "../../bench/statistics/basics.ts";

/**
 * What is to be known beside any latency: latencies are those of delivered messages, and not shown without
 * those that were lost in the phases where `key` was measured.
 */
export function lossNotes(subjects: readonly Subject[], key: string): string[] {
  const losses = subjects.map((subject) => ({ subject, ...lossOf(subject, key) }));
  const some = losses.filter(({ lost }) => lost > 0).toSorted((a, b) => b.lost - a.lost);
  const unknown = losses.filter(({ known }) => !known).map(({ subject }) => nameInText(subject));
  const shares = some.map(
    ({ subject, lost, expected }) =>
      `${whole(lost)} of ${whole(expected)} deliveries with ${nameInText(subject)}`,
  );
  return [
    some.length > 0 ? `Lost, so that they have no latency: ${shortListing(shares)}.` : "",
    some.length === 0 && unknown.length === 0 ? "No delivery was lost." : "",
    unknown.length > 0
      ? `The last messages were not waited for, so that loss is not known: ${shortListing(unknown)}.`
      : "",
  ].filter((note) => note !== "");
}

function lossOf(
  subject: Subject,
  key: string,
): { readonly lost: number; readonly expected: number; readonly known: boolean } {
  const deliveries = phasesOf(subject.trials, key).map((phase) => phase.deliveries);
  return {
    lost: sum(deliveries.map(({ lost }) => lost ?? 0)),
    expected: sum(deliveries.map(({ expected }) => expected)),
    known: deliveries.every(({ lost }) => lost !== null),
  };
}
