import { dark, light } from "../charts/theme.ts";
import type { Theme } from "../charts/theme.ts";

/** The colours of the charts as custom properties: a transport has the same one in charts and tables. */
export const themeRules: string = [
  `:root{${properties(light)}}`,
  `@media screen and (prefers-color-scheme:dark){:root{${properties(dark)}}}`,
  ...light.colours.map((_, index) => `.c-${index}{--series:var(--c-${index})}`),
  ".c-floor{--series:var(--c-floor)}",
].join("");

function properties({ background, ink, quiet, grid, colours, floor }: Theme): string {
  return [
    `--background:${background}`,
    `--ink:${ink}`,
    `--quiet:${quiet}`,
    `--grid:${grid}`,
    `--c-floor:${floor}`,
    ...colours.map((colour, index) => `--c-${index}:${colour}`),
  ].join(";");
}
