/**
 * A chart as plain data: what is drawn, without how. The PNG files and the page's charts are both made
 * from it, by `chart-configuration.ts`.
 */
export interface Chart {
  /** Of its file and its place in the page: lower case, digits and hyphens. */
  readonly name: string;
  readonly scenario: string;
  /** The finding, a sentence without its full stop. */
  readonly title: string;
  /** What is drawn, of what. */
  readonly caption: string;
  /**
   * `line`: values upwards over what they belong to. `dots` and `bars`: a row for each of `along.names`,
   * with values to the right; bars begin at zero, dots don't have to. `lanes`: thin rows, on which each
   * point is a stretch, from the low to the high end of its interval.
   */
  readonly kind: "line" | "dots" | "bars" | "lanes";
  /** Bars only: series stand end to end, and not one below the other. */
  readonly stacked?: boolean;
  /** What values belong to. */
  readonly along: Axis;
  readonly value: Axis;
  readonly series: readonly Series[];
  readonly marks?: readonly Mark[];
  /** What is missing and why, and how to read what isn't plain. */
  readonly notes: readonly string[];
}

export interface Axis {
  /** With its unit: `delivery latency, ms`. */
  readonly title: string;
  /** Behind a value in a text, such as `ms`; empty where there is none. */
  readonly unit: string;
  /**
   * `percentile` is for positions of 1 / (1 - q), drawn logarithmically and named by q: 2 is 50 %, 100 is
   * 99 %. `category` is for positions that are indices of `names`.
   */
  readonly scale: "linear" | "log" | "percentile" | "category";
  readonly names: readonly string[];
  /** Linear and of lines only: it needn't begin at zero where all values lie far above. */
  readonly floating?: true;
}

/** Whether series are told by their colours alone, and have no markers. */
export function isFilled(kind: Chart["kind"]): boolean {
  return kind === "bars" || kind === "lanes";
}

/** An axis of numbers. */
export function axisOf(
  title: string,
  unit: string,
  scale: Exclude<Axis["scale"], "category">,
): Axis {
  return { title, unit, scale, names: [] };
}

export interface Series {
  readonly name: string;
  readonly style: Style;
  readonly points: readonly Point[];
  /** Lines only: points farther apart than this, along, are not joined; left out where all are. */
  readonly gapsBeyond?: number;
}

/** How a series is told from others: by colour, and by a second sign for those who don't see colours. */
export interface Style {
  /** A place in the palette, which light and dark themes fill; `floor` is the quiet one of references. */
  readonly colour: number | "floor";
  /** A place among the shades of the colour; left out for the colour itself. */
  readonly shade?: number;
  /** A place in the list of line dashes; 0 is a full line. */
  readonly dash: number;
  /** A place in the list of markers. */
  readonly marker: number;
}

export interface Point {
  readonly at: number;
  /** Never zero or less on a logarithmic axis: such points are left out. */
  readonly value: number;
  /** The ends of the value's interval; null where there is none. */
  readonly interval: { readonly low: number; readonly high: number } | null;
  /** For the tooltip, below the value: interval and sample size in words. */
  readonly detail: string;
  /** In charts of rows the row's own style; null where the series' style holds. */
  readonly style: Style | null;
  /** Lines only: it lies on the line between what was measured, and has no marker. */
  readonly between?: true;
}

/** A place that is worth a few words: where lines cross, where a search ended and why. */
export interface Mark {
  readonly at: number;
  readonly value: number;
  readonly text: string;
}
