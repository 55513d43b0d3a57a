import { defaultWidth } from "./wrapped.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a stream may be sent escape sequences: a terminal that knows them. */
export function takesEscapes(
  { isTTY }: { readonly isTTY?: boolean },
  environment: Environment = process.env,
): boolean {
  return isTTY === true && environment["TERM"] !== "dumb";
}

/** Whether it may be sent colours: the user may do without (no-color.org), and still see lines redrawn. */
export function takesColour(
  stream: { readonly isTTY?: boolean },
  environment: Environment = process.env,
): boolean {
  return takesEscapes(stream, environment) && !environment["NO_COLOR"];
}

const narrowest = 60;

/** Columns for text on standard output: its terminal's, or else what `COLUMNS` says, from 60 to 100. */
export function textWidth(): number {
  const { isTTY, columns } = process.stdout;
  const known = isTTY ? columns : Number(process.env["COLUMNS"]);
  return known > 0 ? Math.max(narrowest, Math.min(defaultWidth, Math.floor(known))) : defaultWidth;
}
