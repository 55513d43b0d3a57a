import { drawCharts } from "./charts.ts";
import { offerCopies } from "./copies.ts";
import { drawCalculator } from "./cost.tsx";
import { pageData } from "./page-data.ts";
import { sortTables } from "./sorting.ts";

// What the page does beyond being read: all that it says is there without this.

const { charts, costs, inputs } = pageData();
document.documentElement.classList.add("script");
sortTables();
offerCopies();
drawCalculator(costs, inputs);
void drawCharts(charts);
