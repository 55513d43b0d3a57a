const maxShownCharacters = 300;

/**
 * By which programs begin what ends them, whatever follows: an error's own line says more than the stack below it, and
 * an alert more than that there were some.
 */
const causes: readonly RegExp[] = [
  /^\w*Error\b.*/,
  /\[(?:emerg|alert|crit|fatal|error)\].*/i,
  /\b(?:FATAL|ERROR):.*/,
];

/** The line of what a program said that tells best why it ended; null where it said nothing. */
export function lastWordsIn(output: string): string | null {
  const lines = output.split("\n").map((line) => line.trim());
  const [cause] = causes.flatMap((pattern) => lines.flatMap((line) => pattern.exec(line) ?? []));
  return (cause ?? lines.findLast(Boolean))?.slice(0, maxShownCharacters) ?? null;
}
