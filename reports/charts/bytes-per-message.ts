import { phasesOf } from "../cost/stated.ts";
import type { Phase, Workload } from "../../bench/results/schema.ts";
import { factsOf, partNames, partsPer, perPart, bothWays } from "../../bench/results/wire-parts.ts";
import type { WirePart } from "../../bench/results/wire-parts.ts";
import { medianOf } from "../../bench/statistics/basics.ts";
import { estimate, placeSeed } from "../../bench/statistics/estimate.ts";
import { clientsIn, countedPhases, servedIn } from "../cost/bytes.ts";
import type { CountedPhase } from "../cost/bytes.ts";
import { digits, listing, round, shortListing, countOf } from "../../bench/text/format.ts";
import { axisOf } from "./chart.ts";
import type { Chart, Point, Series } from "./chart.ts";
import { comparisonTitle, singleTrialNotes } from "./titles.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import type { Stated } from "./estimates.ts";
import { aboutChart, rowsOf, nameInText } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";

/** What a set-up is spread over: the messages of so long. */
const spreadSeconds = 60;

/** What the parts of one phase are computed from. */
interface Counted {
  readonly phase: CountedPhase;
  readonly served: number;
  readonly payloadBytes: number;
  /** What a part took of one connection, spread over the messages that it gets. */
  readonly setUp: (part: WirePart) => number;
}

interface Part {
  readonly name: string;
  readonly colour: number | "floor";
  /** Bytes of the whole phase. */
  bytes(counted: Counted): number;
}

/** From the bar's beginning on. Of deliveries it tells more than that they are some. */
const parts: readonly Part[] = [
  { name: "payload", colour: "floor", bytes: payloadOf },
  {
    name: "headers and framing",
    colour: factsOf("deliveries").colour,
    bytes: (counted) => counted.phase.wire.parts.deliveries.down - payloadOf(counted),
  },
  {
    name: "upstream (polls for it)",
    colour: 5,
    bytes: ({ phase }) => phase.wire.parts.deliveries.up,
  },
  ...partNames.toReversed().flatMap(wholePart),
];

/** A part that is drawn as it was counted, or spread over messages where it comes once a connection. */
function wholePart(part: WirePart): Part[] {
  const { label: name, colour, per } = factsOf(part);
  if (part === "deliveries" || per === "nothing") return [];
  const bytes = ({ phase, setUp, served }: Counted): number =>
    per === "connection" ? setUp(part) * served : bothWays(phase.wire.parts[part]);
  return [{ name, colour, bytes }];
}

/** All bytes for each delivered message, by what they are for. */
export function bytesPerMessage(source: ChartSource): Chart | null {
  const { subjects, notes } = drawnSubjects(source, (subject) =>
    countedIn(subject).length > 0 ? null : "its bytes are not told apart by part",
  );
  const all = subjects.map((subject) => ({ subject, counted: countedIn(subject) }));
  const stated = all.flatMap(({ subject, counted }) => statedOf(subject, counted));
  const drawn = parts.flatMap((part, index): Series[] => {
    const points = all.flatMap(({ counted }, at) => pointOf(part, counted, at) ?? []);
    return points.some(({ value }) => value > 0)
      ? [{ name: part.name, style: { colour: part.colour, dash: index, marker: index }, points }]
      : [];
  });
  if (stated.length === 0) return null;
  const rates = ratesOf(all.flatMap(({ counted }) => counted));
  const isDrawn = (name: string): boolean => drawn.some((series) => series.name === name);
  const none = partsPer("time")
    .map(labelOf)
    .filter((name) => !isDrawn(name));
  const smaller = all.filter(({ counted }) => counted.some(isCompressed));
  return {
    ...aboutChart(
      source,
      "bytes-per-message",
      `TCP payload for each delivered message at ${rates} msg/s, both ways, median over trials`,
    ),
    title: comparisonTitle(
      { opening: openingOf(subjects), where: "In bytes beyond the payload", unit: "B" },
      stated,
    ),
    kind: "bars",
    stacked: true,
    along: rowsOf(subjects),
    value: axisOf("bytes per delivered message", "B", "linear"),
    series: drawn,
    notes: [
      ...(partsPer("connection").map(labelOf).some(isDrawn)
        ? ["A set-up is spread over the messages that a client gets in a minute at that rate."]
        : []),
      ...(none.length > 0
        ? [`No ${none.join(" and no ")} crossed meanwhile; the tables have their idle cost.`]
        : []),
      ...(smaller.length > 0
        ? [
            `Smaller than its payload goes a message with ${shortListing(smaller.map(({ subject }) => nameInText(subject)))}.`,
          ]
        : []),
      ...singleTrialNotes(stated),
      ...notes,
    ],
  };
}

/** One of each valid trial. */
function countedIn(subject: Subject): Counted[] {
  const { workload } = subject;
  if (workload === null) return [];
  const setUpPhases = countedPhases(phasesOf(subject.trials, "setUp"));
  const setUp = perPart((part) =>
    medianOf(
      setUpPhases.map((phase) => bothWays(phase.wire.parts[part]) / Math.max(1, clientsIn(phase))),
    ),
  );
  return countedPhases(phasesOf(subject.trials, "parts.deliveries")).flatMap((phase) => {
    const served = servedIn(phase);
    if (served === 0) return [];
    const messages = spreadSeconds * rateOf(phase, workload);
    return [
      {
        phase,
        served,
        payloadBytes: phase.payloadBytes ?? workload.payloadBytes,
        setUp: (part) => (messages === 0 ? 0 : (setUp[part] ?? 0) / messages),
      },
    ];
  });
}

function rateOf({ rate }: Phase, { ratePerSecond }: Workload): number {
  return rate?.intended ?? ratePerSecond;
}

function payloadOf({ phase, served, payloadBytes }: Counted): number {
  return Math.min(served * payloadBytes, phase.wire.parts.deliveries.down);
}

function isCompressed({ phase, served, payloadBytes }: Counted): boolean {
  return phase.wire.parts.deliveries.down < served * payloadBytes;
}

function pointOf(part: Part, counted: readonly Counted[], at: number): Point | null {
  const values = counted.map((phase) => part.bytes(phase) / phase.served);
  const value = medianOf(values);
  if (value === null) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const trials = countOf(values.length, "trial");
  const detail =
    digits(low) === digits(high)
      ? `the same in ${trials}`
      : `${digits(low)}–${digits(high)} B in ${trials}`;
  return { at, value, interval: null, detail: values.length === 1 ? trials : detail, style: null };
}

/** All beyond the payload, without the set-up, as the table has it. */
function statedOf(subject: Subject, counted: readonly Counted[]): Stated[] {
  const beyond = counted.map(
    ({ phase, served, payloadBytes }) => bothWays(phase.wire.total) / served - payloadBytes,
  );
  const found = estimate(beyond, placeSeed(0, subject.name, "bytes-per-message"), true);
  return found === null ? [] : [{ subject, estimate: found, atLeast: false }];
}

function labelOf(part: WirePart): string {
  return factsOf(part).label;
}

function openingOf(subjects: readonly Subject[]): string {
  const sizes = new Set(subjects.flatMap(({ workload }) => workload?.payloadBytes ?? []));
  const [size] = sizes;
  return size !== undefined && sizes.size === 1
    ? `On top of ${round(size)} B come`
    : "On top of the payload come";
}

function ratesOf(counted: readonly Counted[]): string {
  const rates = new Set(counted.flatMap(({ phase }) => phase.rate?.intended ?? []));
  return listing([...rates].toSorted((a, b) => a - b).map(round));
}
