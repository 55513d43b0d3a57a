const maxShownCharacters = 300;

/** What tells why a program ended, whatever it says after that; in the order in which they tell it best. */
const causes: readonly RegExp[] = [
  // The next line, where one announces it.
  /^(?:.*\b(?:error|message)\b.*:\n)+.+/im,
  // The error's own line, and not the stack below it.
  /^\w*Error\b.*/m,
  /^.*\baddress already in use\b.*/im,
  // The first alert, and not that there were some.
  /\[(?:emerg|alert|crit|fatal)\].*/i,
  // It may be about a request, long before that.
  /\[error\].*/i,
  /\bFATAL: .*/,
  /\bERROR\b.*/,
];

/** The line of what a program said that tells best why it ended; null where it said nothing. */
export function lastWordsIn(output: string): string | null {
  const lines = output.split("\n").map((line) => line.trim());
  const text = lines.join("\n");
  const cause = causes.map((pattern) => pattern.exec(text)?.[0]).find(Boolean);
  const words = cause?.replaceAll("\n", " ") ?? lines.findLast(Boolean);
  return words?.slice(0, maxShownCharacters) ?? null;
}
