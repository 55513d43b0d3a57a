import { resolve } from "node:path";
import { comparisonReports } from "../../reports/verdict/index.ts";
import { BenchError, knownAre, nearest } from "../errors/errors.ts";
import { isSameFile, proveOutput } from "../files/outputs.ts";

/** A report of a comparison, and the file that it goes to. */
export interface WantedFile {
  readonly format: string;
  readonly path: string;
}

/**
 * Reads what `--write` was given, and proves that each file can be written and is none of `inputs`; throws
 * a `BenchError` otherwise. To be called before anything is measured.
 */
export async function proveWritable(
  given: readonly string[] = [],
  inputs: readonly string[] = [],
): Promise<readonly WantedFile[]> {
  const wanted = given.map(wantedFile);
  const again = wanted.find(({ path }, index) =>
    wanted.slice(0, index).some((earlier) => isSamePath(earlier.path, path)),
  );
  if (again !== undefined) throw wrong(`${again.path} is named twice`);
  for (const { path } of wanted) await proveOutput(path, "--write", inputs);
  return wanted;
}

/** By its name or, where links lead to it, by itself. */
function isSamePath(a: string, b: string): boolean {
  return resolve(a) === resolve(b) || isSameFile(a, b);
}

function wantedFile(given: string): WantedFile {
  const at = given.indexOf("=");
  const name = at < 0 ? given : given.slice(0, at);
  const path = at < 0 ? "" : given.slice(at + 1);
  const known = comparisonReports.map((report) => report.name);
  if (!known.includes(name)) {
    throw wrong(`unknown format "${name}"; ${nearest(name, known)}${knownAre(known)}`);
  }
  if (path === "") throw wrong(`"${given}" names no file; write ${name}=path`);
  return { format: name, path };
}

function wrong(why: string): BenchError {
  return new BenchError("usage", `--write: ${why}`);
}
