import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where servers and programs for administrators are, which other users' PATH often leaves out. */
export const administratorsFolders: readonly string[] = ["/usr/sbin", "/usr/local/bin", "/sbin"];

/** The file of a program in the folders of `path`, or in others; null where there is none. */
export function findProgram(
  name: string,
  path: string,
  moreFolders: readonly string[] = administratorsFolders,
): string | null {
  const folders = [...path.split(delimiter).filter(Boolean), ...moreFolders];
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

/** The file itself, if it is a program that may be started; null where it isn't. */
export function programAt(file: string): string | null {
  return isProgram(file) ? file : null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
