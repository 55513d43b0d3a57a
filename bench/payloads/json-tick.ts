import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { Fields } from "./message.ts";
import { blankHead } from "./message.ts";

/*
 * Ticks of a market: the best prices of a share, and as much of the book behind them as the size allows. Prices
 * walk from tick to tick as real ones do. Every number keeps its digits, so that all ticks are of one size.
 */

const symbols = ["AAPL", "AMZN", "INTC", "META", "MSFT", "NFLX", "NVDA", "ORCL", "TSLA", "UBER"];
/** In cents, with room to walk: never fewer than three digits before the point, nor more. */
const lowest = 20_000;
const highest = 80_000;

/** In cents from the middle; a book that goes on beyond it begins again. */
const depth = 1_000;

/** A price and a size with their commas: `412.35,2311,`. */
const levelBytes = 12;

/** The bytes of the smallest tick. */
export const minTickBytes: number = JSON.stringify(tick("AAPL", lowest, 0, [], [], "")).length;

/** `count` ticks whose JSON has exactly `bytes` bytes. */
export function jsonTicks(bytes: number, count: number, generator: RandomGenerator): Fields[] {
  const cents = symbols.map(() => uniformInt(generator, 30_000, 70_000));
  const levels = Math.floor((bytes - minTickBytes + 2) / levelBytes);
  const filling = bytes - minTickBytes - (levels === 0 ? 0 : levels * levelBytes - 2);
  return Array.from({ length: count }, (_, index) => {
    const which = uniformInt(generator, 0, symbols.length - 1);
    const walked = (cents[which] ?? lowest) + uniformInt(generator, -25, 25);
    const mid = Math.min(highest, Math.max(lowest, walked));
    cents[which] = mid;
    const prices = Array.from({ length: levels }, (_level, level) =>
      price(mid + (level % 2 === 0 ? -1 : 1) * (3 + (level % depth) + uniformInt(generator, 0, 1))),
    );
    const sizes = prices.map(() => uniformInt(generator, 1_000, 9_999));
    return tick(symbols[which] ?? "", mid, index, prices, sizes, hex(filling, generator));
  });
}

function tick(
  symbol: string,
  mid: number,
  index: number,
  prices: number[],
  sizes: number[],
  id: string,
): Fields {
  return {
    bench: blankHead,
    symbol,
    time: 1_790_000_000_000 + 37 * index,
    bid: price(mid - 2),
    ask: price(mid + 2),
    last: price(mid + (index % 3) - 1),
    prices,
    sizes,
    id,
  };
}

/** Dollars of cents; never a whole number of dimes, whose JSON would be shorter. */
function price(cents: number): number {
  const whole = Math.round(cents);
  return (whole % 10 === 0 ? whole + 1 : whole) / 100;
}

function hex(length: number, generator: RandomGenerator): string {
  return Array.from({ length }, () => uniformInt(generator, 0, 15).toString(16)).join("");
}
