import type { ChartDataset } from "chart.js";
import type { Chart, Point, Series } from "./chart.ts";
import { markerOf } from "./marker.ts";
import { colourOf, dashOf } from "./theme.ts";
import type { Theme } from "./theme.ts";

/** A data set for each series, in their order, and a datum for each of its points. */
export function lineDatasets(chart: Chart, theme: Theme): ChartDataset<"line">[] {
  return chart.series.map((series, index) => {
    const { points, style } = series;
    const colours = points.map((point) => colourOf(theme, point.style ?? style));
    // In parts of a row: the whiskers of its dots must not lie on each other.
    const isLane = chart.kind === "lanes";
    const offset = isLane ? 0 : (index - (chart.series.length - 1) / 2) / (chart.series.length + 2);
    const { pointStyle, rotation, radius } = markerOf(style);
    const radii =
      chart.kind === "line" ? lineRadii(series, index) : points.map(() => (isLane ? 0 : 5));
    return {
      label: series.name,
      data: points.map(({ at, value }) =>
        chart.kind === "line" ? { x: at, y: value } : { x: value, y: at + offset },
      ),
      showLine: chart.kind === "line",
      spanGaps: series.gapsBeyond ?? false,
      borderColor: colourOf(theme, style),
      borderWidth: 2.25,
      borderDash: dashOf(style),
      borderJoinStyle: "round",
      pointBackgroundColor: colours,
      pointBorderColor: colours,
      pointBorderWidth: 1.5,
      pointStyle,
      pointRotation: rotation,
      pointRadius: radii.map((size) => size * radius),
      pointHoverRadius: 6 * radius,
      pointHitRadius: 8,
      // References lie beneath what is compared.
      order: style.colour === "floor" ? 1 : 0,
      clip: false,
    };
  });
}

/**
 * Markers of what was measured, where that is told. Else all where they are few, and some of them, not all at
 * the same places, where they would be a caterpillar.
 */
function lineRadii({ points }: Series, index: number): number[] {
  if (points.some(({ between }) => between === true)) {
    return points.map(({ between }) => (between === true ? 0 : 4));
  }
  if (points.length <= 12) return points.map(() => 4);
  const every = Math.ceil(points.length / 7);
  const first = Math.floor(((index % 5) * every) / 5);
  return points.map((_, place) => (place % every === first ? 4 : 0));
}

/** The point that a datum stands for: Chart.js has bars by row, and the rest by point. */
export function pointOf({ kind, series }: Chart, index: number, datum: number): Point | null {
  const points = series[index]?.points ?? [];
  return (kind === "bars" ? points.find(({ at }) => at === datum) : points[datum]) ?? null;
}

/** A datum for each row. */
export function barDatasets(chart: Chart, theme: Theme): ChartDataset<"bar">[] {
  const most = Math.max(...chart.series.flatMap(({ points }) => points.map(({ value }) => value)));
  const alone = chart.series.length === 1;
  return chart.series.map(({ name, style }, series) => ({
    label: name,
    data: chart.along.names.map((_, row) => pointOf(chart, series, row)?.value ?? null),
    backgroundColor: chart.along.names.map((_, row) =>
      colourOf(theme, (alone ? pointOf(chart, series, row)?.style : null) ?? style),
    ),
    // A seam between parts, for those who don't see their colours; it must not cover a small one.
    borderColor: theme.background,
    borderWidth: chart.along.names.map((_, row) => {
      const small = (pointOf(chart, series, row)?.value ?? 0) < most / 40;
      return { top: 0, bottom: 0, left: 0, right: chart.stacked && !small ? 1 : 0 };
    }),
    borderSkipped: false,
    maxBarThickness: 22,
    categoryPercentage: 0.78,
    barPercentage: 0.9,
  }));
}
