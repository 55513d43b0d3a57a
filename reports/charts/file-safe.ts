/** The longest that it gives, well below what file systems take. */
const maxSafeLength = 60;

/**
 * Any text as a part of a file's name: lower-case letters, digits and single hyphens; never empty. Different
 * texts may come out alike.
 */
export function fileSafe(text: string): string {
  const safe = text
    .normalize("NFKD")
    .replaceAll(/\p{Mark}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, maxSafeLength)
    .replaceAll(/^-|-$/g, "");
  return safe === "" ? "unnamed" : safe;
}

/** The names in their order; one that is taken already gets a number behind it. */
export function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
    taken.add(free);
    return free;
  });
}
