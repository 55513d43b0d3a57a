import { mergeHistograms } from "../measure/histogram.ts";
import { percentileNs } from "../results/percentile.ts";
import type { Figure, Phase } from "../results/schema.ts";
import { workMs } from "../results/work-time.ts";
import { clockBoundIn } from "./clock-apart.ts";
import { sum } from "../statistics/basics.ts";

const common = { bound: "exact", better: "neither" } as const;

type PhaseBus = NonNullable<Phase["bus"]>;
type Stated = Omit<Figure, "bound" | "better" | "table">;

/** What the bus between servers did in all measured phases; none where one served alone. */
export function busFigures(phases: readonly Phase[]): Figure[] {
  const measured = phases.filter((phase) => phase.measured);
  const buses = measured.flatMap(({ bus }) => bus ?? []);
  const [first] = buses;
  if (first === undefined) return [];
  const { kind, servers, library } = first;
  const by = library === undefined ? "" : ` by ${library}`;
  const table = `what the bus ${kind} did between ${servers} servers${by}`;
  return [
    ...transitFigures(buses, clockBoundIn(measured)),
    ...countFigures(buses),
    bytesFigure(buses),
    ...brokerFigure(measured, buses),
  ].map((figure) => Object.assign(figure, common, { table }));
}

function transitFigures(
  buses: readonly PhaseBus[],
  clocks: ReturnType<typeof clockBoundIn>,
): Stated[] {
  const transit = mergeHistograms(buses.map((bus) => bus.transit));
  const figure = (q: number): Stated => ({
    key: `bus.transit.p${100 * q}`,
    label: `on the bus\np${100 * q}`,
    unit: "ns",
    value: percentileNs(transit, q),
    ...clocks,
    about: "from publishing until a server has taken the message from the bus",
  });
  return [0.5, 0.99].map(figure);
}

function countFigures(buses: readonly PhaseBus[]): Stated[] {
  const count = (field: "published" | "taken" | "lost"): number =>
    sum(buses.map((bus) => bus[field]));
  return [
    {
      key: "bus.published",
      label: "messages\npublished",
      unit: "count",
      value: count("published"),
    },
    {
      key: "bus.taken",
      label: "taken\nby servers",
      unit: "count",
      value: count("taken"),
      about:
        "by all servers; without a broker or by a library of theirs, by those that didn't publish the message",
    },
    { key: "bus.lost", label: "lost on\nthe bus", unit: "count", value: count("lost") },
    ...deliveryFigures(buses),
  ];
}

/** None of runs before it was known. */
function deliveryFigures(buses: readonly PhaseBus[]): Stated[] {
  const known = buses.flatMap(({ deliveries }) => deliveries ?? []);
  if (known.length < buses.length) return [];
  return [
    {
      key: "bus.unsent",
      label: "deliveries\nnot sent",
      unit: "count",
      value: sum(known.map(({ unsent }) => unsent)),
      about: "lost, since their server couldn't hand the message to the bus",
    },
    {
      key: "bus.untaken",
      label: "sent, but\nnot taken",
      unit: "count",
      value: sum(known.map(({ untaken }) => untaken)),
      about: "deliveries that are lost, since the client's server didn't take the message",
    },
  ];
}

function bytesFigure(buses: readonly PhaseBus[]): Stated {
  const published = sum(buses.map((bus) => bus.published));
  // From server to server, what goes up at one end comes down at the other.
  const bytes = sum(
    buses.map(({ kind, bytesDown, bytesUp }) => bytesUp + (kind === "none" ? 0 : bytesDown)),
  );
  return {
    key: "bus.bytes",
    label: "bus bytes\nper message",
    unit: "bytes",
    value: published === 0 ? null : bytes / published,
    about: "between servers and bus, both ways, for each message published",
  };
}

/** None without a broker of the harness's own. */
function brokerFigure(measured: readonly Phase[], buses: readonly PhaseBus[]): Stated[] {
  const used = measured.flatMap(({ resources }) =>
    resources.filter(({ process }) => process === "broker"),
  );
  if (used.length === 0) return [];
  const taken = sum(buses.map((bus) => bus.taken));
  return [
    {
      key: "bus.broker.cpu",
      label: "broker CPU, ms\nper 1 000 taken",
      unit: "ms",
      value: taken === 0 ? null : (1_000 * sum(used.map(workMs))) / taken,
    },
  ];
}
