import type { ChartConfiguration, ChartOptions } from "chart.js";
import type { Chart } from "./chart.ts";
import { barDatasets, lineDatasets } from "./datasets.ts";
import { endLabels, endRoom } from "./end-labels.ts";
import { frame } from "./frame.ts";
import { intervals } from "./intervals.ts";
import { layoutOf } from "./layout.ts";
import type { DrawingOptions } from "./layout.ts";
import { marks } from "./marks.ts";
import { scalesOf } from "./scales.ts";
import { fontFamily } from "./theme.ts";
import type { Theme } from "./theme.ts";
import { tooltipOf } from "./tooltip.ts";

// Bundled for browsers: nothing here or below may import from Node.

/**
 * How Chart.js draws a chart: the one definition of both pictures and pages. It needs the controllers,
 * elements and scales named in `types`, and of Chart.js's plugins the tooltip only. Its data sets and
 * their data are the chart's series, in their order.
 */
export function chartConfigurationOf(
  chart: Chart,
  theme: Theme,
  options: DrawingOptions,
): ChartConfiguration {
  const bars = chart.kind === "bars";
  return {
    type: bars ? "bar" : "line",
    data: { datasets: bars ? barDatasets(chart, theme) : lineDatasets(chart, theme) },
    options: optionsOf(chart, theme, options),
    plugins: [
      frame(chart, theme, options),
      intervals(chart, theme),
      endLabels(chart, theme),
      marks(chart, theme),
    ],
  };
}

function optionsOf(chart: Chart, theme: Theme, options: DrawingOptions): ChartOptions {
  return {
    animation: false,
    responsive: !options.framed,
    maintainAspectRatio: false,
    ...(chart.kind === "bars" ? {} : { parsing: false }),
    normalized: true,
    indexAxis: chart.kind === "bars" ? "y" : "x",
    font: { family: fontFamily },
    layout: {
      padding: ({ chart: { width } }) => {
        const { margin, above, below } = layoutOf(chart, { ...options, width });
        const right = margin + endRoom(chart, width);
        return { left: margin, right, top: above, bottom: below };
      },
    },
    interaction: { mode: "nearest", axis: chart.kind === "line" ? "xy" : "y", intersect: false },
    scales: scalesOf(chart, theme),
    plugins: {
      legend: { display: false },
      title: { display: false },
      subtitle: { display: false },
      tooltip: tooltipOf(chart, theme),
    },
  };
}
