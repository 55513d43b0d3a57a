import { usualWidth } from "../text/wrapped.ts";

const narrowest = 60;

/** Columns for text on standard output: its terminal's, or else what `COLUMNS` says, from 60 to 100. */
export function textWidth(): number {
  const { isTTY, columns } = process.stdout;
  const known = isTTY ? columns : Number(process.env["COLUMNS"]);
  return known > 0 ? Math.max(narrowest, Math.min(usualWidth, Math.floor(known))) : usualWidth;
}
