import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * The URL of a package that is installed by those who use it: beside this one, or in the folder that the command is
 * run in. Throws Node's error where it is neither.
 */
export function packageUrl(name: string): string {
  try {
    return import.meta.resolve(name);
  } catch {
    return pathToFileURL(createRequire(`${process.cwd()}/`).resolve(name)).href;
  }
}

export function isInstalled(name: string): boolean {
  try {
    packageUrl(name);
    return true;
  } catch {
    return false;
  }
}
