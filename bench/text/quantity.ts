import { isBeyondClocks } from "../results/clock-bound.ts";
import type { BudgetOutcome, Change, Side } from "../results/comparison.ts";
import { columnFormat, round, unitText } from "./format.ts";

type Unit = Change["unit"];

/**
 * How values of a row are written, all in one unit. What is counted keeps its digits: that one byte of a
 * thousand is what matters.
 */
export function quantityFormat(unit: Unit, values: readonly number[]): (value: number) => string {
  const format = columnFormat(unit, values);
  const written = unit === "ns" || unit === "ms" ? (value: number) => format.number(value) : exact;
  return (value) => written(value) + unitText(unit, format);
}

/** Two decimals, and three digits of what is small: half a byte is the least that is tolerated. */
function exact(value: number): string {
  return round(Math.abs(value) < 1 ? Number(value.toPrecision(3)) : Number(value.toFixed(2)));
}

/** All values that a row shows. */
function valuesOf(sides: readonly (Side | null)[]): number[] {
  return sides.flatMap((side) => (side === null ? [] : [side.level, side.low, side.high]));
}

/** The heads of what `changeCells` gives. */
export const changeHeads = ["baseline", "candidate", "change", "tolerated"] as const;

/**
 * A change in words, as every table has it: `283 B`, `284 B`, `+1 B, +0.35 %`, `nothing`. Where there is a
 * comma a cell has two lines.
 */
export function changeCells(change: Change): string[] {
  const { unit, baseline, candidate, verdict } = change;
  const written = quantityFormat(unit, valuesOf([baseline, candidate]));
  const text = (side: Side | null): string => (side === null ? "none" : levelText(side, written));
  const tolerated =
    verdict === "shown" || baseline === null ? "" : marginText(change, baseline.level);
  return [text(baseline), text(candidate), changeText(change), tolerated];
}

/** `0.743 ms ±0.0130 ms` of what the clocks of several machines tell, in brackets where they don't. */
function levelText({ level, clockBound }: Side, written: (value: number) => string): string {
  if (clockBound === undefined) return written(level);
  const text = `${written(level)} ±${written(clockBound)}`;
  return isBeyondClocks(level, clockBound) ? `(${text})` : text;
}

/** By how much it changed: `+1 B, +0.35 %`, `+23 %, +18 to +29`; empty where a side is missing. */
function changeText(change: Change): string {
  const { tier, unit, baseline, candidate, ratio } = change;
  if (baseline === null || candidate === null) return "";
  if (tier === 1 && ratio !== null) return ratioText(ratio);
  const difference = candidate.level - baseline.level;
  if (difference === 0) return "same";
  const written = quantityFormat(unit, [difference]);
  const share = ratio === null ? "" : `\n${signed(percent(ratio.estimate), " %")}`;
  return `${difference < 0 ? "\u2212" : "+"}${written(Math.abs(difference))}${share}`;
}

/** The same without an interval, for a sentence. */
export function briefChangeText(change: Change): string {
  const { tier, ratio } = change;
  return tier === 1 && ratio !== null
    ? signed(percent(ratio.estimate), " %")
    : onOneLine(changeText(change));
}

function ratioText({ estimate, low, high }: NonNullable<Change["ratio"]>): string {
  const change = signed(percent(estimate), " %");
  if (low === null || high === null) return change;
  return `${change}\n${signed(percent(low), "")} to ${signed(percent(high), "")}`;
}

/** The text of a cell where there is one line only. */
export function onOneLine(cell: string): string {
  return cell.replaceAll("\n", ", ");
}

/**
 * The tolerance for a baseline of `level` in words: the larger of share and amount, such as `1 B` or `10 %`;
 * `nothing` where no change is tolerated.
 */
export function marginText(
  { unit, margin: { absolute, relative } }: Pick<Change, "unit" | "margin">,
  level: number,
): string {
  if (absolute === 0 && relative === 0) return "nothing";
  const text =
    absolute > relative * Math.abs(level)
      ? quantityFormat(unit, [absolute])(absolute)
      : `${round(100 * relative)} %`;
  // Round as it is, it needs no digits that show it.
  return text.replace(/\.0+(?= )/, "");
}

/** The value of a budget's metric, and below it the ends of its interval. */
export function budgetValueText({ unit, value }: BudgetOutcome): string {
  if (value === null) return "none";
  const written = quantityFormat(unit, valuesOf([value]));
  const { level, low, high } = value;
  return low === high ? written(level) : `${written(level)}\n${written(low)} to ${written(high)}`;
}

/** A share as a percentage that promises no more than it: rounded up to two digits. */
export function shareText(share: number): string {
  const given = 100 * share;
  const step = given < 10 ? 0.1 : 1;
  // The last bits of a product are no reason to go up.
  return `${round(Math.ceil(given / step - 1e-9) * step)} %`;
}

function percent(ratio: number): number {
  return 100 * (ratio - 1);
}

function signed(value: number, unit: string): string {
  const text = shortDigits(Math.abs(value));
  if (text === "0") return `±0${unit}`;
  return `${value < 0 ? "\u2212" : "+"}${text}${unit}`;
}

/** Two significant digits below ten, whole numbers above. */
function shortDigits(value: number): string {
  return round(value >= 10 ? Math.round(value) : Number(value.toPrecision(2)));
}
