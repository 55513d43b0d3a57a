import type { ChartOptions } from "chart.js";
import { digits, whole } from "../../bench/text/format.ts";
import type { Axis, Chart } from "./chart.ts";
import { pointOf } from "./datasets.ts";
import { sizes } from "./layout.ts";
import { nameOf } from "./scales.ts";
import { linesIn, plain } from "./text-layout.ts";
import { fontFamily } from "./theme.ts";
import type { Theme } from "./theme.ts";

type Tooltip = NonNullable<NonNullable<ChartOptions["plugins"]>["tooltip"]>;

/** What is told of a point: what it belongs to, its value with unit, and its detail below. */
export function tooltipOf(chart: Chart, theme: Theme): Tooltip {
  const font = { size: sizes.axis, family: fontFamily };
  return {
    backgroundColor: theme.ink,
    titleColor: theme.background,
    bodyColor: theme.background,
    titleFont: { ...font, weight: 600 },
    bodyFont: font,
    padding: 10,
    cornerRadius: 4,
    displayColors: false,
    callbacks: {
      title: (items) => {
        const [point] = items.flatMap(
          (item) => pointOf(chart, item.datasetIndex, item.dataIndex) ?? [],
        );
        return point === undefined ? "" : narrow(placeOf(chart.along, point.at));
      },
      label: (item) => {
        const point = pointOf(chart, item.datasetIndex, item.dataIndex);
        const name = plain(chart.series[item.datasetIndex]?.name ?? "");
        return point === null ? "" : narrow(`${name}: ${withUnit(chart.value, point.value)}`);
      },
      afterLabel: (item) => narrow(pointOf(chart, item.datasetIndex, item.dataIndex)?.detail ?? ""),
    },
  };
}

function narrow(text: string): string[] {
  return text
    .split("\n")
    .flatMap((line) => linesIn(line, { width: 300, lines: 6, size: sizes.axis }));
}

function placeOf(axis: Axis, at: number): string {
  if (axis.scale === "category") return axis.names[at] ?? "";
  return axis.scale === "percentile" ? nameOf(axis, at) : withUnit(axis, at);
}

function withUnit({ unit }: Axis, value: number): string {
  const number = Number.isInteger(value) ? whole(value) : digits(value);
  return unit === "" ? number : `${number} ${unit}`;
}
