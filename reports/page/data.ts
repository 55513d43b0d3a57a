import type { Chart } from "../charts/chart.ts";
import type { CostInputs } from "../cost/model.ts";
import type { CostSubject } from "./cost-table.tsx";
import type { HeldTables } from "./held-tables.ts";

/** What the page's script draws and computes from. */
export interface PageData {
  readonly charts: readonly { readonly id: string; readonly chart: Chart }[];
  readonly costs: readonly CostSubject[];
  readonly inputs: CostInputs;
  /** Those that can be sorted, in their order. */
  readonly tables: HeldTables;
}

/** The id of the element that holds it. */
export const dataId = "page-data";

/** JSON for a script element, which ends at the first `</script` whatever it stands in. */
export function dataText(data: PageData): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}
