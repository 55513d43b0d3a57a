import type { Amount, Cost } from "../cost/model.ts";
import { byteFormat, digitsFormat } from "../../bench/text/format.ts";
import type { ColumnFormat } from "../../bench/text/format.ts";
import type { Coefficients } from "../cost/measured.ts";

export interface CostColumn {
  readonly label: string;
  readonly amountOf: (cost: Cost) => Amount<number>;
  readonly format: (values: readonly number[]) => ColumnFormat;
}

const plain = (unit: string) => (): ColumnFormat => digitsFormat(unit);

const bytesPer =
  (time: string) =>
  (values: readonly number[]): ColumnFormat => {
    const format = byteFormat(values);
    return { ...format, unit: `${format.unit}${time}` };
  };

/** What is shown of each variant. */
export const costColumns: readonly CostColumn[] = [
  {
    label: "down",
    amountOf: ({ bytesPerSecond }) => part(bytesPerSecond, ({ down }) => down),
    format: bytesPer("/s"),
  },
  {
    label: "up",
    amountOf: ({ bytesPerSecond }) => part(bytesPerSecond, ({ up }) => up),
    format: bytesPer("/s"),
  },
  {
    label: "both ways",
    amountOf: ({ bytesPerMonth }) => part(bytesPerMonth, ({ down, up }) => down + up),
    format: bytesPer(" a month"),
  },
  { label: "cost", amountOf: ({ pricePerMonth }) => pricePerMonth, format: plain("a month") },
  {
    label: "mean staleness",
    amountOf: ({ meanStalenessMs }) => meanStalenessMs,
    format: plain("ms"),
  },
  {
    label: "server memory",
    amountOf: ({ serverMemoryBytes }) => serverMemoryBytes,
    format: bytesPer(""),
  },
  { label: "server CPU", amountOf: ({ serverCores }) => serverCores, format: plain("cores") },
];

function part<T>(amount: Amount<T>, partOf: (value: T) => number): Amount<number> {
  return { ...amount, value: amount.value === null ? null : partOf(amount.value) };
}

interface Costed {
  readonly coefficients: Coefficients;
  readonly cost: Cost;
}

/** What the model is off by where it can be held against what was measured: 1 %. */
const tolerance = 1.01;

/** All that come near the least; nobody, where that is everybody, or where a figure is a bound. */
export function cheapestOf(costed: readonly Costed[]): ReadonlySet<string> {
  const known = costed.flatMap(({ coefficients: { name, reference }, cost: { pricePerMonth } }) =>
    reference || pricePerMonth.value === null
      ? []
      : [{ name, price: pricePerMonth.value, atLeast: pricePerMonth.atLeast }],
  );
  const least = Math.min(...known.map(({ price }) => price));
  const best = known.filter(({ price }) => price <= least * tolerance);
  const isSure = best.every(({ atLeast }) => !atLeast);
  return new Set(isSure && best.length < known.length ? best.map(({ name }) => name) : []);
}
