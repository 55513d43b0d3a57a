import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { join, normalize } from "node:path";
import { usageError } from "../errors/errors.ts";
import { newFolder, prepareFolder } from "./folders.ts";
import { refuseInput } from "./outputs.ts";

/** The documents that a command that measures may leave in its folder, beside reports. */
const documents = [
  "results.json",
  join("baseline", "results.json"),
  join("candidate", "results.json"),
] as const;

/**
 * Makes the folder for results: the one that was asked for, or one of its own by the time, such as
 * `bench-results/2026-11-23T08-30-05`. Throws a `BenchError` when it can't be written to, or a file that
 * isn't of bench would be replaced; says so when earlier results are. `flag` is what it was asked for by, and
 * `inputs` are files that are read and must still be there afterwards, `reports` what reports in it are called.
 */
export async function openRunFolder(
  { out, quiet }: { readonly out?: string | undefined; readonly quiet: boolean },
  flag: string,
  inputs: readonly string[],
  reports: readonly string[],
): Promise<string> {
  if (out === undefined) {
    const now = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
    return await newFolder(join("bench-results", now), "--out (default)");
  }
  // `new/..` is there only once `new` is.
  const path = normalize(out);
  const files = [...documents, ...reports].map((file) => join(path, file));
  for (const file of files) refuseInput(file, flag, inputs);
  await prepareFolder(path, flag);
  if ((await isUsed(files, flag)) && !quiet) {
    process.stderr.write(
      `${flag}: ${path} holds earlier results; files of the same names are replaced\n`,
    );
  }
  return path;
}

/** Only documents say whose they are: reports beside one of bench are taken for those that it was left with. */
async function isUsed(files: readonly string[], flag: string): Promise<boolean> {
  const there = files.filter((path) => existsSync(path));
  const documents = there.filter((path) => path.endsWith(".json"));
  const isOwn = await Promise.all(documents.map(isOfBench));
  const stranger = documents.find((_path, index) => isOwn[index] !== true);
  const replaced = stranger ?? (documents.length === 0 ? there[0] : undefined);
  if (replaced === undefined) return documents.length > 0;
  const why = "already exists, is not part of bench's results, and would be replaced";
  throw usageError(`${flag}: ${replaced} ${why}; name another folder`);
}

/** The start of a document of any version: its format comes first. */
const ownHead = /^\s*\{\s*"format":\s*"transport-bench /;

async function isOfBench(path: string): Promise<boolean> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(256) });
    return ownHead.test(buffer.toString("utf8", 0, bytesRead));
  } catch {
    return false;
  }
}
