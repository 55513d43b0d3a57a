import { capital } from "../../bench/text/format.ts";
import { axisOf } from "./chart.ts";
import type { Chart, Series } from "./chart.ts";
import { comparisonTitle, singleTrialNotes } from "./titles.ts";
import type { Compared } from "./titles.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { pointOf, millisecondsOf, unstatedNotes, whyUnstated } from "./estimates.ts";
import { aboutChart, rowsOf } from "./source.ts";
import type { ChartSource } from "./source.ts";

/** Places in the palette that none of the well-known transports has. */
const sides = [
  { key: "cpu.server", name: "server", told: toldOf("server"), colour: 4 },
  { key: "cpu.client", name: "client side", told: toldOf("client"), colour: 5 },
];

/** CPU time of both ends for a thousand deliveries. */
export function cpu(source: ChartSource): Chart | null {
  const keys = sides.map(({ key }) => key);
  const { subjects, notes } = drawnSubjects(source, (subject) =>
    whyUnstated(source, subject, keys),
  );
  const stated = sides.map(({ key }) =>
    subjects.map((subject) => millisecondsOf(source, subject, key)),
  );
  const [title] = sides.flatMap(({ told }, side) => {
    const known = (stated[side] ?? []).filter((figure) => "estimate" in figure);
    return known.length === 0 ? [] : [{ compared: told, known }];
  });
  if (title === undefined) return null;
  return {
    ...aboutChart(
      source,
      "cpu",
      "CPU time for 1 000 deliveries, median over trials with its interval",
    ),
    title: comparisonTitle(title.compared, title.known),
    kind: "bars",
    along: rowsOf(subjects),
    value: axisOf("CPU time for 1 000 deliveries, ms", "ms", "linear"),
    series: sides
      .map(({ name, colour }, side): Series => ({
        name,
        style: { colour, dash: side, marker: side },
        points: (stated[side] ?? []).flatMap((figure, at) =>
          "estimate" in figure ? [pointOf(at, figure, "ms")] : [],
        ),
      }))
      .filter(({ points }) => points.length > 0),
    notes: [
      "CPU time excludes waiting for due times.",
      ...sides.flatMap(({ name }, side) => unstatedNotes(`${name} time`, stated[side] ?? [])),
      ...singleTrialNotes(title.known),
      ...notes,
    ],
  };
}

function toldOf(side: string): Compared {
  return {
    opening: `CPU time of the ${side} for 1 000 deliveries is`,
    where: `${capital(side)} CPU:`,
    unit: "ms",
  };
}
