/** Whether a stream may be sent escape sequences: a terminal that knows them, whose user wants them. */
export function takesEscapes(
  { isTTY }: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return isTTY === true && environment["TERM"] !== "dumb" && !environment["NO_COLOR"];
}
