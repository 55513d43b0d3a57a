import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import { z } from "zod";

/*
 * What it takes to make every report of a results file, each time in a fresh process:
 * `npm run bench:reports -- RESULTS`. The aim is 2 s and 300 MB for a default run, pictures included.
 */

const times = 5;
const aim = { ms: 2_000, peakBytes: 300e6 };

const madeSchema = z.strictObject({
  sizes: z.array(z.strictObject({ name: z.string(), files: z.int(), bytes: z.int() })),
  ms: z.number(),
  peakBytes: z.number(),
});

const child = fileURLToPath(new URL("./render-once.js", import.meta.url));
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
console.log(sizes.toString());
console.log(
  `time: ${span(
    made.map(({ ms }) => ms),
    "ms",
  )}; aim ${aim.ms} ms`,
);
console.log(
  `most memory: ${span(
    made.map(({ peakBytes }) => peakBytes / 1e6),
    "MB",
  )}; aim ${aim.peakBytes / 1e6} MB`,
);
