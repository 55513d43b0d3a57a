import { headField } from "./message.ts";
import type { Bodies, Fields } from "./message.ts";

/** The messages of a corpus, a line each: these objects, or texts where there are none. */
export function bodiesOfCorpus(
  lines: readonly string[],
  objects: readonly object[] | null = objectsOf(lines),
): Bodies {
  const [first = "", ...others] = lines;
  const [firstObject, ...otherObjects] = (objects ?? []).map(withHeadField);
  return firstObject === undefined
    ? { shape: "text", bodies: [first, ...others] }
    : { shape: "object", bodies: [firstObject, ...otherObjects] };
}

function withHeadField(fields: object): Fields {
  return { [headField]: "", ...fields };
}

/** Null unless every line is the JSON of an object. */
export function objectsOf(lines: readonly string[]): object[] | null {
  const objects: object[] = [];
  for (const line of lines) {
    const fields = fieldsOf(line);
    if (fields === null) return null;
    objects.push(fields);
  }
  return objects;
}

function fieldsOf(line: string): object | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
