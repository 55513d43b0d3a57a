import * as z from "zod";
import { BenchError } from "../errors/errors.ts";
import { parseJson } from "../files/text-files.ts";

/** A kind of JSON document that this project writes and reads again. */
export interface DocumentKind<Document> {
  /** Its name in messages: `a baseline`. */
  readonly title: string;
  /** The value of its field `format` in every version. */
  readonly format: string;
  /** The versions of each kind that are read: `schema` is the one in the field `schemaVersion`. */
  readonly versions: Readonly<Record<string, number>>;
  /** What to do about a document of an earlier version. */
  readonly remedy: string;
  readonly schema: z.ZodType<Document>;
}

/** A document that another version of this project has written. */
export class OutdatedDocument extends BenchError {}

/** Reads a document's text; `path` is for the message of the `BenchError` that is thrown for any other. */
export function parseDocument<Document>(
  { title, format, versions, remedy, schema }: DocumentKind<Document>,
  text: string,
  path: string,
): Document {
  const given = parseJson(text, path);
  const head = z.looseObject({ format: z.literal(format) }).safeParse(given);
  if (!head.success) {
    throw new BenchError("results", `${path}: is not ${title} ("format" must be "${format}")`);
  }
  for (const [name, version] of Object.entries(versions)) {
    const found = head.data[`${name}Version`];
    if (typeof found !== "number" || found === version) continue;
    const way = found > version ? "update it" : remedy;
    const what = `has ${name} version ${found}; this bench reads ${version}`;
    throw new OutdatedDocument("results", `${path}: ${what}, ${way}`);
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw new BenchError("results", `${path}: ${issueText(parsed.error)}`);
  return parsed.data;
}

const maxPlaceLength = 100;

/** The first thing that a schema finds wrong with a file, and where: `trials.0.figures.0.label: …`. */
function issueText({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return "is invalid";
  const path = issue.path.join(".");
  const place = path.length > maxPlaceLength ? `${path.slice(0, maxPlaceLength - 1)}…` : path;
  const what = issue.message.endsWith("received undefined") ? "is missing" : issue.message;
  return place === "" ? what : `${place}: ${what}`;
}
