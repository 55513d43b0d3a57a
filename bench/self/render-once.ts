import { Pictures } from "../../reports/charts/pictures.ts";
import { reports } from "../../reports/index.ts";
import { onlyRun } from "../../reports/run.ts";
import { readResults } from "../results/files.ts";

/*
 * Makes every report of a results file once, in this process, and prints what it came to as JSON: sizes in
 * bytes by report, and the most memory that this process ever had.
 */

const pictures = new Pictures();
const draw = pictures.draw.bind(pictures);
const runs = onlyRun(await readResults(process.argv[2] ?? ""));
const sizes = reports.map((report) => {
  const rendered = report.render(runs, { colour: false, draw });
  const files = typeof rendered === "string" ? [Buffer.from(rendered)] : [...rendered.values()];
  return {
    name: report.name,
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.length, 0),
  };
});
if (pictures.missing !== null) throw new Error(pictures.missing);
// Linux and macOS both have Node tell it in kilobytes.
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ sizes, peakBytes }));
