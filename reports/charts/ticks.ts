import type { Axis } from "./chart.ts";

/** Where an axis begins and ends, and which values it names. */
export interface Range {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
}

export interface RangeOptions {
  readonly scale: Axis["scale"];
  /** Whether the ends are moved out to round numbers. */
  readonly round: boolean;
  /** Whether zero belongs to it, however far the values are; of linear axes. */
  readonly zero: boolean;
  /** Whether there is room for these names, one beside the other. */
  readonly fits: (ticks: readonly number[], min: number, max: number) => boolean;
}

/** The range that holds all `values`, with as many names as there is room for. */
export function rangeOf(values: readonly number[], options: RangeOptions): Range {
  const logarithmic = options.scale === "log" || options.scale === "percentile";
  const known = values.filter((value) => Number.isFinite(value) && (!logarithmic || value > 0));
  const [least, most] = extremes(known);
  // Numbers beside an empty plot would look like a result.
  const empty = { min: 1, max: 2, ticks: [] };
  if (known.length === 0) return empty;
  const ranges = rangesBy[options.scale](least, most, options);
  return ranges.find(({ min, max, ticks }) => options.fits(ticks, min, max)) ?? empty;
}

/** Those with the most names first; the last has one, for which there always is room. */
const rangesBy: Readonly<
  Record<Axis["scale"], (least: number, most: number, options: RangeOptions) => Range[]>
> = {
  linear: linearRanges,
  log: logRanges,
  percentile: percentileRanges,
  category: categoryRanges,
};

function extremes(values: readonly number[]): [number, number] {
  return values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [
    Infinity,
    -Infinity,
  ] as [number, number]);
}

const perDecade = [[1, 2, 5], [1, 3], [1]];

function logRanges(least: number, most: number, { round }: RangeOptions): Range[] {
  const alone = least === most;
  const low = round || alone ? roundDown(alone ? least / 1.5 : least) : least;
  const high = round || alone ? roundUp(alone ? most * 1.5 : most) : most;
  const [from, to] = [Math.floor(Math.log10(low)) - 1, Math.ceil(Math.log10(high)) + 1];
  const decades = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const every = [1, 2, 3, 5, 10].map((step) => decades.filter((decade) => decade % step === 0));
  const choices = [
    ...(high / low < 4 ? linearChoices(low, high) : []),
    ...perDecade.map((mantissas) =>
      decades.flatMap((decade) => mantissas.map((mantissa) => power(mantissa, decade))),
    ),
    ...every.map((some) => some.map((decade) => power(1, decade))),
  ];
  return within(choices, low, high);
}

function linearRanges(least: number, most: number, { round, ...options }: RangeOptions): Range[] {
  const zero = options.zero || (least > 0 && least < most * 0.4) || least === most;
  const low = zero ? Math.min(0, least) : least;
  const reach = zero ? Math.max(0, most) : most;
  const high = reach === low ? low + 1 : reach;
  if (!round) return within(linearChoices(low, high), low, high);
  const ranges = linearSteps(high - low).map((step) => {
    const [min, max] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
    const ticks = Array.from({ length: max - min + 1 }, (_, index) => tidy((min + index) * step));
    return { min: tidy(min * step), max: tidy(max * step), ticks };
  });
  return [...ranges, { min: low, max: high, ticks: [low] }];
}

/** 50 %, 90 %, 99 %, 99.9 % and so on, of those within. */
function percentileRanges(least: number, most: number): Range[] {
  const low = least === most ? Math.min(1, least) : least;
  const high = least === most ? most * 10 : most;
  const tens = Array.from({ length: 12 }, (_, index) => power(1, index));
  const [, ...nines] = tens;
  const sparser = [2, 3, 5].map((step) => nines.filter((_, index) => index % step === 0));
  return within([[1, 2, ...nines], [2, ...nines], nines, ...sparser], low, high);
}

/** Places have names, and nothing lies between them. */
function categoryRanges(least: number, most: number): Range[] {
  const [low, high] = least === most ? [least - 1, most + 1] : [least, most];
  const places = Array.from({ length: most - least + 1 }, (_, index) => least + index);
  const every = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
  const choices = every.map((step) => places.filter((_, index) => index % step === 0));
  return within(choices, low, high);
}

/** From `min` to `max`, with those of each choice of ticks that lie in between, if any do. */
function within(choices: readonly (readonly number[])[], min: number, max: number): Range[] {
  const edge = 1e-9 * (max - min);
  const inside = choices.map((ticks) =>
    ticks.filter((tick) => tick >= min - edge && tick <= max + edge),
  );
  return [...inside.filter(({ length }) => length > 0), [min]].map((ticks) => ({
    min,
    max,
    ticks,
  }));
}

function linearChoices(low: number, high: number): number[][] {
  return linearSteps(high - low).map((step) => {
    const first = Math.ceil(low / step - 1e-9);
    const count = Math.floor(high / step + 1e-9) - first + 1;
    return Array.from({ length: Math.max(0, count) }, (_, index) => tidy((first + index) * step));
  });
}

/** Steps of 1, 2 or 5, the smallest first, for about ten parts of a span down to one. */
function linearSteps(span: number): number[] {
  const decade = Math.floor(Math.log10(span)) - 1;
  return [1, 2, 5, 10, 20, 50, 100]
    .map((factor) => factor * 10 ** decade)
    .filter((step) => span / step <= 9.01);
}

function roundDown(value: number): number {
  const decade = Math.floor(Math.log10(value));
  return (
    [5, 2, 1].map((mantissa) => power(mantissa, decade)).find((end) => end <= value * 1.0001) ??
    power(1, decade)
  );
}

function roundUp(value: number): number {
  const decade = Math.floor(Math.log10(value));
  return (
    [1, 2, 5].map((mantissa) => power(mantissa, decade)).find((end) => end >= value * 0.9999) ??
    power(1, decade + 1)
  );
}

/** Without the last digit's error: 0.3 and not 0.30000000000000004. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function power(mantissa: number, decade: number): number {
  return Number(`${mantissa}e${decade}`);
}
