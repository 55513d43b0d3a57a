import type { Chart } from "./charts/chart.ts";
import type { Run } from "./run.ts";
import { visibleRun } from "./run.ts";

/** A way to present runs: a pure function of them, so that it can be made again, later, elsewhere. */
export interface Report {
  readonly name: string;
  /**
   * What `bench run` calls the file; with a slash at its end it is a folder, for several. Null when it isn't
   * left behind.
   */
  readonly file: string | null;
  /** Whether its tables can hold variants against one that was picked. */
  readonly takesBase: boolean;
  /** Several runs stand side by side, in the order that they are given. */
  render(runs: readonly Run[], options: RenderOptions): Rendered | Promise<Rendered>;
}

/** A report of runs whose texts may come from anybody: it gets them visible. */
export function defineReport<Options extends unknown[], Made>(report: {
  render(runs: readonly Run[], ...options: Options): Made;
}): typeof report {
  return { render: (runs, ...options) => report.render(runs.map(visibleRun), ...options) };
}

/** Whether it makes several files, for which a folder has to be named. */
export function isFolder({ file }: Pick<Report, "file">): boolean {
  return file?.endsWith("/") === true;
}

/** A text, or files by their names. */
export type Rendered = string | ReadonlyMap<string, Uint8Array>;

export interface RenderOptions {
  /** Whether the reader is a terminal that shows colours. Nothing is shown by colour alone. */
  readonly colour: boolean;
  /** Columns of a line of text; `defaultWidth` when left out. */
  readonly width?: number;
  /** The variant that tables hold the others against; left out or null, for the base of each group. */
  readonly base?: string | null;
  readonly draw: Draw;
}

/** Draws a chart; null where this machine has nothing to draw with. */
export type Draw = (chart: Chart) => Promise<Picture | null>;

/** PNG files of one chart. */
export interface Picture {
  /** That says by itself what it shows. */
  readonly whole: Uint8Array;
  /** Without title, caption and notes, for where these stand beside it. */
  readonly plain: Uint8Array;
}
