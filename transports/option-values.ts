import * as z from "zod";

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const unitBytes: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 1_000,
  KiB: 1_024,
  MB: 1_000_000,
  MiB: 1_048_576,
};
const unitBits: Readonly<Record<string, number>> = { bit: 1, kbit: 1e3, Mbit: 1e6, Gbit: 1e9 };

/** A number of milliseconds, or text such as `500ms`, `10s`, `2m`; comes out as milliseconds. */
export function duration(minMs: number, maxMs: number): z.ZodType<number> {
  const allowed = `a duration from ${formatMs(minMs)} to ${formatMs(maxMs)}, such as 500ms or 10s`;
  return quantity(unitMs, allowed, (value) => within(value, minMs, maxMs, false));
}

/** A number of bytes, or text such as `256`, `4KiB`, `1MB`; comes out as bytes. */
export function size(minBytes: number, maxBytes: number): z.ZodType<number> {
  const allowed = `a size from ${minBytes} to ${maxBytes} bytes, such as 256 or 4KiB`;
  return quantity(unitBytes, allowed, (value) => within(value, minBytes, maxBytes, true));
}

/** A number of bits a second, or text such as `512kbit`, `10Mbit`; comes out as bits a second. */
export function bitRate(min: number, max: number): z.ZodType<number> {
  const allowed = `a rate from ${min} to ${max} bits a second, such as 512kbit or 10Mbit`;
  return quantity(unitBits, allowed, (value) => within(value, min, max, false));
}

/** A number of percent, or text such as `5%`; comes out as that number. */
export function percentage(min: number, max: number): z.ZodType<number> {
  const allowed = `a percentage from ${min}% to ${max}%, such as 5%`;
  return quantity({ "%": 1 }, allowed, (value) => within(value, min, max, false));
}

/** A whole number, or its decimal text. */
export function wholeNumber(min: number, max: number): z.ZodType<number> {
  const allowed = `a whole number from ${min} to ${max}`;
  return quantity({ "": 1 }, allowed, (value) => within(value, min, max, true));
}

/** A number, or its decimal text. */
export function realNumber(min: number, max: number): z.ZodType<number> {
  const allowed = `a number from ${min} to ${max}`;
  return quantity({ "": 1 }, allowed, (value) => within(value, min, max, false));
}

/** `true` or `false`, or its text: an option that is named without a value is set. */
export const flag: z.ZodType<boolean> = z
  .union([z.boolean(), z.enum(["true", "false"])], { error: "true or false" })
  .transform((given) => given === true || given === "true");

/** One of several words. */
export function oneOf<const Names extends readonly [string, ...string[]]>(
  ...names: Names
): z.ZodType<Names[number]> {
  return z.enum(names, { error: `one of ${names.join(", ")}` });
}

/** The origin of a web page (RFC 6454): a scheme, a host and a port; comes out as a browser sends it. */
export const origin: z.ZodType<string> = z.string().transform((given, context) => {
  const read = originOf(given);
  if (read !== null) return read;
  context.addIssue({ code: "custom", message: "an origin such as http://app.example:8080" });
  return z.NEVER;
});

/** Several, or their text with spaces between them, as the field `Origin` has it. */
export const origins: z.ZodType<readonly string[]> = z
  .union([z.string(), z.array(z.string())], { error: "origins" })
  .transform((given, context) => {
    const read = (typeof given === "string" ? given.split(" ") : given).map(originOf);
    if (read.length > 0 && read.every((one) => one !== null)) return read;
    const allowed = "one or more origins such as http://app.example:8080, separated by spaces";
    context.addIssue({ code: "custom", message: allowed });
    return z.NEVER;
  });

function originOf(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOne = url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
  return isOne ? url.origin : null;
}

/** Milliseconds in the largest unit that shows them whole: `250ms`, `10s`, `2m`. */
export function formatMs(ms: number): string {
  if (ms < 1_000 || ms % 1_000 !== 0) return `${ms}ms`;
  return ms % 60_000 === 0 ? `${ms / 60_000}m` : `${ms / 1_000}s`;
}

/** A plain number counts in the smallest unit of `units`; text is a decimal number with one of them. */
function quantity(
  units: Readonly<Record<string, number>>,
  allowed: string,
  isAllowed: (value: number) => boolean,
): z.ZodType<number> {
  return z.union([z.number(), z.string()], { error: allowed }).transform((given, context) => {
    const value = typeof given === "number" ? given : parse(given, units);
    if (isAllowed(value)) return value;
    context.addIssue({ code: "custom", message: allowed });
    return z.NEVER;
  });
}

function within(value: number, min: number, max: number, whole: boolean): boolean {
  return value >= min && value <= max && (!whole || Number.isInteger(value));
}

function parse(text: string, units: Readonly<Record<string, number>>): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)\s?([a-zA-Z%]*)$/.exec(text.trim()) ?? [];
  const factor = unit === undefined ? undefined : units[unit];
  if (digits === undefined || factor === undefined) return Number.NaN;
  // Without the rounding error of binary fractions: 1.005 KB are 1 005 bytes.
  return Number((Number(digits) * factor).toPrecision(15));
}
