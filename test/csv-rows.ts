import { expect } from "vitest";

/** The rows of a CSV text by RFC 4180, each cell by the name of its column. */
export function rowsOf(text: string): Record<string, string>[] {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n"]*))(,|\n)/g)];
  const rows: string[][] = [[]];
  for (const [, quoted, plain = "", end] of cells) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === "\n") rows.push([]);
  }
  const [names = [], ...others] = rows.slice(0, -1);
  for (const row of others) expect(row).toHaveLength(names.length);
  return others.map((row) =>
    Object.fromEntries(names.map((name, index) => [name, row[index] ?? ""])),
  );
}
