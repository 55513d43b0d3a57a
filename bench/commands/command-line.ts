import { withoutSecrets } from "../errors/secrets.ts";
import { asFlag } from "../settings/naming.ts";
import { npxCommand } from "../text/command-name.ts";

/** Settings that only say where output goes. */
const incidental: ReadonlySet<string> = new Set(["out", "quiet"]);

/**
 * A command that does the same again, to be pasted into a shell: its name and arguments, and `flags` as they
 * are given, by their keys. A list stands for a flag that is given several times.
 */
export function commandLine(
  words: readonly string[],
  flags: Readonly<Record<string, unknown>> = {},
): string {
  const flagWords = Object.entries(flags).flatMap(([key, value]) => {
    if (incidental.has(key) || value === undefined || value === false) return [];
    if (value === true) return [asFlag(key)];
    const values = Array.isArray(value) ? value : [value];
    return values.flatMap((item) => [asFlag(key), quoted(String(item))]);
  });
  return [npxCommand, ...words.map(quoted), ...flagWords].join(" ");
}

/** A word of a command line for a shell, as it is shown: without secrets. */
export function quoted(given: string): string {
  const text = withoutSecrets(given);
  return /^[\w@:+=./,%-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
