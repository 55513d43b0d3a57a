import {
  bencher,
  githubActionBenchmark,
  githubActionBenchmarkBigger,
  json,
} from "./machine-formats.ts";
import type { ComparisonReport } from "./comparison-report.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { terminal } from "./terminal.ts";

/** Every way to present a comparison. */
export const comparisonReports: readonly ComparisonReport[] = [
  terminal,
  markdown,
  junit,
  json,
  githubActionBenchmark,
  githubActionBenchmarkBigger,
  bencher,
];
