import { createHash } from "node:crypto";
import { harmless } from "../harmless.ts";
import type { Run } from "../run.ts";

/** The fields by which things are known; the same name has to become the same everywhere. */
const names: ReadonlySet<string> = new Set(["name", "variant", "scenario", "transport", "label"]);

/** Longer ones tell nobody more. */
const most = { name: 120, text: 4_000 };

/**
 * The run with texts that a page can show: without control characters and without those that turn the
 * direction of writing, none so long that nothing else is seen. Escaping is left to what writes the page.
 */
export function readable(run: Run): Run {
  const { label, results } = harmless(run);
  return { label: label === null ? null : shortened(label), results: shortenedIn(results) };
}

function shortenedIn<T>(given: T): T {
  return JSON.parse(JSON.stringify(given), (key, value: unknown) => {
    if (typeof value === "string") {
      if (key === "encoded") return value;
      return shortened(value, names.has(key) ? most.name : most.text);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, held]) => [shortened(name), held]));
  });
}

/** Texts that differ still do so when they are short. */
function shortened(text: string, length: number = most.name): string {
  if (text.length <= length) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return `${Array.from(text).slice(0, 80).join("")}… (${text.length} characters, ${hash})`;
}
