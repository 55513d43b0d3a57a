import * as z from "zod";

/*
 * Texts of files, which may come from anywhere: a name or a sentence that is longer than these is none.
 * Reports can rely on it.
 */

/** Characters of a name that a results file takes. */
export const maxNameLength = 200;

/** A name or a short head: of a variant, a phase, a metric, a label. */
export const name: z.ZodString = z.string().max(maxNameLength);

/** A measurement, in any unit: a quintillion nanoseconds are 31 years. Sums and squares of it are finite. */
export const number: z.ZodNumber = z.number().min(-1e18).max(1e18);

/** When something was, in UTC: what `Date.toISOString` writes. */
export const moment: z.ZodISODateTime = z.iso.datetime();

const maxProseLength = 4_000;

/** One or a few sentences. */
export const prose: z.ZodString = z.string().max(maxProseLength);

/** The start of a text from outside, such as a server's refusal, as far as it fits. */
export function asProse(text: string): string {
  return text.length <= maxProseLength ? text : `${text.slice(0, maxProseLength - 1)}…`;
}
