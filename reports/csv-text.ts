export type CsvValue = string | number | null | undefined;

/**
 * Rows as RFC 4180 has them, but each ends with a line feed alone; what isn't known is empty. A spreadsheet
 * must not take a name or a note for a formula: where a text begins like one, an apostrophe goes before it
 * (OWASP, "CSV Injection").
 */
export function csvText(rows: readonly (readonly CsvValue[])[]): string {
  return rows.map((row) => `${row.map(fieldOf).join(",")}\n`).join("");
}

/** The last four are wide forms of the first, which spreadsheets take for the same. */
const formula = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

function fieldOf(value: CsvValue): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
