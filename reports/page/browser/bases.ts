import { columnFormat } from "../../../bench/text/format.ts";
import type { ColumnFormat } from "../../../bench/text/format.ts";
import { baseLegend } from "../../base-legend.ts";
import { placedRows } from "../../placed-rows.ts";
import type { PlacedRow } from "../../placed-rows.ts";
import { belowOf } from "../../relative.ts";
import type { CellBase } from "../../relative.ts";
import { baseLegendId, pickerId } from "../base-picker.tsx";
import { comparableOf } from "../held-tables.ts";
import type { HeldRow, HeldTable } from "../held-tables.ts";

const key = "base";

/** Lets the reader pick what all are held against; the address keeps it, so that it can be passed on. */
export function offerBases(held: readonly HeldTable[]): void {
  const picker = document.querySelector<HTMLSelectElement>(`select#${pickerId}`);
  if (picker === null) return;
  if (picker.parentElement !== null) picker.parentElement.hidden = false;
  const tables = [...document.querySelectorAll<HTMLTableElement>("table[data-sortable]")].map(
    (table, index) => ({ held: held[index], rows: rowsOf(table) }),
  );
  const show = (): void => {
    const picked = picker.value === "" ? null : picker.value;
    for (const { held, rows } of tables) {
      if (held !== undefined) showTable(held, rows, picked);
    }
    const legend = document.getElementById(baseLegendId);
    const [overview] = held;
    if (legend !== null && overview !== undefined) {
      legend.textContent = baseLegend(overview.rows, picked, "Under a figure");
    }
  };
  const followAddress = (): void => {
    const wanted = baseIn(location.hash);
    if (wanted === null || wanted === picker.value) return;
    if ([...picker.options].every(({ value }) => value !== wanted)) return;
    picker.value = wanted;
    show();
  };
  picker.addEventListener("change", () => {
    history.replaceState(null, "", `#${new URLSearchParams({ [key]: picker.value })}`);
    show();
  });
  addEventListener("hashchange", followAddress);
  followAddress();
}

/** Null where the fragment leads to a place in the page. */
function baseIn(fragment: string): string | null {
  return new URLSearchParams(fragment.slice(1)).get(key);
}

/** As they were before they were sorted. */
function rowsOf(table: HTMLTableElement): HTMLTableRowElement[] {
  return [...(table.tBodies[0]?.rows ?? [])];
}

function showTable(
  { columns, rows: held }: HeldTable,
  rows: readonly HTMLTableRowElement[],
  picked: string | null,
): void {
  const formats = columns.map(({ unit, most }) => columnFormat(unit, most === null ? [] : [most]));
  for (const [index, placed] of placedRows(held, picked).entries()) {
    const row = rows[index];
    if (row !== undefined) showRow(row, placed, formats);
  }
}

function showRow(
  row: HTMLTableRowElement,
  { row: held, isBase, against }: PlacedRow<HeldRow>,
  formats: readonly ColumnFormat[],
): void {
  row.querySelector(".base")?.remove();
  if (isBase) row.querySelector(".subject > .below")?.append(markElement());
  for (const [index, format] of formats.entries()) {
    // The first cell has the row's name.
    const cell = row.cells[index + 1];
    if (cell === undefined || held.cells[index] == null) continue;
    const base: CellBase | null =
      against === null ? null : { cell: comparableOf(against.row.cells[index]), as: against.as };
    const { texts, apart } = belowOf(comparableOf(held.cells[index]), base, format);
    for (const old of cell.querySelectorAll(".below")) old.remove();
    cell.append(...texts.map((text, place) => belowElement(text, apart && place === 0)));
  }
}

function markElement(): HTMLElement {
  const element = document.createElement("strong");
  element.className = "base";
  element.textContent = " base";
  return element;
}

function belowElement(text: string, isApart: boolean): HTMLElement {
  const element = document.createElement("span");
  element.className = isApart ? "below apart" : "below";
  element.textContent = text;
  return element;
}
