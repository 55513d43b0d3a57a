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
