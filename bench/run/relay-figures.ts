import type { PlannedTrial } from "../plan/plan.ts";
import { notPlayedText } from "../results/not-played.ts";
import type { Figure, Phase } from "../results/schema.ts";
import { sum } from "../statistics/basics.ts";
import { digits } from "../text/format.ts";

type PhaseRelay = NonNullable<Phase["relay"]>;
type Direction = PhaseRelay["down"];

const common = { bound: "exact", better: "neither" } as const;

type Stated = Omit<Figure, "bound" | "better" | "table">;

/** What a relay that was asked for did with the connections of all measured phases. */
export function relayFigures(
  { relay }: Pick<PlannedTrial, "relay">,
  phases: readonly Phase[],
): Figure[] {
  if (relay === null) return [];
  const measured = phases.flatMap((phase) =>
    phase.measured && phase.relay !== undefined ? [phase.relay] : [],
  );
  if (measured.length === 0) return [];
  const table = `what ${relay.name} did with connections, and was asked to do${notPlayedText(relay.notPlayed)}`;
  const ways = (["down", "up"] as const).map((way) => ({
    way,
    directions: measured.map((phase) => phase[way]),
  }));
  return [
    ...ways.flatMap(({ way, directions }) => directionFigures(way, directions)),
    lateness(ways.flatMap(({ directions }) => directions)),
  ].map((figure) => Object.assign(figure, common, { table }));
}

function directionFigures(way: "down" | "up", directions: readonly Direction[]): Stated[] {
  const [first] = directions;
  if (first === undefined) return [];
  const { delayMs, jitterMs } = first.asked;
  return [
    {
      key: `relay.${way}.delay`,
      label: `delay ${way}, ms\n${digits(delayMs + jitterMs)} asked`,
      unit: "ms",
      value: mean(directions, "meanDelayMs"),
      about:
        "the mean over what was read at once, with the wait for being sent and what is held back; asked are delay and mean jitter",
    },
    {
      key: `relay.${way}.bytes`,
      label: `passed on\n${way}, B`,
      unit: "bytes",
      value: sum(directions.map(({ done }) => done.bytes)),
    },
  ];
}

function lateness(directions: readonly Direction[]): Stated {
  return {
    key: "relay.late",
    label: "unasked\ndelay, ms",
    unit: "ms",
    value: mean(directions, "meanLateMs"),
    about:
      "how much later than due pieces were passed on, on average: what the relay adds by itself",
  };
}

/** Of all pieces; null where there was none. */
function mean(
  directions: readonly Direction[],
  field: "meanDelayMs" | "meanLateMs",
): number | null {
  const pieces = sum(directions.map(({ done }) => done.pieces));
  if (pieces === 0) return null;
  return sum(directions.map(({ done }) => (done[field] ?? 0) * done.pieces)) / pieces;
}
