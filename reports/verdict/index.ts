import type { ComparisonReport } from "./comparison-report.ts";

/** Every way to present a comparison, in the order in which help names them; each is loaded when it is made. */
export const comparisonReports: readonly ComparisonReport[] = [
  report("terminal", null, async () => (await import("./terminal.ts")).terminal),
  report("md", "comparison.md", async () => (await import("./markdown.ts")).markdown),
  report("junit", "junit.xml", async () => (await import("./junit.ts")).junit),
  report("json", "comparison.json", async () => (await machineFormats()).json),
  report(
    "github-action-benchmark",
    null,
    async () => (await machineFormats()).githubActionBenchmark,
  ),
  report(
    "github-action-benchmark-bigger",
    null,
    async () => (await machineFormats()).githubActionBenchmarkBigger,
  ),
  report("bencher", null, async () => (await machineFormats()).bencher),
];

function machineFormats(): Promise<typeof import("./machine-formats.ts")> {
  return import("./machine-formats.ts");
}

function report(
  name: string,
  file: string | null,
  load: () => Promise<Pick<ComparisonReport, "render">>,
): ComparisonReport {
  return {
    name,
    file,
    render: async (comparison, options) => (await load()).render(comparison, options),
  };
}
