import { createHash } from "node:crypto";
import type { Run } from "../run.ts";

/** The fields by which things are known; the same name has to become the same everywhere. */
const names: ReadonlySet<string> = new Set(["name", "variant", "scenario", "transport", "label"]);

/** Longer ones tell nobody more. */
const maxLengths = { name: 120, text: 4_000 };

/** The run with no text so long that nothing else is seen. Escaping is left to what writes the page. */
export function shortenedRun({ label, results }: Run): Run {
  return { label: label === null ? null : shortened(label), results: shortenedIn(results) };
}

function shortenedIn<T>(given: T): T {
  // Few files have any: they needn't be copied for that.
  if (!hasLong(given, "")) return given;
  return JSON.parse(JSON.stringify(given), (key, value: unknown) => {
    if (typeof value === "string") return shortened(value, mostFor(key));
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [shortened(name), held]));
  });
}

function hasLong(value: unknown, key: string): boolean {
  if (typeof value === "string") return value.length > mostFor(key);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([name, held]) => name.length > maxLengths.name || hasLong(held, name),
  );
}

function mostFor(key: string): number {
  // Files are shown as they are; their length is limited where results are read.
  if (key === "encoded" || key === "text") return Number.POSITIVE_INFINITY;
  return names.has(key) ? maxLengths.name : maxLengths.text;
}

/** Texts that differ still do so when they are short. */
function shortened(text: string, length: number = maxLengths.name): string {
  if (text.length <= length) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${Array.from(text).slice(0, 80).join("")}… (${text.length} characters, ${hash})`;
}
