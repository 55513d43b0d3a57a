import { join, relative, resolve } from "node:path";
import { onlyRun } from "../../reports/run.ts";
import { resultsFile } from "../results/files.ts";
import type { Results } from "../results/schema.ts";
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

/** Writes the reports, prints the tables and where everything is, and opens the page. */
export async function present(
  results: Results,
  { folder, command, reports: wanted, open }: Presentation,
  quiet: boolean,
): Promise<void> {
  // Loaded only now: what draws charts must not take memory and time from what measures.
  const { reports } = await import("../../reports/index.ts");
  const { terminal } = await import("../../reports/terminal.ts");
  const { Pictures } = await import("../../reports/charts/pictures.ts");
  const pictures = new Pictures();
  const draw = pictures.draw.bind(pictures);
  const runs = onlyRun(results);
  const written: string[] = [];
  let page: string | null = null;
  for (const report of wanted ? reports : []) {
    const { name, file, several } = report;
    if (file === null) continue;
    const rendered = await report.render(runs, { colour: false, draw });
    await writeReport(join(folder, file), rendered);
    if (name === "html") page = file;
    if (typeof rendered === "string" || rendered.size > 0) {
      written.push(several ? `${file}/` : file);
    }
  }
  if (pictures.missing !== null) process.stderr.write(`${pictures.missing}\n`);
  if (!quiet) {
    const place = relative(".", resolve(folder)) || ".";
    process.stdout.write(
      [
        terminal.render(runs, { colour: wantsColour() }),
        "",
        ...(page === null ? [] : [`Page:    ${join(place, page)}`]),
        `Results: ${place} (${[resultsFile, ...written].join(", ")})`,
        `Repeat:  ${command}`,
        "",
      ].join("\n"),
    );
  }
  if (open && page !== null) {
    const path = join(folder, page);
    const { openPage } = await import("./open-page.ts");
    const why = await openPage(path);
    if (why !== null) process.stderr.write(`--open: can't open ${path}: ${why}\n`);
  }
}

function wantsColour(): boolean {
  return process.stdout.isTTY && !process.env["NO_COLOR"];
}
