import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { ledger } from "../../bench/results/recorded-absences.ts";
import { BenchError } from "../../bench/errors/errors.ts";

/* What a soak has seen, as it is saved: it can be judged again without another hour. */

const count = z.number().int().min(0);
const values = z.array(z.number());

/** Two readings at the same place of their arrays belong together. Times are milliseconds since 1970. */
const processCourse = z.strictObject({
  process: z.string(),
  atMs: values,
  anonymousBytes: values,
  descriptors: values,
  /** After a collection of all garbage; empty for a process that isn't Node. */
  heap: z.strictObject({ atMs: values, bytes: values }),
});

const phase = z.strictObject({
  name: z.string(),
  expected: count,
  ...ledger.shape,
  returns: count,
  /** Clients that were never back. */
  lasting: count,
});

const run = z.strictObject({
  name: z.string(),
  command: z.string(),
  exitCode: z.number().nullable(),
  /** `valid`, `invalid` or `failed`, and why; the empty text without results. */
  outcome: z.string(),
  processes: z.array(processCourse),
  phases: z.array(phase),
  /** Processes and files that were there when it had ended. */
  left: z.array(z.string()),
});

const record = z.object({
  minutes: z.number().positive(),
  cutEverySeconds: z.number().positive(),
  clients: count,
  rate: z.number().positive(),
  /** What repeats it. */
  command: z.string(),
  startedAt: z.iso.datetime(),
  runs: z.array(run),
});

export type ProcessCourse = z.infer<typeof processCourse>;
export type SoakedPhase = z.infer<typeof phase>;
export type SoakedRun = z.infer<typeof run>;
export type SoakRecord = z.infer<typeof record>;

const fileName = "soak.json";

export function saveRecord(folder: string, saved: SoakRecord): void {
  writeFileSync(join(folder, fileName), `${JSON.stringify(saved)}\n`);
}

export function readRecord(folder: string): SoakRecord {
  const path = join(folder, fileName);
  try {
    return record.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new BenchError("usage", `--from: ${path} isn't what a soak has saved`, String(error));
  }
}
