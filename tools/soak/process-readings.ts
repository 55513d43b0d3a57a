import { readdirSync } from "node:fs";
import { read } from "../../bench/machine/files.ts";

/** What /proc tells of one process. */
export interface Reading {
  /** Memory of its own: neither files nor what it shares with others; swapped out or not. */
  readonly anonymousBytes: number;
  readonly descriptors: number;
}

/** Null when it has ended. */
export function readingOf(pid: number): Reading | null {
  const rollup = read(`/proc/${pid}/smaps_rollup`);
  const descriptors = entries(`/proc/${pid}/fd`).length;
  // A process that ends first loses its memory.
  if (rollup === null || rollup === "" || descriptors === 0) return null;
  const kibibytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(rollup)?.[1] ?? 0);
  return { anonymousBytes: (kibibytes("Anonymous") + kibibytes("Swap")) * 1_024, descriptors };
}

const known: readonly (readonly [RegExp, string])[] = [
  [/processes\/server\.js/, "server"],
  [/processes\/load\.js/, "load"],
  [/processes\/network\.js/, "network"],
  [/packets\/relay\.js/, "packet relay"],
  [/^cat /, "namespace"],
];

/** What a process is that a run has started; null for those that run for a moment, or are about to become another. */
export function roleOf(pid: number): string | null {
  const commandLine = (read(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ");
  return known.find(([pattern]) => pattern.test(commandLine))?.[1] ?? null;
}

/** All that run and inherited this from the soak's environment. */
export function carriersOf(variable: string, value: string): number[] {
  return entries("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) =>
      `\0${read(`/proc/${pid}/environ`) ?? ""}`.includes(`\0${variable}=${value}\0`),
    );
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
