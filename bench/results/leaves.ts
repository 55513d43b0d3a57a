/** Whatever plain values are in a value, by their paths: a list of such values is one leaf. */
export type Leaves = ReadonlyMap<string, string>;

export function leavesOf(value: unknown): Leaves {
  return new Map(leaves(value, ""));
}

function leaves(value: unknown, path: string): [string, string][] {
  if (!isBranch(value)) return [[path, textOf(value)]];
  return Object.entries(value).flatMap(([key, held]) =>
    leaves(held, path === "" ? key : `${path}.${key}`),
  );
}

function isBranch(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return !Array.isArray(value) || value.some(isBranch);
}

function textOf(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : JSON.stringify(value);
}
