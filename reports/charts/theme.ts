import type { Style } from "./chart.ts";

/** What a chart is coloured with. */
export interface Theme {
  readonly background: string;
  readonly ink: string;
  /** Of captions, notes and ticks. */
  readonly quiet: string;
  readonly grid: string;
  /** The palette, by `Style.colour`. */
  readonly colours: readonly string[];
  /** Of references. */
  readonly floor: string;
}

/**
 * Hues of Okabe and Ito (2008, Color Universal Design), moved until any two lie at least 0.09 apart in
 * OKLab for each kind of colour blindness, and each has 3:1 against the background (WCAG 2.2, 1.4.11).
 */
export const light: Theme = {
  background: "#ffffff",
  ink: "#1b1f24",
  quiet: "#59616b",
  grid: "#e3e6ea",
  colours: ["#0457bf", "#e65400", "#179657", "#8e298a", "#4a5301", "#1a96f8", "#6b0058"],
  floor: "#72758e",
};

export const dark: Theme = {
  background: "#14171c",
  ink: "#eceff3",
  quiet: "#a3abb6",
  grid: "#2b3038",
  colours: ["#368aff", "#dd8632", "#42db9b", "#b560bc", "#d0e74a", "#81fce6", "#cd404f"],
  floor: "#959b98",
};

/**
 * The fonts of pictures, by the names that `fonts.ts` gives them, so that a machine's own Inter isn't
 * taken for ours; a page takes Inter or the reader's own.
 */
export const fontFamily =
  '"Chart Latin", "Chart Latin Extended", "Chart Greek", "Chart Cyrillic", Inter, system-ui, sans-serif';

export function colourOf({ colours, floor }: Theme, { colour }: Style): string {
  return colour === "floor" ? floor : (colours[colour % colours.length] ?? floor);
}

/** Lengths of lines and gaps in pixels, by `Style.dash`; the first is a full line. */
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 5], [5, 2]];

export function dashOf({ dash }: Style): number[] {
  return [...(dashes[dash % dashes.length] ?? [])];
}
