import type { Lane, Phase } from "../../bench/results/schema.ts";
import { countOf, digits } from "../../bench/text/format.ts";
import { phasesOf } from "../cost/stated.ts";
import { groupBy } from "../group-by.ts";
import { axisOf } from "./chart.ts";
import type { Chart, Point, Series } from "./chart.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { headlineOfReturns } from "./returns.ts";
import { aboutChart } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";
import { fitting, listTitles } from "./titles.ts";

/** More clients of a variant than this tell nothing more. */
const mostLanes = 16;

/** One absence, and the row that it is drawn in. */
interface Placed {
  readonly row: number;
  readonly lane: Lane;
  /** The end of the phase. */
  readonly endMs: number;
}

/** Some clients of each variant over time: while they were away, and until they had what they had missed. */
export function lanes(source: ChartSource): Chart | null {
  const key = headlineOfReturns(source);
  if (key === null) return null;
  const { subjects, notes } = drawnSubjects(source, (subject) =>
    phaseOf(subject, key) === null ? "nobody was cut off" : null,
  );
  if (subjects.length === 0) return null;
  const names: string[] = [];
  const placed: Placed[] = [];
  for (const subject of subjects) {
    const phase = phaseOf(subject, key);
    const clients = [...groupBy(phase?.absences?.lanes ?? [], ({ client }) => client).values()];
    const every = Math.ceil(clients.length / mostLanes);
    const drawn = clients.filter((_, index) => index % every === 0);
    if (names.length > 0) names.push("");
    for (const [index, own] of drawn.entries()) {
      const endMs = phase?.durationMs ?? 0;
      placed.push(...own.map((lane) => ({ row: names.length, lane, endMs })));
      names.push(index === Math.floor((drawn.length - 1) / 2) ? subject.name : "");
    }
  }
  return {
    ...aboutChart(
      source,
      "lanes",
      `Up to ${mostLanes} clients of each variant, a line for each, in its first valid trial`,
    ),
    title: titleOf(subjects, key),
    kind: "lanes",
    along: { title: "client", unit: "", scale: "category", names },
    value: axisOf("since the first message was due, ms", "ms", "linear"),
    series: seriesOf(placed),
    notes: [
      "Clients are drawn that were cut off, spread evenly over all; a stretch that is shorter than can be seen is drawn as short as can be.",
      ...notes,
    ],
  };
}

/** That of its first valid trial. */
function phaseOf({ trials }: Subject, key: string): Phase | null {
  const [phase] = phasesOf(trials, key);
  return (phase?.absences?.lanes ?? []).length === 0 ? null : (phase ?? null);
}

function seriesOf(placed: readonly Placed[]): Series[] {
  const all = [
    {
      name: "away",
      colour: 1,
      stretch: ({ lane: { awayMs, backMs }, endMs }: Placed): [number, number] => [
        awayMs,
        backMs ?? Math.max(awayMs, endMs),
      ],
      told: ({ lane: { backMs } }: Placed) => (backMs === null ? "not back by the end" : ""),
    },
    {
      name: "getting what it had missed",
      colour: 0,
      stretch: ({ lane: { awayMs, backMs, caughtUpMs, replayed } }: Placed) =>
        replayed === 0 ? null : reachOf(backMs ?? awayMs, caughtUpMs),
      told: ({ lane: { replayed } }: Placed) => countOf(replayed, "message"),
    },
    {
      name: "getting messages twice",
      colour: 3,
      stretch: ({ lane: { awayMs, backMs, caughtUpMs, doubled } }: Placed) =>
        doubled === 0 ? null : reachOf(caughtUpMs ?? backMs ?? awayMs, null),
      told: ({ lane: { doubled } }: Placed) => countOf(doubled, "message"),
    },
  ];
  return all
    .map(({ name, colour, stretch, told }, marker): Series => ({
      name,
      style: { colour, dash: 0, marker },
      points: placed.flatMap((one) => {
        const ends = stretch(one);
        return ends === null ? [] : [pointOf(one.row, ends, told(one))];
      }),
    }))
    .filter(({ points }) => points.length > 0);
}

function reachOf(fromMs: number, untilMs: number | null): [number, number] {
  return [fromMs, Math.max(fromMs, untilMs ?? fromMs)];
}

function pointOf(at: number, [low, high]: [number, number], told: string): Point {
  const detail = [`from ${digits(low)} to ${digits(high)} ms`, told].filter(Boolean).join("\n");
  return { at, value: high - low, interval: { low, high }, detail, style: null };
}

function titleOf(subjects: readonly Subject[], key: string): string {
  const longest = subjects.flatMap((subject) => {
    const phases = phasesOf(subject.trials, key).flatMap(({ absences }) => absences ?? []);
    const maxNs = Math.max(...phases.map(({ untilSubscribed }) => untilSubscribed.maxNs ?? 0));
    const estimate = { median: maxNs / 1e6, interval: null, trials: phases.length, counted: false };
    return maxNs <= 0 ? [] : [{ subject, estimate, atLeast: false }];
  });
  if (longest.length === 0) return "Nobody came back";
  return fitting(listTitles({ opening: "The longest absence took", unit: "ms" }, longest));
}
