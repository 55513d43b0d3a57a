import { unobeyed } from "../json.ts";
import type { ComparisonReport } from "./comparison-report.ts";

/** The comparison itself; `bench schema --of comparison` prints what every field means. */
export const json = {
  name: "json",
  file: "comparison.json",
  render: (comparison) => unobeyed(JSON.stringify(comparison, null, 2)),
} satisfies ComparisonReport;
