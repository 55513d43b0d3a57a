import type { Style } from "./chart.ts";

/** How many colours every theme has, beside that of the floor. */
export const colourCount = 7;

/** What a chart is coloured with. */
export interface Theme {
  readonly background: string;
  readonly ink: string;
  /** Of captions, notes and ticks. */
  readonly quiet: string;
  readonly grid: string;
  /** The palette, by `Style.colour`. */
  readonly colours: readonly string[];
  /** By the same, what else variants of a transport are drawn in. */
  readonly shades: readonly (readonly string[])[];
  /** Of references. */
  readonly floor: string;
}

/**
 * Hues of Okabe and Ito (2008, Color Universal Design), moved until any two lie at least 0.09 apart in
 * OKLab for each kind of colour blindness, and each has 3:1 against the background (WCAG 2.2, 1.4.11). Shades have
 * the hue of their colour and the same contrast; the first are the furthest from it and from each other.
 */
export const light: Theme = {
  background: "#ffffff",
  ink: "#1b1f24",
  quiet: "#59616b",
  grid: "#e3e6ea",
  colours: ["#0457bf", "#e65400", "#179657", "#8e298a", "#4a5301", "#1a96f8", "#6b0058"],
  shades: [
    ["#003882", "#347de8", "#0047a1", "#1f6ad3"],
    ["#6a2200", "#a73b01", "#882f02", "#c74800"],
    ["#014a27", "#00703e", "#035d33", "#04844a"],
    ["#d26bcc", "#b14bab", "#7a0f76", "#a03c9b"],
    ["#8b9750", "#68732b", "#3b4201", "#7a853e"],
    ["#013f6f", "#056ebc", "#035796", "#0280d9"],
    ["#d46eb9", "#a2408b", "#bd58a3", "#7f1c6a"],
  ],
  floor: "#72758e",
};

export const dark: Theme = {
  background: "#14171c",
  ink: "#eceff3",
  quiet: "#a3abb6",
  grid: "#2b3038",
  colours: ["#368aff", "#dd8632", "#42db9b", "#b560bc", "#d0e74a", "#81fce6", "#cd404f"],
  shades: [
    ["#bbd6ff", "#7fb3fe", "#0163d3", "#5c9eff"],
    ["#fec89c", "#9a5503", "#fca353", "#bf6b01"],
    ["#00764e", "#09a972", "#61f4b2", "#14c284"],
    ["#fabaff", "#df88e6", "#97449f", "#f79efe"],
    ["#5f6b01", "#95a701", "#b3c81a", "#788704"],
    ["#037466", "#33b9a5", "#049886", "#5cd9c4"],
    ["#fec3c3", "#ff7d83", "#ea5b67", "#ff9fa1"],
  ],
  floor: "#959b98",
};

/**
 * The fonts of pictures, by the names that `fonts.ts` gives them, so that a machine's own Inter isn't
 * taken for ours; a page takes Inter or the reader's own.
 */
export const fontFamily =
  '"Chart Latin", "Chart Latin Extended", "Chart Greek", "Chart Cyrillic", Inter, system-ui, sans-serif';

type Shade = Pick<Style, "colour" | "shade">;

/** The floor has no shades. */
export function colourOf({ colours, shades, floor }: Theme, style: Shade): string {
  if (style.colour === "floor") return floor;
  const [place, shade] = placeOf({ ...style, colour: style.colour });
  return (shade === 0 ? colours[place] : shades[place]?.[shade - 1]) ?? floor;
}

/** `1` for a colour itself, `1-2` for a shade of it. */
export function shadeName(style: Shade): string {
  if (style.colour === "floor") return style.colour;
  const [place, shade] = placeOf({ ...style, colour: style.colour });
  return shade === 0 ? `${place}` : `${place}-${shade}`;
}

/** All that series are drawn in, by `shadeName`; the colours themselves come last. */
export function shadesIn(theme: Theme): ReadonlyMap<string, string> {
  const places = theme.colours.map((_, colour) => colour);
  const styles: readonly Shade[] = [
    ...theme.shades.flatMap((shades, colour) =>
      shades.map((_, index) => ({ colour, shade: index + 1 })),
    ),
    ...places.map((colour) => ({ colour })),
    { colour: "floor" },
  ];
  return new Map(styles.map((style) => [shadeName(style), colourOf(theme, style)]));
}

/** How many shades of a colour there are, itself included. */
export const shadeCount = 5;

/** Where there are more styles than colours, and than shades of one, they begin again. */
function placeOf({ colour, shade = 0 }: Shade & { readonly colour: number }): [number, number] {
  return [colour % colourCount, shade % shadeCount];
}

/** Lengths of lines and gaps in pixels, by `Style.dash`; the first is a full line. */
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 5], [5, 2]];

export function dashOf({ dash }: Style): number[] {
  return [...(dashes[dash % dashes.length] ?? [])];
}
