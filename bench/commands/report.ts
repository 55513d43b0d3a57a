import { basename, dirname, relative, resolve } from "node:path";
import { Pictures } from "../../reports/charts/pictures.ts";
import { reports } from "../../reports/index.ts";
import type { Run } from "../../reports/run.ts";
import { BenchError, exitCodes, nearest } from "../errors.ts";
import { readResults } from "../results/files.ts";
import { ended, writeReport } from "./write-report.ts";

export interface ReportFlags {
  readonly format: string;
  readonly out?: string;
}

/** `bench report`: makes a report again from results files alone; several stand side by side. */
export async function report(
  paths: readonly string[],
  { format, out }: ReportFlags,
): Promise<number> {
  const names = reports.map(({ name }) => name);
  const chosen = reports.find(({ name }) => name === format);
  if (chosen === undefined) {
    throw new BenchError(
      "usage",
      `--format: unknown format "${format}"; ${nearest(format, names)}known are ${names.join(", ")}`,
    );
  }
  if (chosen.several && out === undefined) {
    throw new BenchError("usage", `--out: ${format} makes several files; name a folder for them`);
  }
  const runs: Run[] = [];
  for (const [index, label] of labelsOf(paths).entries()) {
    runs.push({ label, results: await readResults(paths[index] ?? "") });
  }
  const pictures = new Pictures();
  const colour = out === undefined && process.stdout.isTTY && !process.env["NO_COLOR"];
  const rendered = chosen.render(runs, { colour, draw: (chart) => pictures.draw(chart) });
  if (pictures.missing !== null) process.stderr.write(`${pictures.missing}\n`);
  if (out !== undefined) await writeReport(out, rendered);
  else if (typeof rendered === "string") process.stdout.write(ended(rendered));
  return pictures.missing !== null && chosen.several ? exitCodes.failed : exitCodes.done;
}

/** What tells results files apart, in short: their folders' names, or else their whole paths. */
function labelsOf(paths: readonly string[]): (string | null)[] {
  if (paths.length < 2) return paths.map(() => null);
  const short = paths.map((path) => basename(folderOf(resolve(path))));
  if (new Set(short).size === short.length) return short;
  const long = paths.map((path) => relative(".", resolve(path)) || ".");
  const repeated = long.find((path, index) => long.indexOf(path) !== index);
  if (repeated !== undefined) {
    throw new BenchError("usage", `${repeated}: is named twice; name each results file once`);
  }
  return long;
}

/** `runs/a/results.json` is known as `a`; a file of another name by its own. */
function folderOf(path: string): string {
  return basename(path) === "results.json" ? dirname(path) : path.replace(/\.json$/, "");
}
