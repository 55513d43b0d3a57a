import type { VNode } from "preact";
import type { Style } from "../charts/chart.ts";
import type { Coefficients } from "../cost/measured.ts";
import type { Amount, Cost, CostInputs } from "../cost/model.ts";
import { costOf } from "../cost/model.ts";
import { byteFormat, digits } from "../format.ts";
import type { ColumnFormat } from "../format.ts";
import { Key } from "./key.tsx";
import { Name } from "./section.tsx";

/** A variant with the look that it has in all charts. */
export interface CostSubject {
  readonly coefficients: Coefficients;
  readonly style: Style | undefined;
}

interface CostTableProps {
  readonly subjects: readonly CostSubject[];
  readonly inputs: CostInputs;
}

type Costed = CostSubject & { readonly cost: Cost };

interface CostColumn {
  readonly label: string;
  readonly of: (cost: Cost) => Amount<number>;
  readonly format: (values: readonly number[]) => ColumnFormat;
}

const plain = (unit: string) => (): ColumnFormat => ({ unit, number: digits });

const bytesPer =
  (time: string) =>
  (values: readonly number[]): ColumnFormat => {
    const format = byteFormat(values);
    return { ...format, unit: `${format.unit}${time}` };
  };

const columns: readonly CostColumn[] = [
  {
    label: "down",
    of: ({ bytesPerSecond }) => part(bytesPerSecond, ({ down }) => down),
    format: bytesPer("/s"),
  },
  {
    label: "up",
    of: ({ bytesPerSecond }) => part(bytesPerSecond, ({ up }) => up),
    format: bytesPer("/s"),
  },
  {
    label: "both ways",
    of: ({ bytesPerMonth }) => part(bytesPerMonth, ({ down, up }) => down + up),
    format: bytesPer(" a month"),
  },
  { label: "cost", of: ({ pricePerMonth }) => pricePerMonth, format: plain("a month") },
  {
    label: "mean staleness",
    of: ({ meanStalenessMs }) => meanStalenessMs,
    format: plain("ms"),
  },
  {
    label: "server memory",
    of: ({ serverMemoryBytes }) => serverMemoryBytes,
    format: bytesPer(""),
  },
  { label: "server CPU", of: ({ serverCores }) => serverCores, format: plain("cores") },
];

/** What the workload costs with each variant. The same on paper, without JavaScript and beside the sliders. */
export function CostTable({ subjects, inputs }: CostTableProps): VNode {
  const costed = subjects
    .map((subject) => ({ ...subject, cost: costOf(subject.coefficients, inputs) }))
    .toSorted((a, b) => Number(a.coefficients.reference) - Number(b.coefficients.reference));
  const formats = columns.map(({ of, format }) =>
    format(costed.flatMap(({ cost }) => of(cost).value ?? [])),
  );
  const cheapest = cheapestOf(costed);
  return (
    <>
      <div class="scroll" role="region" aria-label="What it would cost" tabIndex={0}>
        <table class="figures cost">
          <caption class="unseen">What this workload would cost with each variant</caption>
          <thead>
            <tr>
              <th scope="col" class="subject">
                variant
              </th>
              {columns.map(({ label }, index) => (
                <th key={label} scope="col">
                  {label}
                  <br />
                  {formats[index]?.unit}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {costed.map((row) => (
              <CostRow
                key={row.coefficients.name}
                row={row}
                formats={formats}
                isCheapest={cheapest.has(row.coefficients.name)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Remarks costed={costed} />
    </>
  );
}

function CostRow({
  row: { coefficients, style, cost },
  formats,
  isCheapest,
}: {
  readonly row: Costed;
  readonly formats: readonly ColumnFormat[];
  readonly isCheapest: boolean;
}): VNode {
  const { variant, run, reference } = coefficients;
  return (
    <tr class={reference ? "floor" : undefined}>
      <th scope="row" class="subject">
        <span class="name">
          <Key style={style} />
          <Name text={variant} />
        </span>
        <span class="below">
          {[...(reference ? ["floor"] : []), ...(run === null ? [] : [run])].join(", ")}
          {isCheapest ? <strong>cheapest</strong> : null}
        </span>
      </th>
      {columns.map(({ label, of }, index) => (
        <AmountCell
          key={label}
          amount={of(cost)}
          format={formats[index]}
          isBest={isCheapest && label.startsWith("cost")}
        />
      ))}
    </tr>
  );
}

function AmountCell({
  amount: { value, atLeast, why, extrapolated },
  format,
  isBest,
}: {
  readonly amount: Amount<number>;
  readonly format: ColumnFormat | undefined;
  readonly isBest: boolean;
}): VNode {
  if (value === null || format === undefined) {
    return (
      <td class="none" title={why ?? undefined}>
        n/a
      </td>
    );
  }
  return (
    <td class={isBest ? "best" : undefined} title={extrapolated.join("; ") || undefined}>
      <span class="figure">
        {atLeast ? "≥ " : null}
        {format.number(value)}
      </span>
      {isBest ? <span class="aside"> *</span> : null}
      {extrapolated.length === 0 ? null : <span class="below">extrapolated</span>}
    </td>
  );
}

/** What is missing, and what was asked for beyond what was measured. */
function Remarks({ costed }: { readonly costed: readonly Costed[] }): VNode | null {
  const amounts = costed.flatMap(({ coefficients: { name }, cost }) =>
    columns.map(({ of }) => ({ name, amount: of(cost) })),
  );
  const beyond = new Set(amounts.flatMap(({ amount }) => amount.extrapolated));
  const missing = new Set(
    amounts.flatMap(({ name, amount: { why } }) => (why === null ? [] : [`${name}: ${why}`])),
  );
  return (
    <ul class="notes" aria-live="polite">
      {beyond.size === 0 ? null : (
        <li>
          <strong>Extrapolated</strong> beyond what was measured: {[...beyond].join("; ")}.
        </li>
      )}
      {[...missing].map((text) => (
        <li key={text}>
          <bdi>{text}</bdi>
        </li>
      ))}
    </ul>
  );
}

/** What the model is off by where it can be held against what was measured: 1 %. */
const tolerance = 1.01;

/** All that come near the least; nobody, where that is everybody, or where a figure is a bound. */
function cheapestOf(costed: readonly Costed[]): ReadonlySet<string> {
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

function part<T>(amount: Amount<T>, of: (value: T) => number): Amount<number> {
  return { ...amount, value: amount.value === null ? null : of(amount.value) };
}
