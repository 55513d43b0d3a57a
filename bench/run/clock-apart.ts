import type { Figure, HostClock, Phase } from "../results/schema.ts";

/** Hosts between which messages of a phase go. */
export interface Ways {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** How far the clocks of two hosts may be apart between which messages go, in nanoseconds: both by their bounds. Null within one host. */
export function apartNs(clocks: readonly HostClock[], { from, to }: Ways): number | null {
  const bounds = new Map(clocks.map(({ host, boundNs }) => [host, boundNs]));
  const boundNs = (host: string): number => bounds.get(host) ?? 0;
  const apart = from.flatMap((sender) =>
    to.filter((host) => host !== sender).map((host) => boundNs(sender) + boundNs(host)),
  );
  return apart.length === 0 ? null : Math.max(...apart);
}

/** The bound of a figure that two clocks tell in a phase, or in any of all; nothing where one clock does. */
export function clockBoundIn(
  phases: readonly Phase[],
  name?: string,
): Pick<Figure, "clockBoundNs"> {
  const bounds = phases
    .filter((phase) => name === undefined || phase.name === name)
    .flatMap(({ clockBoundNs }) => clockBoundNs ?? []);
  return bounds.length === 0 ? {} : { clockBoundNs: Math.max(...bounds) };
}
