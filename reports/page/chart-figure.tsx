import type { VNode } from "preact";
import type { Chart } from "../charts/chart.ts";
import { legendOf } from "../charts/layout.ts";
import { Heading, Name } from "./section.tsx";
import { Key } from "./key.tsx";

/** A chart under the id that it has in the page, with its picture; null where none could be drawn. */
export interface PageChart {
  readonly id: string;
  readonly chart: Chart;
  readonly picture: Uint8Array | null;
}

/**
 * A chart as a picture, which is there on paper and without JavaScript, and the place in which the page's
 * script draws it. What it shows stands in tables as well.
 */
export function ChartFigure({ id, chart, picture }: PageChart): VNode {
  return (
    <figure class={picture === null ? "chart" : "chart has-picture"} data-chart={id}>
      <figcaption>
        <Heading level={3} id={id} text={chart.title} />
        <p class="caption">
          <bdi>{chart.caption}</bdi>
        </p>
      </figcaption>
      <Legend chart={chart} />
      <div class="drawing" hidden>
        <canvas role="img" aria-label={alternativeOf(chart)} />
      </div>
      {picture === null ? (
        <p class="picture-missing">The figures are in the table below.</p>
      ) : (
        <img
          class="picture"
          src={`data:image/png;base64,${Buffer.from(picture).toString("base64")}`}
          alt={alternativeOf(chart)}
          {...sizeOf(picture)}
        />
      )}
      {chart.notes.map((note, index) => (
        <p key={index} class="caption">
          <bdi>{note}</bdi>
        </p>
      ))}
    </figure>
  );
}

/** One button a series; the script shows them, since without it they would do nothing. */
function Legend({ chart }: { readonly chart: Chart }): VNode | null {
  const entries = legendOf(chart);
  if (entries.length === 0) return null;
  return (
    <ul class="legend" aria-label="Series, to switch on and off" hidden>
      {entries.map(({ name, style, series, begins }) => (
        <>
          {begins ? <li class="break" role="presentation" /> : null}
          <li key={series}>
            <button type="button" aria-pressed="true" data-series={series}>
              <Key style={style} kind={chart.kind} />
              <Name text={name} />
            </button>
          </li>
        </>
      ))}
    </ul>
  );
}

function alternativeOf({ title, caption, scenario }: Chart): string {
  return `Chart: ${title}. ${caption}. Its figures are in the tables of ${scenario}.`;
}

/** Pictures are drawn at twice their size. The first chunk of a PNG begins with width and height. */
function sizeOf(png: Uint8Array): { width?: number; height?: number } {
  if (png.length < 24) return {};
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16) / 2, height: view.getUint32(20) / 2 };
}
