import { stripVTControlCharacters } from "node:util";
import type { Run } from "./run.ts";

/**
 * The run with texts that do nothing to a terminal: a file may come from anywhere. Only labels of figures
 * may have several lines.
 */
export function harmless({ label, results }: Run): Run {
  return { label: label === null ? null : plain(label), results: harmlessValue(results, "label") };
}

/** The same for any plain data; texts under `ofLines` may have several lines. */
export function harmlessValue<T>(given: T, ofLines: string | null = null): T {
  return JSON.parse(JSON.stringify(given), (key, value: unknown) => {
    if (typeof value === "string") return key === ofLines ? plainLines(value) : plain(value);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [plain(name), held]));
  });
}

/** Words of printable ASCII: nearly all that there is in a file, above all its long histograms. */
const usual = /^[!-~]*(?: [!-~]+)*$/;

function plain(text: string): string {
  if (usual.test(text)) return text;
  return plainLines(text.split(/\s+/).join(" "));
}

/** Without control characters, nor those that make a terminal write from right to left. */
function plainLines(text: string): string {
  return stripVTControlCharacters(text).replaceAll(
    /[^\P{Cc}\n]|[\u202A-\u202E\u2066-\u2069]/gu,
    "\uFFFD",
  );
}
