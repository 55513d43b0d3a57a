import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import * as z from "zod";
import { packageModule } from "../../bench/files/package-files.ts";
import { pageTimes } from "./page-time.ts";

/*
 * What it takes to make every report of a results file, each time in a fresh process, and to open its page:
 * `npm run bench:reports -- RESULTS`. The aims are for a default run.
 */

const times = 5;
const aim = { ms: 2_000, megabytes: 300, drawnMs: 1_000 };

const madeSchema = z.strictObject({
  sizes: z.array(z.strictObject({ name: z.string(), files: z.int(), bytes: z.int() })),
  ms: z.number(),
  peakBytes: z.number(),
});

const child = fileURLToPath(packageModule("tools/self/render-once"));
const [, , results] = process.argv;
if (results === undefined) throw new Error("name a results file: npm run bench:reports -- RESULTS");

const made = Array.from({ length: times }, () => {
  const text = execFileSync(process.execPath, [child, results], { encoding: "utf8" });
  return madeSchema.parse(JSON.parse(text));
});

const sizes = new Table({
  head: ["report", "files", "kB"],
  colAligns: ["left", "right", "right"],
  style: { head: [], border: [], compact: true },
});
for (const { name, files, bytes } of made[0]?.sizes ?? []) {
  sizes.push([name, files, (bytes / 1_000).toFixed(0)]);
}
const span = (values: readonly number[], unit: string): string =>
  `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)} ${unit}`;
const makingMs = made.map(({ ms }) => ms);
const peakMegabytes = made.map(({ peakBytes }) => peakBytes / 1e6);
const drawnMs = await pageTimes(results, times);
console.log(sizes.toString());
console.log(`making all of them: ${span(makingMs, "ms")}; aim ${aim.ms} ms`);
console.log(`most memory: ${span(peakMegabytes, "MB")}; aim ${aim.megabytes} MB`);
console.log(
  drawnMs === null
    ? "the page was not opened: there is no Chromium"
    : `opening the page, until its last chart is drawn: ${span(drawnMs, "ms")}; aim ${aim.drawnMs} ms`,
);
