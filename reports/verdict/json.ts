import { visibleJson } from "../../bench/text/visible.ts";
import type { ComparisonReport } from "./comparison-report.ts";

/** The comparison itself; `bench schema --of comparison` prints what every field means. */
export const json = {
  name: "json",
  file: "comparison.json",
  render: (comparison) => visibleJson(JSON.stringify(comparison, null, 2)),
} satisfies ComparisonReport;
