import type { ChartOptions, Scale } from "chart.js";
import { round } from "../../bench/text/format.ts";
import type { Axis, Chart, Series } from "./chart.ts";
import { rowName, sizes } from "./layout.ts";
import { widthOf } from "./text-layout.ts";
import { fontFamily } from "./theme.ts";
import type { Theme } from "./theme.ts";
import { rangeOf } from "./ticks.ts";

export type Scales = NonNullable<ChartOptions["scales"]>;

/** The axes: values upwards in a line chart, and to the right of the names of rows in the others. */
export function scalesOf(chart: Chart, theme: Theme): Scales {
  return chart.kind === "line"
    ? { x: alongAxis(chart, theme), y: valueAxis(chart, theme) }
    : { x: valueAxis(chart, theme), y: rowAxis(chart, theme) };
}

type ScaleOptions = NonNullable<Scales[string]>;

function valueAxis(chart: Chart, theme: Theme): ScaleOptions {
  const upwards = chart.kind === "line";
  return {
    ...basics(theme, chart.value),
    stacked: chart.stacked === true,
    grid: { color: theme.grid, drawTicks: false },
    border: { display: false },
    // Above the axis and level, where there is one beside the plot: `frame.ts` writes it.
    title: titleOf(theme, upwards ? "" : chart.value.title),
    afterBuildTicks: (scale) => {
      takeRange(scale, chart.value, valuesOf(chart, visibleSeries(chart, scale)), {
        round: true,
        zero: chart.kind !== "dots" && chart.value.floating !== true,
      });
    },
  };
}

function alongAxis(chart: Chart, theme: Theme): ScaleOptions {
  return {
    ...basics(theme, chart.along),
    grid: { display: true, drawOnChartArea: false, tickLength: 5, tickColor: theme.quiet },
    border: { color: theme.quiet },
    title: titleOf(theme, chart.along.title),
    afterBuildTicks: (scale) => {
      const values = visibleSeries(chart, scale).flatMap(({ points }) =>
        points.map(({ at }) => at),
      );
      takeRange(scale, chart.along, values, { round: false, zero: false });
    },
  };
}

function rowAxis(chart: Chart, theme: Theme): ScaleOptions {
  return {
    type: "category",
    labels: [...chart.along.names],
    offset: true,
    stacked: chart.stacked === true,
    grid: { display: chart.kind === "dots", color: theme.grid, drawTicks: false, offset: false },
    border: { display: false },
    ticks: {
      autoSkip: false,
      padding: 10,
      color: theme.ink,
      font: { size: sizes.axis, family: fontFamily },
      callback(index) {
        return rowName(chart.along.names[Number(index)] ?? "", this.chart.width);
      },
    },
  };
}

function basics(theme: Theme, axis: Axis): ScaleOptions {
  return {
    type: isLogarithmic(axis) ? "logarithmic" : "linear",
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      padding: 8,
      color: theme.quiet,
      font: { size: sizes.axis, family: fontFamily },
      callback: (value) => nameOf(axis, Number(value)),
    },
  };
}

function isLogarithmic({ scale }: Axis): boolean {
  return scale === "log" || scale === "percentile";
}

function titleOf(theme: Theme, text: string): object {
  return {
    display: text !== "",
    text,
    color: theme.quiet,
    font: { size: sizes.axis, family: fontFamily },
    padding: { top: 4, bottom: 0 },
  };
}

/** Chart.js's own ticks of logarithmic axes overlap, and know nothing of percentiles. */
function takeRange(
  scale: Scale,
  axis: Axis,
  values: readonly number[],
  ends: { readonly round: boolean; readonly zero: boolean },
): void {
  const level = scale.isHorizontal();
  const length = level ? scale.maxWidth : scale.maxHeight;
  const fits = (ticks: readonly number[], min: number, max: number): boolean => {
    const position = isLogarithmic(axis) ? Math.log10 : (value: number) => value;
    const perUnit = length / (position(max) - position(min));
    return ticks.every((tick, index) => {
      const next = ticks[index + 1];
      if (next === undefined) return true;
      const gap = (position(next) - position(tick)) * perUnit;
      const [width, nextWidth] = [tick, next].map((value) =>
        widthOf(nameOf(axis, value), sizes.axis),
      );
      return gap >= (level ? ((width ?? 0) + (nextWidth ?? 0)) / 2 + 18 : 38);
    });
  };
  const range = rangeOf(values, { scale: axis.scale, ...ends, fits });
  scale.min = range.min;
  scale.max = range.max;
  scale.ticks = range.ticks.map((value) => ({ value }));
}

function visibleSeries({ series }: Chart, { chart }: Scale): Series[] {
  return series.filter((_, index) => chart.isDatasetVisible(index));
}

/** What the axis has to reach: values, the ends of intervals, and the ends of stacked bars. */
function valuesOf({ stacked }: Chart, series: readonly Series[]): number[] {
  const points = series.flatMap(({ points }) => points);
  if (stacked === true) {
    const sums = new Map<number, number>();
    for (const { at, value } of points) sums.set(at, (sums.get(at) ?? 0) + value);
    return [...sums.values()];
  }
  return points.flatMap(({ value, interval }) =>
    interval === null ? [value] : [value, interval.low, interval.high],
  );
}

/** The name of a place on an axis: `99.9 %` where positions are those of percentiles. */
export function nameOf({ scale, names }: Axis, position: number): string {
  if (scale === "category") return names[position] ?? "";
  if (scale !== "percentile") return round(position);
  const decimals = Math.max(
    0,
    Math.ceil(Math.log10(position) - 1e-9) - 2 + (position % 10 === 0 ? 0 : 1),
  );
  return `${Number((100 - 100 / position).toFixed(decimals))} %`;
}
