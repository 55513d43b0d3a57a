import { offerBases } from "./bases.ts";
import { drawCharts } from "./charts.ts";
import { offerCopies } from "./copies.ts";
import { drawCalculator } from "./cost.tsx";
import { sortTables } from "./sorting.ts";
import { dataId } from "../data.ts";
import { tablesOf } from "../held-tables.ts";
import type { PageData } from "../data.ts";

// What the page does beyond being read: all that it says is there without this.

// It was written by the same program, so it needs no check.
const data: PageData = JSON.parse(document.getElementById(dataId)?.textContent ?? "");
const { charts, costs, inputs, tables } = data;
document.documentElement.classList.add("script");
offerBases(tablesOf(tables));
sortTables();
offerCopies();
drawCalculator(costs, inputs);
void drawCharts(charts);
