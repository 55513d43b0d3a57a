import * as z from "zod";
import { BenchError, codeOf } from "../errors/errors.ts";
import { readText } from "../files/text-files.ts";
import { parseDocument } from "../results/document.ts";
import { answersFields } from "../results/recorded-answers.ts";
import { misfortuneFields } from "../results/recorded-misfortune.ts";
import { serverFleetFields } from "../results/recorded-server-fleet.ts";
import { networkField } from "../results/recorded-network.ts";
import { payloadFields } from "../results/recorded-payload.ts";
import { schemaVersion } from "../results/schema.ts";
import { name, number } from "../results/texts.ts";

/*
 * bench.baseline.json: what a server is known to cost, kept beside its sources. Only what is counted, since
 * that is the same on every machine; small, and one metric a line, so that a change of it can be read in a
 * review.
 */

const baselineFormat = "transport-bench baseline";
const baselineVersion = 1;

/** Stands for the phase of what a trial as a whole has shown. */
export const wholeTrial = "whole trial";

const workload = z.strictObject({
  clients: z.int().min(0),
  durationMs: z.number(),
  maxConnections: z.int().min(0),
  ...misfortuneFields,
  ...answersFields,
  payloadBytes: z.int().min(0),
  ...payloadFields,
  network: networkField,
  ...serverFleetFields,
  ratePerSecond: z.number(),
  warmUpMs: z.number(),
});

const metrics = z.record(name, number);

export const baselineSchema = z.strictObject({
  format: z.literal(baselineFormat),
  baselineVersion: z.literal(baselineVersion),
  /** The schema version of the results that it was made from: another version may count differently. */
  schemaVersion: z.literal(schemaVersion),
  /** The major version, by which memory differs. */
  node: z.int().min(0),
  server: z.enum(["built-in", "target"]),
  scenarios: z.record(name, workload),
  /** By variant, scenario and phase. */
  counted: z.record(name, z.record(name, z.record(name, metrics))),
});

export type Baseline = z.infer<typeof baselineSchema>;

export const baselineHead = { format: baselineFormat, baselineVersion, schemaVersion } as const;

/** Reads a baseline; null where there is none. Throws a `BenchError` that says what is wrong with it. */
export async function readBaseline(path: string): Promise<Baseline | null> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw new BenchError("results", `${path}: can't be read (${codeOf(error)})`);
  }
  return parseBaseline(text, path);
}

/** `path` is for the message of the `BenchError` that is thrown for any other text. */
export function parseBaseline(text: string, path: string): Baseline {
  return parseDocument(baselineDocument, text, path);
}

const baselineDocument = {
  title: "a baseline",
  format: baselineFormat,
  versions: { baseline: baselineVersion, schema: schemaVersion },
  remedy: "recreate it by --update without --transports and --scenarios",
  schema: baselineSchema,
};

/** The text of a baseline file: keys in order, a metric a line. */
export function baselineText(baseline: Baseline): string {
  return `${JSON.stringify(ordered(baseline), null, 2)}\n`;
}

/** Sorts keys: the fields that identify the document first, all others by name. */
function ordered({
  format,
  baselineVersion: version,
  schemaVersion: results,
  ...rest
}: Baseline): unknown {
  return { format, baselineVersion: version, schemaVersion: results, ...sorted(rest) };
}

function sorted<T>(value: T): T;
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => [key, sorted(held)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
