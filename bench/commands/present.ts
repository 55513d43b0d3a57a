import { join, relative, resolve } from "node:path";
import { onlyRun } from "../../reports/run.ts";
import type { Run } from "../../reports/run.ts";
import { textWidth } from "./text-width.ts";
import { resultsFile } from "../results/files.ts";
import type { Results } from "../results/schema.ts";
import { takesColour } from "../text/terminal.ts";
import { writeReport } from "./write-report.ts";

export interface Presentation {
  /** Where results and reports go. */
  readonly folder: string;
  /** That repeats the run. */
  readonly command: string;
  /** False for `results.json` alone. */
  readonly reports: boolean;
  /** Whether the page is to be shown at the end. */
  readonly open: boolean;
}

/** Prints the tables, writes the reports, says where everything is, and opens the page. */
export async function present(
  results: Results,
  { folder, command, reports: wanted, open }: Presentation,
  quiet: boolean,
): Promise<void> {
  const print = (text: string): void => {
    if (!quiet) process.stdout.write(text);
  };
  // Loaded only now: what draws charts must not take memory and time from what measures.
  const { terminal } = await import("../../reports/terminal.ts");
  const { visibleRun } = await import("../../reports/run.ts");
  const runs = onlyRun(results).map(visibleRun);
  // First of all: nothing that goes wrong with a file takes the tables along.
  print(
    `${terminal.render(runs, { colour: takesColour(process.stdout), width: textWidth() })}\n\n`,
  );
  const { files, page } = wanted ? await writeAll(runs, folder) : { files: [], page: null };
  const place = relative(".", resolve(folder)) || ".";
  if (page !== null) print(`Page:    ${join(place, page)}\n`);
  print(`Results: ${place} (${[resultsFile, ...files].join(", ")})\nRepeat:  ${command}\n`);
  if (open && page !== null) {
    const path = join(folder, page);
    const { openPage } = await import("./open-page.ts");
    const why = await openPage(path);
    if (why !== null) process.stderr.write(`--open: can't open ${path}: ${why}\n`);
  }
}

/** Makes every report that a run leaves behind. */
async function writeAll(
  runs: readonly Run[],
  folder: string,
): Promise<{ files: string[]; page: string | null }> {
  const { reports } = await import("../../reports/index.ts");
  const { Pictures } = await import("../../reports/charts/pictures.ts");
  const pictures = new Pictures();
  const draw = pictures.draw.bind(pictures);
  const files: string[] = [];
  let page: string | null = null;
  for (const report of reports) {
    const { name, file, several } = report;
    if (file === null) continue;
    const rendered = await report.render(runs, { colour: false, draw });
    await writeReport(join(folder, file), rendered);
    if (name === "html") page = file;
    if (typeof rendered === "string" || rendered.size > 0) {
      files.push(several ? `${file}/` : file);
    }
  }
  if (pictures.missing !== null) process.stderr.write(`${pictures.missing}\n`);
  return { files, page };
}
