import * as z from "zod";

/*
 * What the answering end behind a proxy is asked for, by the query of a GET. It answers with the head of an event
 * stream, `padding` bytes of comment if there are to be any, and after `wait` milliseconds with `count` events, `gap`
 * milliseconds apart:
 *
 *   data: NUMBER MILLISECONDS-SINCE-1970 PADDING-OF-SO-MANY-BYTES
 *
 * All of them are 0 where they are left out. The field `Bench-Through` of its head says how it was asked: the version of HTTP, and the names of the fields.
 */

export interface Question {
  /** Events, numbered from 1. */
  readonly count: number;
  /** Between two events, in milliseconds. */
  readonly gap?: number;
  /** Beside number and time, in each event. */
  readonly bytes?: number;
  /** Before the first event, in milliseconds. */
  readonly wait?: number;
  /** Of a comment in front of everything. */
  readonly padding?: number;
  /** With `X-Accel-Buffering: no`. */
  readonly accel?: "no";
  /** With `no-transform` in `Cache-Control`. */
  readonly transform?: "no";
}

/** The field by which an answering end is known. */
export const answeringField = "bench-through";

export function asking(url: URL, question: Question | null): URL {
  const asked = new URL(url);
  for (const [name, value] of Object.entries(question ?? {})) {
    asked.searchParams.set(name, String(value));
  }
  return asked;
}

const upTo = (most: number): z.ZodType<number> =>
  z.coerce
    .number()
    .int()
    .min(0)
    .transform((asked) => Math.min(asked, most))
    .catch(0);

const askedSchema = z.object({
  count: upTo(1_000),
  gap: upTo(600_000),
  bytes: upTo(16_384),
  wait: upTo(10_000),
  padding: upTo(65_536),
  accel: z.literal("no").optional().catch(undefined),
  transform: z.literal("no").optional().catch(undefined),
});

/** What a query asks for, up to the bounds; whatever makes no sense counts as left out. */
export function questionIn(query: URLSearchParams): z.infer<typeof askedSchema> {
  return askedSchema.parse(Object.fromEntries(query));
}
