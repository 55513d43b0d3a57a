import { headField } from "./message.ts";
import type { Bodies, Fields } from "./message.ts";

/** The messages of a corpus: a line each. Objects where every line is the JSON of one, else texts. */
export function bodiesOfCorpus(lines: readonly string[]): Bodies {
  const [first = "", ...others] = lines;
  const objects = lines.map(fieldsOf);
  const [firstObject, ...otherObjects] = objects.flatMap((fields) => fields ?? []);
  return firstObject === undefined || objects.includes(null)
    ? { shape: "text", bodies: [first, ...others] }
    : { shape: "object", bodies: [firstObject, ...otherObjects] };
}

function fieldsOf(line: string): Fields | null {
  if (!line.startsWith("{")) return null;
  try {
    const parsed: object = JSON.parse(line);
    return { [headField]: "", ...parsed };
  } catch {
    return null;
  }
}
