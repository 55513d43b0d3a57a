import type { VNode } from "preact";
import type { Style } from "../charts/chart.ts";
import type { Coefficients } from "../cost/measured.ts";
import { costOf } from "../cost/model.ts";
import type { Amount, Cost, CostInputs } from "../cost/model.ts";
import { floorMeaning } from "../floor-meaning.ts";
import { groupBy } from "../group-by.ts";
import { listing } from "../../bench/text/format.ts";
import type { ColumnFormat } from "../../bench/text/format.ts";
import { cheapestOf, costColumns } from "./cost-columns.ts";
import { Key } from "./key.tsx";
import { Items, Name, ScrollTable } from "./section.tsx";

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

/** What the workload costs with each variant. The same on paper, without JavaScript and beside the sliders. */
export function CostTable({ subjects, inputs }: CostTableProps): VNode {
  const costed = subjects
    .map((subject) => ({ ...subject, cost: costOf(subject.coefficients, inputs) }))
    .toSorted((a, b) => Number(a.coefficients.reference) - Number(b.coefficients.reference));
  const formats = costColumns.map(({ amountOf, format }) =>
    format(costed.flatMap(({ cost }) => amountOf(cost).value ?? [])),
  );
  const cheapest = cheapestOf(costed);
  return (
    <>
      <ScrollTable
        label="What it would cost"
        caption="What this workload would cost with each variant"
        class="figures cost"
      >
        <thead>
          <tr>
            <th scope="col" class="subject">
              variant
            </th>
            {costColumns.map(({ label }, index) => (
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
      </ScrollTable>
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
      {costColumns.map(({ label, amountOf }, index) => (
        <AmountCell
          key={label}
          amount={amountOf(cost)}
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

/** What the floor is, what is missing, and what was asked for beyond what was measured. */
function Remarks({ costed }: { readonly costed: readonly Costed[] }): VNode | null {
  const amounts = costed.flatMap(({ coefficients: { name }, cost }) =>
    costColumns.map(({ label, amountOf }) => ({ label, name, amount: amountOf(cost) })),
  );
  const extrapolated = groupBy(
    amounts.filter(({ amount }) => amount.extrapolated.length > 0),
    ({ amount }) => amount.extrapolated.join(", "),
  );
  const missing = new Set(
    amounts.flatMap(({ name, amount: { why } }) => (why === null ? [] : [`${name}: ${why}`])),
  );
  return (
    <ul class="notes" aria-live="polite">
      {costed.some(({ coefficients }) => coefficients.reference) ? (
        <li>
          <strong>The floor</strong> is {floorMeaning}.
        </li>
      ) : null}
      {[...extrapolated].map(([beyond, same]) => (
        <li key={beyond}>
          <strong>Extrapolated</strong>, {listing([...new Set(same.map(({ label }) => label))])}:{" "}
          {beyond}.
        </li>
      ))}
      <Items texts={[...missing]} />
    </ul>
  );
}
