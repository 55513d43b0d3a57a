import { join, relative, resolve } from "node:path";
import { onlyRun } from "../../reports/run.ts";
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
  const written = reports.filter(({ file }) => wanted && file !== null);
  for (const report of written) {
    await writeReport(
      join(folder, report.file ?? ""),
      report.render(runs, { colour: false, draw }),
    );
  }
  if (pictures.missing !== null) process.stderr.write(`${pictures.missing}\n`);
  const page = written.find(({ name }) => name === "html")?.file ?? null;
  if (!quiet) {
    const place = relative(".", resolve(folder)) || ".";
    const files = written.flatMap(({ file, several }) => (several ? `${file}/` : (file ?? [])));
    process.stdout.write(
      [
        terminal.render(runs, { colour: wantsColour() }),
        "",
        ...(page === null ? [] : [`Page:    ${join(place, page)}`]),
        `Results: ${place} (${["results.json", ...files].join(", ")})`,
        `Repeat:  ${command}`,
        "",
      ].join("\n"),
    );
  }
  if (open && page !== null) await show(join(folder, page));
}

/** Hands the page to the desktop, whose business it then is. */
async function show(page: string): Promise<void> {
  const { default: open } = await import("open");
  try {
    await open(resolve(page));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`--open: can't open ${page}: ${why}\n`);
  }
}

function wantsColour(): boolean {
  return process.stdout.isTTY && !process.env["NO_COLOR"];
}
