import { bencher } from "./bencher.ts";
import type { ComparisonReport } from "./comparison-report.ts";
import { githubActionBenchmark, githubActionBenchmarkBigger } from "./github-action-benchmark.ts";
import { json } from "./json.ts";
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
