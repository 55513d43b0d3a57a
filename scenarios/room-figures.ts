import { cpuFigures, cpuTable, latency } from "./figures.ts";
import type { RateSearch } from "./rate-search.ts";
import type { Figure, MeasuredPhase, RoomPercentiles, RoomsMeasured } from "./scenario.ts";

/** The measured phases of the scenario. */
export interface RoomPhases {
  readonly steady: MeasuredPhase;
  /** In which clients sent; null where they only receive. */
  readonly upward: MeasuredPhase | null;
  /** In which clients joined and left. */
  readonly changing: MeasuredPhase;
  readonly search: RateSearch;
}

/** `brokenOff` says why the search couldn't be completed. */
export function roomFigures(
  { steady, upward, changing, search }: RoomPhases,
  brokenOff: string | null,
): Figure[] {
  return [
    percentile(steady, "delivery.p50", 0.5, "half within\n(p50)"),
    percentile(steady, "delivery.p99", 0.99, "99 % within\n(p99)"),
    ...(upward === null ? [] : [percentile(upward, "upward.p99", 0.99, "from clients\n(p99)")]),
    percentile(changing, "changing.p99", 0.99, "with joins\n(p99)"),
    capacityFigure(search, brokenOff),
    ...sizeFigures(steady, 0.5),
    ...sizeFigures(steady, 0.99),
    ...busFigures(steady, "published"),
    ...(upward === null ? [] : busFigures(upward, "upward")),
    ...joinFigures(changing),
    ...[steady, upward, changing].flatMap((phase) => (phase === null ? [] : lossFigures(phase))),
    ...cpuFigures(steady),
    ...betweenFigures(steady),
  ];
}

function percentile(phase: MeasuredPhase, key: string, q: number, label: string): Figure {
  return {
    key,
    phase: phase.name,
    label,
    ...latency(phase.delivery(q)),
    about: "from when a message was due until a client in its room has it, over rooms of all sizes",
    ...(key === "delivery.p99" && { headline: true, words }),
  };
}

const words = {
  states: "in rooms of all sizes, 99 % of the messages arrive within {value}",
  leads: "messages to rooms arrive soonest with {variant}: 99 % within {value}",
};

function capacityFigure(search: RateSearch, brokenOff: string | null): Figure {
  const { served, objectiveMs } = search;
  return {
    key: "capacity",
    label: "deliveries/s\nserved",
    unit: "per second",
    better: "higher",
    value: served === undefined ? null : Math.round(served.deliveriesPerSecond),
    about: `of all servers together, with 99 % within ${objectiveMs} ms of when they are due and none lost`,
    ...search.bound(brokenOff),
  };
}

function sizeFigures(phase: MeasuredPhase, q: number): Figure[] {
  const share = q === 0.5 ? "half" : "99 %";
  const table = `${share} of the deliveries to clients in rooms of so many arrive within`;
  const figure = (size: RoomsMeasured["sizes"][number]): Figure => ({
    key: `size.p${100 * q}.at${size.clients}`,
    phase: phase.name,
    table,
    label: `${size.clients}`,
    ...latency(size.delivery(q)),
  });
  return (phase.rooms?.sizes ?? []).map(figure);
}

/** What the bus adds: nothing where one server serves all. */
function busFigures(phase: MeasuredPhase, key: "published" | "upward"): Figure[] {
  const { atPublisher, elsewhere } = phase.rooms ?? {};
  if (atPublisher == null || elsewhere == null) return [];
  const who = key === "published" ? "published" : "from clients";
  const figure = (place: string, label: string, value: number | null): Figure => ({
    key: `bus.${key}.${place}`,
    phase: phase.name,
    table: "latency at clients of the server that a message comes from, and of the others",
    label,
    ...latency(value),
  });
  const both = (q: number): Figure[] => {
    const [own, others] = [atPublisher, elsewhere].map((at: RoomPercentiles) => at.delivery(q));
    const name = `p${100 * q}`;
    return [
      figure(`own.${name}`, `${who},\nown (${name})`, own ?? null),
      figure(`others.${name}`, `${who},\nothers (${name})`, others ?? null),
    ];
  };
  return [...both(0.5), ...both(0.99)];
}

/** Of what stands between clients, servers and the bus; none where nothing does. */
function betweenFigures({ name, brokerCpuMs, balancerCpuMs, served }: MeasuredPhase): Figure[] {
  const figure = (key: string, cpuMs: number | null): Figure[] =>
    cpuMs === null
      ? []
      : [
          {
            key: `cpu.${key}`,
            phase: name,
            label: key,
            table: cpuTable,
            unit: "ms",
            better: "lower",
            value: served === 0 ? null : (1_000 * cpuMs) / served,
          },
        ];
  return [...figure("broker", brokerCpuMs), ...figure("balancer", balancerCpuMs)];
}

function joinFigures(phase: MeasuredPhase): Figure[] {
  const joins = phase.rooms?.joins ?? null;
  const common = { phase: phase.name, table: "clients that leave a room and join another" };
  const until = (key: string, label: string, value: number | null, about: string): Figure => ({
    ...common,
    key: `joins.${key}`,
    label,
    ...latency(value),
    // By the clock of the client that joins.
    oneWay: false,
    about,
  });
  const subscribed = "from dialling until a client is subscribed to its new room";
  const first =
    "from dialling until a client has the first message of its new room, which isn't sent for it";
  return [
    counted("joins.count", "joins", common, joins?.count ?? null, "neither"),
    until("subscribed.p50", "subscribed\n(p50)", joins?.untilSubscribed(0.5) ?? null, subscribed),
    until("subscribed.p90", "subscribed\n(p90)", joins?.untilSubscribed(0.9) ?? null, subscribed),
    until("first.p50", "first message\n(p50)", joins?.untilReceiving(0.5) ?? null, first),
    until("first.p90", "first message\n(p90)", joins?.untilReceiving(0.9) ?? null, first),
    {
      ...counted(
        "joins.inFlight",
        "under way\nto leavers",
        common,
        phase.rooms?.inFlight ?? null,
        "neither",
      ),
      about: "deliveries that were due before their client left, and hadn't come by then",
    },
  ];
}

function lossFigures(phase: MeasuredPhase): Figure[] {
  const common = { phase: phase.name, table: `what became of every delivery, ${phase.name}` };
  const key = phase.name.replaceAll(" ", "-");
  return [
    counted(`${key}.expected`, "of\ndeliveries", common, phase.expected, "neither"),
    counted(`${key}.delivered`, "received", common, phase.delivered, "neither"),
    counted(`${key}.lost`, "lost", common, phase.lost),
    counted(`${key}.doubled`, "doubled", common, phase.duplicated),
    counted(`${key}.reordered`, "reordered", common, phase.reordered),
  ];
}

function counted(
  key: string,
  label: string,
  place: Pick<Figure, "phase" | "table">,
  value: number | null,
  better: Figure["better"] = "lower",
): Figure {
  return { ...place, key, label, unit: "count", better, value };
}
