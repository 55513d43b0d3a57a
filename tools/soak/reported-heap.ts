import { join } from "node:path";
import { read } from "../../bench/machine/files.ts";
import type { ProcessCourse } from "./record.ts";

/** Tells the processes of a soak where to report, and how often. All that they start inherits it, and is known by it. */
export const soakVariable = "TRANSPORT_BENCH_SOAK";

interface Reporting {
  readonly folder: string;
  readonly everyMs: number;
}

export function spelled({ folder, everyMs }: Reporting): string {
  return `${everyMs}:${folder}`;
}

export function spellingOf(text: string): Reporting {
  const colon = text.indexOf(":");
  return { everyMs: Number(text.slice(0, colon)), folder: text.slice(colon + 1) };
}

/** What a process has reported; nothing of one that isn't Node. */
export function heapCourseOf(folder: string, pid: number): ProcessCourse["heap"] {
  const lines = (read(join(folder, `${pid}.heap`)) ?? "").split("\n").filter(Boolean);
  const pairs = lines.map((line) => line.split(" ").map(Number));
  return {
    atMs: pairs.map(([atMs = Number.NaN]) => atMs),
    bytes: pairs.map(([, bytes = Number.NaN]) => bytes),
  };
}
