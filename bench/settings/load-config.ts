import { statSync } from "node:fs";
import { extname } from "node:path";
import { codeOf, usageError } from "../errors/errors.ts";
import type { BenchError } from "../errors/errors.ts";
import { parseJson, readText } from "../files/text-files.ts";
import { evaluateFile } from "./evaluate-file.ts";

const maxBytes = 10 * 1024 * 1024;
const maxMs = 15_000;

/** The content of a config file: JSON, or the default export of a module. Throws a `BenchError`. */
export async function loadConfig(path: string): Promise<unknown> {
  const isModule = /^\.[cm]?[jt]sx?$/.test(extname(path));
  const { size } = fileAt(path);
  if (size > maxBytes) throw unreadable(path, `it is larger than ${maxBytes / 2 ** 20} MiB`);
  return isModule ? await evaluated(path) : parseJson(await textOf(path), path, "usage");
}

/** A pipe or a device may have no end, or never begin. */
function fileAt(path: string): { size: number } {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return stats;
  } catch (error) {
    throw unreadable(path, codeOf(error));
  }
  throw unreadable(path, "it is not a file");
}

async function textOf(path: string): Promise<string> {
  try {
    return await readText(path, maxBytes);
  } catch (error) {
    throw unreadable(path, codeOf(error));
  }
}

function unreadable(path: string, why: string): BenchError {
  return usageError(`${path} can't be read: ${why}`);
}

async function evaluated(path: string): Promise<unknown> {
  const outcome = await evaluateFile(path, { maxMs, wantsData: true });
  if ("exported" in outcome) return outcome.exported;
  throw unreadable(path, outcome.reason);
}
