/** What networks do to packets and a relay of TCP connections can't: it loses none, and its queue drops nothing. */
export const notPlayed = ["loss", "queue"] as const;

export type NotPlayed = (typeof notPlayed)[number];

const texts: Readonly<Record<NotPlayed, string>> = { loss: "loss", queue: "the queue's bound" };

/** Behind the name of a network, what a relay leaves out of it; empty where that is nothing. */
export function notPlayedText(missing: readonly NotPlayed[]): string {
  if (missing.length === 0) return "";
  return ` (not played: ${missing.map((what) => texts[what]).join(", ")})`;
}
