import { reasonsOf } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";

/** More lines than this can't be told apart; references come on top. */
const maxSubjects = 12;
const maxReferences = 3;

/**
 * Whom a chart shows: those with a valid trial, and of many the first. `whyNot` gives a chart's own reason
 * to leave one out, and null where there is none. The notes say who is missing, and why.
 */
export function drawnSubjects(
  { subjects }: ChartSource,
  whyNot: (subject: Subject) => string | null = () => null,
): { readonly subjects: readonly Subject[]; readonly notes: readonly string[] } {
  const judged = subjects.map((subject) => ({
    subject,
    why: subject.row.none ?? whyNot(subject),
  }));
  const able = judged.flatMap(({ subject, why }) => (why === null ? [subject] : []));
  const kept = new Set([
    ...able.filter(({ reference }) => !reference).slice(0, maxSubjects),
    ...able.filter(({ reference }) => reference).slice(0, maxReferences),
  ]);
  const missing = judged.flatMap(({ subject, why }) => (why === null ? [] : [{ subject, why }]));
  const more = able.length - kept.size;
  return {
    subjects: able.filter((subject) => kept.has(subject)),
    notes: [
      ...reasonsOf(missing).map(({ why, names }) => `Not drawn: ${names} (${why}).`),
      ...(more === 0 ? [] : [`${more} more ${more === 1 ? "is" : "are"} in the table.`]),
    ],
  };
}
