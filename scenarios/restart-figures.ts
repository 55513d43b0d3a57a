import type { Figure, MeasuredPhase } from "./scenario.ts";

/** Until a share of the clients, 0 to 1, was back after a restart: all of a figure but its place. */
export function untilBack(
  { restart }: MeasuredPhase,
  share: number,
): Pick<Figure, "unit" | "better" | "value" | "about" | "note"> {
  const value = restart?.untilBack(share) ?? null;
  return {
    unit: "ns",
    better: "lower",
    value,
    about: "from the end of the server until so many of the clients that lost it are subscribed",
    ...(value === null && { note: "fewer clients came back" }),
  };
}
