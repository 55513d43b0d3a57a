import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { BenchError, codeOf, usageError } from "../errors/errors.ts";

/** Makes the folder and proves that it can be written to; throws a `BenchError` when it can't. */
export async function prepareFolder(folder: string, flag: string): Promise<void> {
  try {
    await makeFolder(resolve(folder));
    await proveFolder(folder);
  } catch (error) {
    throw cantWrite(folder, flag, error);
  }
}

/**
 * Makes a folder of this name, or where that is there already one with a number behind it: of several
 * processes that ask at once, each has its own. Returns its path.
 */
export async function newFolder(path: string, flag: string): Promise<string> {
  try {
    await makeFolder(dirname(resolve(path)));
    for (let number = 1; ; number += 1) {
      const numbered = number === 1 ? path : `${path}-${number}`;
      if (await isMade(numbered)) return numbered;
    }
  } catch (error) {
    throw cantWrite(path, flag, error);
  }
}

/** Node's own recursive `mkdir` never ends where a parent can neither be found nor made, as in /proc. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await isMade(folder);
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await isMade(folder);
  }
}

/** False where something of this name is there already. */
async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function proveFolder(folder: string): Promise<void> {
  const probe = join(folder, `.${process.pid}.tmp`);
  await writeFile(probe, "");
  await rm(probe);
}

function cantWrite(folder: string, flag: string, error: unknown): BenchError {
  return usageError(`${flag}: can't write to ${folder} (${codeOf(error)})`);
}
