import * as z from "zod";

/*
 * The document that `bench doctor --through URL --json` prints. Its keys stay as they are; what couldn't be told is
 * null, or a finding whose status is `unknown`.
 */

export const throughFormat = "transport-bench through";
export const throughVersion = 1;

const text = z.string();
const ms = z.number().min(0);
const count = z.int().min(0);

/**
 * `good`: as it should be. `limited`: possible, but not as well as it could be. `bad`: streams fail, or come late.
 * `unknown`: from outside, it can't be told.
 */
const status = z.enum(["good", "limited", "bad", "unknown"]);

const cure = z.strictObject({
  what: text,
  /** Who can do it: the application, or whoever configures what stands in between. */
  by: z.enum(["application", "proxy"]),
  /** Whether it helped when it was tried; null where it wasn't. */
  helped: z.boolean().nullable(),
  /** Where it is documented; null for what was tried. */
  source: text.nullable(),
});

const finding = z.strictObject({
  key: z.enum([
    "endpoint",
    "named",
    "head",
    "buffered",
    "compressed",
    "cut",
    "upgrade",
    "versions",
    "keep-alive",
  ]),
  /** For people. */
  title: text,
  status,
  found: text,
  /** In the order in which they should be tried. */
  cures: z.array(cure),
});

export const throughSchema = z.strictObject({
  format: z.literal(throughFormat),
  schemaVersion: z.literal(throughVersion),
  /** Without secrets. */
  url: text,
  /** Whether an answering end was behind it, which all figures need. */
  isAnswered: z.boolean(),
  boundMs: ms,
  findings: z.array(finding),
  figures: z.strictObject({
    /** From the request to the head, and to the first of the body. */
    headMs: ms.nullable(),
    firstMs: ms.nullable(),
    /** Events that came together though they were sent apart; 0 where none did. */
    burst: count.nullable(),
    /** How long events are held, in milliseconds; and how many bytes are, at least and at most. */
    heldMs: ms.nullable(),
    heldBytes: z.strictObject({ atLeast: count, atMost: count.nullable() }).nullable(),
    /** How long a silent connection lives: at least so long where it wasn't cut. */
    idle: z.strictObject({ ms, isCut: z.boolean() }).nullable(),
    idleWebSocket: z.strictObject({ ms, isCut: z.boolean() }).nullable(),
    contentEncoding: text.nullable(),
    /** The version of HTTP that the client chose of all that are offered, and the one that the server was asked by. */
    protocol: text,
    askedBy: text.nullable(),
  }),
});

export type Through = z.infer<typeof throughSchema>;
export type ThroughFinding = Through["findings"][number];
export type ThroughCure = ThroughFinding["cures"][number];
