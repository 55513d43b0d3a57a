import type { Figure } from "../results/schema.ts";

// The one place where numbers become text for people.

/** How the figures of one column are written: all in one unit. */
export interface ColumnFormat {
  /** Empty where the label says it. */
  readonly unit: string;
  /** Its last digit stands for no less than `step`, in the unit of the figures themselves; 0 for no such limit. */
  number(value: number, step?: number): string;
  /** What the last digit of a value's text stands for, in the unit of the figures themselves; 0 for nothing. */
  step(value: number): number;
}

const perUnit: Readonly<Record<Figure["unit"], string>> = {
  ns: "ms",
  ms: "",
  bytes: "",
  count: "",
  "per second": "",
  percent: "%",
  text: "",
};

/** Behind a number in a sentence, with the space before it. */
export function unitText(unit: Figure["unit"], { unit: chosen }: ColumnFormat): string {
  const units: Partial<Record<Figure["unit"], string>> = {
    ms: " ms",
    bytes: " B",
    "per second": "/s",
  };
  return units[unit] ?? (chosen === "" ? "" : ` ${chosen}`);
}

/** Chooses a unit in which the largest of `values` reads well. */
export function columnFormat(unit: Figure["unit"], values: readonly number[]): ColumnFormat {
  if (unit === "ns") {
    return values.length > 0 && Math.max(...values.map(Math.abs)) < 1e6
      ? digitsFormat("µs", 1e3)
      : digitsFormat("ms", 1e6);
  }
  return unit === "count"
    ? { unit: perUnit[unit], number: whole, step: () => 1 }
    : digitsFormat(perUnit[unit]);
}

/** Three significant digits of a unit that is `size` of the figures' own. */
export function digitsFormat(unit: string, size = 1): ColumnFormat {
  return {
    unit,
    number: (value, step = 0) => digitsTo(step / size, value / size),
    step: (value) => size * stepOf(value / size),
  };
}

/** Three significant digits, and thousands apart: `0.362`, `41.9`, `19 700`. */
export function digits(value: number): string {
  return digitsTo(0, value);
}

/** The same, of which the last stands for `step` or more. */
function digitsTo(step: number, value: number): string {
  const told = step === 0 ? value : step * Math.round(value / step);
  if (told === 0) return "0";
  const rounded = Number(told.toPrecision(3));
  return grouped(rounded, decimalsIn(Math.max(step, stepOf(rounded))));
}

/** What the last of three significant digits stands for: 0.1 of `41.9`, 100 of `19 700`; never below a millionth. */
function stepOf(value: number): number {
  if (value === 0) return 0;
  const rounded = Math.abs(Number(value.toPrecision(3)));
  return 10 ** Math.max(-6, Math.floor(Math.log10(rounded)) - 2);
}

function decimalsIn(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}

export function whole(value: number): string {
  return grouped(value, 0);
}

/** A round number, such as an axis has, as short as possible: `0.5`, `25`, `10 000`. */
export function round(value: number): string {
  const [, fraction = ""] = String(Number(value.toPrecision(6))).split(".");
  return /e/.test(fraction) ? String(value) : grouped(value, fraction.length);
}

function grouped(value: number, decimals: number): string {
  const [integer = "", fraction] = value.toFixed(decimals).replace("-", "−").split(".");
  const apart = integer.length > 4 ? integer.replaceAll(/\B(?=(\d{3})+$)/g, " ") : integer;
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}

/** A share as a percentage without decimals: `41 %`. */
export function wholePercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `4.5 %`, `23 %`: one decimal below ten. */
export function percentText(share: number): string {
  return `${percentDigits(share)} %`;
}

/** The digits of `percentText`. */
export function percentDigits(share: number): string {
  const percent = share * 100;
  return percent < 9.95 ? String(Number(percent.toFixed(1))) : percent.toFixed(0);
}

/** The same of what can go either way: `+4.5`, `−23`, `0`. */
export function signedPercent(share: number): string {
  const text = percentDigits(Math.abs(share));
  return text === "0" ? text : `${share < 0 ? "−" : "+"}${text}`;
}

/** What is added or taken: `+22`, `−0.31`; `0` for what no digit shows. */
export function signed(value: number, format: ColumnFormat, step = 0): string {
  const rounded = format.number(Math.abs(value), step);
  return /[1-9]/.test(rounded) ? `${value < 0 ? "−" : "+"}${rounded}` : "0";
}

/** The percentile above which one value in a given number lies, with as many digits as needed: `p50`, `p99.9`. */
export function percentileName(oneIn: number): string {
  const decimals = Math.max(0, Math.ceil(Math.log10(oneIn) - 1e-9) - 1);
  return `p${Number((100 * (1 - 1 / oneIn)).toFixed(Math.min(decimals, 9)))}`;
}

const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** The unit of 10^3, 10^6, … bytes in which the largest of `values` has few digits. */
export function byteFormat(values: readonly number[]): ColumnFormat {
  const largest = Math.max(1, ...values);
  const place = Math.min(Math.floor(Math.log10(largest) / 3), byteUnits.length - 1);
  const unit = byteUnits[place] ?? "B";
  // Beside what is large, nobody wants the digits of what is next to nothing.
  const format = digitsFormat(unit, 1_000 ** place);
  const number = (value: number): string =>
    value > 0 && value < 1_000 ** place / 1_000 ? "< 0.001" : format.number(value);
  return { ...format, number };
}

/** `45 s`, `2 min 5 s`. */
export function timeSpan(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

/** `1 trial`, `12 000 trials`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${whole(count)} ${count === 1 ? singular : plural}`;
}

/** With a capital letter in front, to begin a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a`, `a and b`, `a, b and c`. */
export function listing(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** The first of many items, and how many more there are. */
export function shortListing(items: readonly string[], most = 4): string {
  if (items.length <= most) return listing(items);
  const shown = items.slice(0, most - 1);
  return listing([...shown, `${items.length - shown.length} more`]);
}
