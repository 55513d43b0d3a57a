type Direction = "ascending" | "descending";

const opposite = { ascending: "descending", descending: "ascending" } as const;

/** Puts a button in the head of each column. */
export function sortTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("table[data-sortable]")) {
    const heads = [...table.querySelectorAll<HTMLTableCellElement>("thead tr:last-child th")];
    for (const [column, head] of heads.entries()) addButton(table, heads, head, column);
  }
}

function addButton(
  table: HTMLTableElement,
  heads: readonly HTMLTableCellElement[],
  head: HTMLTableCellElement,
  column: number,
): void {
  const label = head.querySelector(".label");
  if (label === null) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sort";
  label.replaceWith(button);
  button.append(label);
  button.addEventListener("click", () => {
    const direction = nextDirection(head);
    for (const one of heads) one.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction);
    // Out of their groups, variants need their whole names.
    table.classList.add("sorted");
    sort(table, column, direction);
  });
}

function nextDirection(head: HTMLTableCellElement): Direction {
  const sorted = head.getAttribute("aria-sort");
  if (sorted === "ascending" || sorted === "descending") return opposite[sorted];
  return head.dataset["first"] === "descending" ? "descending" : "ascending";
}

/** The floor stays last; above it come variants without a figure. */
function sort(table: HTMLTableElement, column: number, direction: Direction): void {
  const [body] = table.tBodies;
  if (body === undefined) return;
  const sign = direction === "ascending" ? 1 : -1;
  const rows = [...body.rows].toSorted((a, b) => {
    const [one, other] = [valueOf(a, column), valueOf(b, column)];
    return (
      Number(isFloor(a)) - Number(isFloor(b)) ||
      Number(one === null) - Number(other === null) ||
      sign * compared(one ?? "", other ?? "")
    );
  });
  body.append(...rows);
}

function isFloor(row: HTMLTableRowElement): boolean {
  return row.classList.contains("floor");
}

function valueOf(row: HTMLTableRowElement, column: number): string | null {
  return row.cells[column]?.dataset["sort"] ?? null;
}

function compared(a: string, b: string): number {
  const [one, other] = [Number(a), Number(b)];
  return Number.isNaN(one) || Number.isNaN(other) ? a.localeCompare(b) : one - other;
}
