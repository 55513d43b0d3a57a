import {
  BarController,
  BarElement,
  CategoryScale,
  Chart as Drawing,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from "chart.js";
import type { Chart } from "../../charts/chart.ts";
import { chartConfigurationOf } from "../../charts/chart-configuration.ts";
import { layoutOf } from "../../charts/layout.ts";
import { dark, light } from "../../charts/theme.ts";
import type { PageData } from "../data.ts";

Drawing.register(
  BarController,
  BarElement,
  CategoryScale,
  LineController,
  LineElement,
  LinearScale,
  LogarithmicScale,
  PointElement,
  Tooltip,
);

const darkness = matchMedia("(prefers-color-scheme: dark)");

/** Draws every chart in the place of its picture, in the colours that the reader prefers. */
export async function drawCharts(charts: PageData["charts"]): Promise<void> {
  // A canvas doesn't wait for a font: it takes another, and keeps it.
  await Promise.all(["400 1em Inter", "600 1em Inter"].map((font) => document.fonts.load(font)));
  const figures = new Map(
    [...document.querySelectorAll<HTMLElement>("figure[data-chart]")].map(
      (figure) => [figure.dataset["chart"], figure] as const,
    ),
  );
  for (const { id, chart } of charts) {
    const figure = figures.get(id);
    if (figure !== undefined) show(figure, chart);
  }
  performance.mark("charts drawn");
}

function show(figure: HTMLElement, chart: Chart): void {
  const box = figure.querySelector<HTMLElement>(".drawing");
  const canvas = figure.querySelector("canvas");
  if (box === null || canvas === null) return;
  figure.classList.add("is-drawn");
  box.hidden = false;
  const fit = (): void => {
    box.style.height = `${layoutOf(chart, { framed: false, width: box.clientWidth }).height}px`;
  };
  const draw = (): Drawing =>
    new Drawing(
      canvas,
      chartConfigurationOf(chart, darkness.matches ? dark : light, { framed: false }),
    );
  fit();
  new ResizeObserver(fit).observe(box);
  let drawing = draw();
  const hidden = new Set<number>();
  darkness.addEventListener("change", () => {
    drawing.destroy();
    drawing = draw();
    for (const series of hidden) drawing.setDatasetVisibility(series, false);
    drawing.update();
  });
  connectLegend(figure, (series, isShown) => {
    if (isShown) hidden.delete(series);
    else hidden.add(series);
    drawing.setDatasetVisibility(series, isShown);
    drawing.update();
  });
}

/** A pressed button is a series that is seen. */
function connectLegend(
  figure: HTMLElement,
  change: (series: number, isShown: boolean) => void,
): void {
  const legend = figure.querySelector<HTMLElement>(".legend");
  if (legend === null) return;
  legend.hidden = false;
  for (const button of legend.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const isShown = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(isShown));
      change(Number(button.dataset["series"]), isShown);
    });
  }
}
