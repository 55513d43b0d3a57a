import { plainUnits } from "../verdict/machine-formats.ts";
import { groupBy } from "../group-by.ts";
import { axisOf } from "../charts/chart.ts";
import type { Chart, Point, Series, Style } from "../charts/chart.ts";
import { distinct, fileSafe } from "../charts/file-safe.ts";
import { stylesFor } from "../charts/style.ts";
import type { Styled } from "../charts/style.ts";
import { round, shortListing, countOf } from "../../bench/text/format.ts";
import { subjectName } from "../summary.ts";
import { addressOf } from "../../bench/results/comparison.ts";
import { quantityFormat } from "../../bench/text/quantity.ts";
import { hasMoved, runName, tracksOf } from "./tracks.ts";
import type { Track } from "./tracks.ts";
import type { History } from "../../bench/results/stored-runs.ts";

/** More lines than this can't be told apart. */
const maxLines = 12;

/** A chart for each metric that has moved in any variant, over the runs. */
export function historyCharts(history: History): Chart[] {
  const tracks = tracksOf(history);
  const styles = stylesFor(subjectsOf(tracks));
  const groups = groupBy(tracks, (track) => addressOf({ ...track, variant: "" }));
  const charts = [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined || !group.some(hasMoved)
      ? []
      : [chartOf(history, first, group, styles)];
  });
  const names = distinct(charts.map(({ name }) => name));
  return charts.map((chart, index) => Object.assign(chart, { name: names[index] ?? chart.name }));
}

/** Each line once, in whatever charts it is. */
function subjectsOf(tracks: readonly Track[]): Styled[] {
  const subjects = new Map<string, Styled>();
  for (const { variant, machine } of tracks) {
    const transport = variant.replace(/[:@+].*$/s, "");
    const subject = { name: variant, transport, reference: false, run: machine };
    subjects.set(subjectName({ variant, run: machine }), subject);
  }
  return [...subjects.values()];
}

function chartOf(
  { runs }: History,
  { scenario, phase, metric, unit, better }: Track,
  group: readonly Track[],
  styles: ReadonlyMap<string, Style>,
): Chart {
  const place = phase === null ? scenario : `${scenario}, ${phase}`;
  const drawn = group.slice(0, maxLines);
  const unitName = unit === "count" ? "" : plainUnits[unit].name;
  return {
    name: fileSafe(`history-${scenario}-${phase ?? ""}-${metric}`),
    scenario,
    title: `${metric}: ${findingOf(group.filter(hasMoved))}`,
    caption: `${metric} in ${place}, ${better} is better, over ${runs.length} runs`,
    kind: "line",
    along: { title: "run, oldest first", unit: "", scale: "category", names: runs.map(runName) },
    value: {
      ...axisOf(unitName === "" ? metric : `${metric}, ${unitName}`, unitName, "linear"),
      floating: true,
    },
    series: drawn.map((track) => seriesOf(track, styles)),
    notes: notesOf(group, drawn.length),
  };
}

function seriesOf(track: Track, styles: ReadonlyMap<string, Style>): Series {
  const name = subjectName({ variant: track.variant, run: track.machine });
  const { size } = plainUnits[track.unit];
  const points = track.points.map(({ run, value: { level, low, high, trials } }): Point => {
    const interval = low === high ? null : { low: low / size, high: high / size };
    return {
      at: run,
      value: level / size,
      interval,
      detail: countOf(trials, "trial"),
      style: null,
    };
  });
  return { name, style: styles.get(name) ?? { colour: "floor", dash: 0, marker: 0 }, points };
}

/** What is true of any data: where it began and ended, and of timing in which range it lay. */
function findingOf(moved: readonly Track[]): string {
  const texts = moved.map((track) => {
    const { variant, machine, unit, tier, points } = track;
    const levels = points.map(({ value }) => value.level);
    const written = quantityFormat(unit, levels);
    const name = subjectName({ variant, run: machine });
    const [first = 0, last = 0] = [levels[0], levels.at(-1)];
    if (tier === 0 && first !== last) return `${name} from ${written(first)} to ${written(last)}`;
    return `${name} between ${written(Math.min(...levels))} and ${written(Math.max(...levels))}`;
  });
  return shortListing(texts, 2);
}

function notesOf(group: readonly Track[], drawn: number): string[] {
  const still = group.length - group.filter(hasMoved).length;
  const timed = group.some(({ machine }) => machine !== null);
  return [
    ...(timed
      ? ["Runs on different machines are not joined: the difference between them isn't a trend."]
      : []),
    ...(still > 0 ? [`${round(still)} of the lines never moved.`] : []),
    ...(drawn < group.length ? [`${group.length - drawn} more are in the table.`] : []),
  ];
}
