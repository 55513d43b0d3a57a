import { once } from "node:events";
import { join, relative, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { onlyRun } from "../../reports/run.ts";
import type { Run } from "../../reports/run.ts";
import { takesColour, textWidth } from "../text/terminal.ts";
import { readResults, resultsFile } from "../results/files.ts";
import { writeReport } from "./write-report.ts";
import { reports } from "../../reports/index.ts";

export interface ShowOptions {
  /** Where the results are, and reports go. */
  readonly folder: string;
  /** That repeats the run. */
  readonly command: string;
  /** See `RenderOptions`. */
  readonly base?: string | null;
  /** False for `results.json` alone. */
  readonly reports: boolean;
  /** Whether the page is to be shown at the end. */
  readonly open: boolean;
  readonly quiet: boolean;
}

/** Prints the tables, writes the reports, says where everything is, and opens the page. */
export async function showResults(presentation: ShowOptions): Promise<void> {
  const { folder, command, base = null, reports: wanted, open, quiet } = presentation;
  const print = (text: string): void => {
    if (!quiet) process.stdout.write(text);
  };
  // Loaded only now: what draws charts must not take memory and time from what measures.
  const { terminal } = await import("../../reports/terminal.ts");
  // As saved: a report that is made again later, from the file, is then the same to the letter.
  const runs = onlyRun(await readResults(folder));
  // First of all: nothing that goes wrong with a file takes the tables along.
  print(
    `${terminal.render(runs, { colour: takesColour(process.stdout), width: textWidth(), base })}\n\n`,
  );
  const { files, page } = wanted ? await writeAll(runs, folder, base) : { files: [], page: null };
  const place = relative(".", resolve(folder)) || ".";
  if (page !== null) print(`Page:    ${join(place, page)}\n`);
  print(`Results: ${place} (${[resultsFile, ...files].join(", ")})\nRepeat:  ${command}\n`);
  if (open && page !== null) {
    const path = join(folder, page);
    const why = await openPage(path);
    if (why !== null) process.stderr.write(`--open: can't open ${path}: ${why}\n`);
  }
}

/** Makes every report that a run leaves behind. */
async function writeAll(
  runs: readonly Run[],
  folder: string,
  base: string | null,
): Promise<{ files: string[]; page: string | null }> {
  const { Pictures } = await import("../../reports/charts/pictures.ts");
  const pictures = new Pictures();
  const draw = pictures.draw.bind(pictures);
  const files: string[] = [];
  let page: string | null = null;
  for (const report of reports) {
    const { name, file } = report;
    if (file === null) continue;
    const rendered = await report.render(runs, { colour: false, draw, base });
    await writeReport(join(folder, file), rendered);
    if (name === "html") page = file;
    if (typeof rendered === "string" || rendered.size > 0) {
      files.push(file);
    }
  }
  if (pictures.missing !== null) process.stderr.write(`${pictures.missing}\n`);
  return { files, page };
}

/** A launcher that finds no browser has exited by then; one that still runs may be the browser itself. */
const launchMs = 1_000;

/** Opens a page by the desktop's launcher. Returns why that failed, or null. */
async function openPage(page: string): Promise<string | null> {
  try {
    const { default: open } = await import("open");
    const launcher = await open(resolve(page));
    const closed = once(launcher, "close").then(() => launcher.exitCode);
    const code = await Promise.race([closed, setTimeout(launchMs, null)]);
    return code === null || code === 0 ? null : "no program that opens pages was found";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
