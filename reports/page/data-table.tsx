import type { VNode } from "preact";
import { cellBase, formatsOf, textOf, trialsText } from "../cell-text.ts";
import type { CellBase } from "../relative.ts";
import type { Style } from "../charts/chart.ts";
import type { ColumnFormat } from "../../bench/text/format.ts";
import { subjectName } from "../summary.ts";
import type { Table } from "../summary.ts";
import type { Cell, Column, Row } from "../cells.ts";
import { placedIn } from "../placed-rows.ts";
import { Key } from "./key.tsx";
import { Mark } from "./notes.tsx";
import type { Notes } from "./notes.tsx";
import { Name, ScrollTable } from "./section.tsx";

interface TableProps {
  readonly table: Table;
  /** What it shows, for those who hear it and don't see what it stands under. */
  readonly caption: string;
  readonly styles: ReadonlyMap<string, Style>;
  readonly notes: Notes;
  /** What columns belong together under, from the left; left out where nothing does. */
  readonly groups?: readonly ColumnGroup[];
  /** See `placedRows`. */
  readonly base: string | null;
  /** Where a row's doubts are explained; null where it has none. */
  readonly doubtsOf: (row: Row) => string | null;
}

export interface ColumnGroup {
  readonly name: string;
  readonly columns: number;
}

/** A row for each variant, a column for each figure. */
export function DataTable({
  table,
  caption,
  styles,
  notes,
  groups = [],
  base,
  doubtsOf,
}: TableProps): VNode {
  const formats = formatsOf(table);
  const placed = placedIn(table, base);
  return (
    <ScrollTable
      label={caption}
      class={groups.length === 0 ? "figures" : "figures grouped"}
      sortable
    >
      <thead>
        {groups.length === 0 ? null : (
          <tr class="group">
            <td class="subject" />
            {groups.map(({ name, columns }, index) => (
              <th key={index} scope="colgroup" colSpan={columns}>
                <bdi>{name}</bdi>
              </th>
            ))}
          </tr>
        )}
        <tr>
          <th scope="col" class="subject" data-first="ascending">
            <span class="label">variant</span>
          </th>
          {table.columns.map((column, index) => (
            <Head key={index} column={column} format={formats[index]} notes={notes} />
          ))}
          {table.columns.length > 0 ? null : (
            <th scope="col" class="words">
              figures
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {placed.map(({ row, beyond, isBase }, place) => (
          <tr key={place} class={classOf(row, beyond)}>
            <th scope="row" class="subject" data-sort={row.variant}>
              <span class="name">
                <Key style={styles.get(subjectName(row))} />
                <Name text={row.variant} beyond={beyond} />
              </span>
              <Below
                row={row}
                doubts={doubtsOf(row)}
                isBase={isBase}
                isCounted={!table.acrossScenarios}
              />
            </th>
            {row.cells.map((cell, index) => (
              <Figure
                key={index}
                cell={cell}
                format={formats[index]}
                base={cellBase(placed[place], index)}
                notes={notes}
              />
            ))}
            {table.columns.length > 0 ? null : (
              <td class="words none">{row.none ?? "no trial states any"}</td>
            )}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function classOf({ reference }: Row, beyond: string | null): string | undefined {
  const classes = [...(reference ? ["floor"] : []), ...(beyond === null ? [] : ["branch"])];
  return classes.join(" ") || undefined;
}

/** The first click on a column shows its best on top. */
function Head({
  column: { label, unit: kind, better, about },
  format,
  notes,
}: {
  readonly column: Column;
  readonly format: ColumnFormat | undefined;
  readonly notes: Notes;
}): VNode {
  const unit = format === undefined ? "" : format.unit;
  return (
    <th
      scope="col"
      class={kind === "text" ? "words" : undefined}
      data-first={better === "higher" ? "descending" : "ascending"}
    >
      <span class="label">
        {label}
        {unit === "" ? null : `\n${unit}`}
      </span>
      <span class="aside">
        <Mark notes={notes} text={about} />
      </span>
    </th>
  );
}

/** Whose row it is, beside the variant, and on what it rests. */
function Below({
  row,
  doubts,
  isBase,
  isCounted,
}: {
  readonly row: Row;
  readonly doubts: string | null;
  readonly isBase: boolean;
  /** Whether the number of trials is that of each figure. */
  readonly isCounted: boolean;
}): VNode {
  const trials = isCounted ? trialsText(row) : doubts === null ? null : "warnings";
  const parts = [
    row.reference ? "floor" : null,
    row.run === null ? null : <bdi class="run">{row.run}</bdi>,
    doubts === null ? (
      trials
    ) : (
      <a href={`#${doubts}`} title="Reasons to doubt some figures">
        {trials}
      </a>
    ),
  ].filter((part) => part !== null);
  return (
    <span class="below">
      {parts.map((part, index) => (
        <>
          {index === 0 ? null : ", "}
          {part}
        </>
      ))}
      {isBase ? <strong class="base"> base</strong> : null}
    </span>
  );
}

/** A figure over its interval; in brackets that of trials that don't count. */
function Figure({
  cell,
  format,
  base,
  notes,
}: {
  readonly cell: Cell;
  readonly format: ColumnFormat | undefined;
  readonly base: CellBase | null;
  readonly notes: Notes;
}): VNode {
  const { figure, sign, below, remark } = textOf(cell, format, base);
  const mark = <Mark notes={notes} text={remark} />;
  if (cell.text !== null) {
    return (
      <td class="words" data-sort={figure}>
        <bdi>{figure}</bdi>
        {mark}
      </td>
    );
  }
  if (cell.estimate === null) {
    return (
      <td class="none">
        {figure}
        <span class="aside">{mark}</span>
      </td>
    );
  }
  return (
    <td
      class={sign === "*" ? "best" : undefined}
      data-sort={Number(cell.estimate.median.toPrecision(8))}
    >
      <span class="figure">{figure}</span>
      <span class="aside">
        {sign === "" ? null : ` ${sign}`}
        {mark}
      </span>
      {below.texts.map((text, index) => (
        <span key={index} class={below.apart && index === 0 ? "below apart" : "below"}>
          {text}
        </span>
      ))}
    </td>
  );
}
