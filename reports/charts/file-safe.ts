/** The longest that it gives, well below what file systems take. */
const longest = 60;

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
    .slice(0, longest)
    .replaceAll(/^-|-$/g, "");
  return safe === "" ? "unnamed" : safe;
}
