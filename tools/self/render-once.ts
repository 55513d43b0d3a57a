import { Pictures } from "../../reports/charts/pictures.ts";
import { reports } from "../../reports/index.ts";
import { onlyRun } from "../../reports/run.ts";
import { readResults } from "../../bench/results/files.ts";

/*
 * Makes every report of a results file once, in this process, and prints the outcome as JSON: sizes in
 * bytes by report, the time for all of them, and the most memory that this process ever had.
 */

const pictures = new Pictures();
const draw = pictures.draw.bind(pictures);
const results = await readResults(process.argv[2] ?? "");
const begun = performance.now();
const runs = onlyRun(results);
const sizes = [];
for (const report of reports) {
  const rendered = await report.render(runs, { colour: false, draw });
  const files = typeof rendered === "string" ? [Buffer.from(rendered)] : [...rendered.values()];
  const bytes = files.reduce((sum, file) => sum + file.length, 0);
  sizes.push({ name: report.name, files: files.length, bytes });
}
const ms = performance.now() - begun;
if (pictures.missing !== null) throw new Error(pictures.missing);
// Linux and macOS both have Node tell it in kilobytes.
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ sizes, ms, peakBytes }));
