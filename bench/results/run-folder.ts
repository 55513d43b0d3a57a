import { join, normalize } from "node:path";
import { newFolder, prepareFolder } from "./folders.ts";
import { refuseInput } from "./outputs.ts";

/** What a command that measures may leave in its folder, beside pictures. A test holds it to the reports. */
export const runFiles = [
  "results.json",
  "report.md",
  "report.html",
  "results.csv",
  "figures.csv",
  "comparison.json",
  "comparison.md",
  "junit.xml",
  join("baseline", "results.json"),
  join("candidate", "results.json"),
] as const;

export interface RunFolderOptions {
  /** The folder that was asked for, and what it was asked for by. */
  readonly out: string | undefined;
  readonly flag: string;
  /** Files that are read, and must still be there afterwards. */
  readonly inputs: readonly string[];
}

/**
 * Makes the folder for results: the one that was asked for, or one of its own by the time, such as
 * `bench-results/2026-11-23T08-30-05`. Throws a `BenchError` when it can't be written to.
 */
export async function openRunFolder({ out, flag, inputs }: RunFolderOptions): Promise<string> {
  if (out === undefined) {
    const now = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
    return await newFolder(join("bench-results", now), "--out (default)");
  }
  // `new/..` is there only once `new` is.
  const folder = normalize(out);
  for (const file of runFiles) refuseInput(join(folder, file), flag, inputs);
  await prepareFolder(folder, flag);
  return folder;
}
