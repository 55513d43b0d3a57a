import { comparisonFormats } from "../../reports/verdict/format-names.ts";

// What `compare`, `check` and `ab` have in common, for help; light, since the CLI loads it at every start.

/** Takes `pass` or `fail`. */
export const inconclusiveFlag = "--inconclusive <outcome>";
export const inconclusiveHelp =
  "what it comes to when it can't be told: pass or fail (default: exit code 3)";

/** May be given as often as one likes. */
export const writeFlag = "--write <format=path>";
export const writeHelp = `also write a report to a file: ${comparisonFormats.join(", ")}`;

/** Of a flag that may be given several times: what was given before, and this one. */
export function collected(given: string, before: readonly string[] = []): readonly string[] {
  return [...before, given];
}
