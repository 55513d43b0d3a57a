import { ClientSearch } from "./client-search.ts";
import type { Plateau } from "./client-search.ts";
import { unknownServer } from "./figures.ts";
import { memoryFigures, memoryTotals } from "./memory-figures.ts";
import { measurePollCapacity } from "./poll-capacity.ts";
import { defineScenario } from "./scenario.ts";
import type { Figure, Scenario, Stopped } from "./scenario.ts";
import { searchAndState } from "./search-and-state.ts";

export const connections: Scenario = defineScenario({
  name: "connections",
  summary: "How many clients can be held and still be served, and what stops the next one?",
  workload: { clients: 1, ratePerSecond: 20, payloadBytes: 256 },
  measures: "time",
  searches: true,
  takes: ["objectiveMs"],
  describe: ({ maxConnections, payloadBytes, objectiveMs }) =>
    `up to ${maxConnections} clients, a broadcast of ${payloadBytes} B to each number of them` +
    (objectiveMs === undefined ? "" : `, within ${objectiveMs} ms`),
  async play(stage) {
    const search = new ClientSearch(stage);
    await searchAndState(stage, search, (brokenOff) => searchFigures(search, brokenOff));
    await stage.clients.disconnect(0);
    await measurePollCapacity(stage);
  },
});

/** `brokenOff` says why the search could not be completed. */
function searchFigures(search: ClientSearch, brokenOff: string | null): Figure[] {
  const { plateaus, most, stopped } = search;
  // The last step may have been one back.
  const connectsPerSecond = plateaus.findLast(hasConnectRate)?.connectsPerSecond ?? null;
  return [
    {
      key: "held",
      label: "clients\nheld",
      unit: "count",
      better: "higher",
      value: most?.clients ?? 0,
      ...search.bound(brokenOff),
      headline: true,
      words: {
        states: "{value} clients are held and served",
        leads: "the most clients are held and served with {variant}: {value}",
      },
      adds: "{value} clients held",
    },
    {
      key: "stopped",
      label: "stopped by",
      unit: "text",
      better: "neither",
      value: stopText(stopped, brokenOff),
    },
    ...memoryFigures(plateaus),
    {
      key: "connectRate",
      label: "connects\n/s",
      unit: "per second",
      better: "higher",
      value: connectsPerSecond,
      ...(connectsPerSecond === null && plateaus.length > 0 && { note: stepDown }),
    },
    {
      key: "broadcast",
      label: "broadcast\nto all",
      unit: "ns",
      better: "lower",
      value: most?.broadcastNs ?? null,
      oneWay: true,
      about: "until every client held had received one message",
    },
    {
      key: "broadcastP99",
      label: "broadcast\np99",
      unit: "ns",
      better: "lower",
      value: most?.broadcastP99Ns ?? null,
      oneWay: true,
      about: "until 99 % of them had",
    },
    ...(most === undefined ? [] : memoryTotals(most)),
    ...plateaus.flatMap(plateauFigures),
  ];
}

function hasConnectRate({ connectsPerSecond }: Plateau): boolean {
  return connectsPerSecond !== null;
}

const stepDown = "a step down, with no client to connect";

function stopText(stopped: Stopped | null, brokenOff: string | null): string {
  if (brokenOff !== null) return "broken off";
  return stopped === null ? "--max-connections" : `${stopped.cause}, ${stopped.side}`;
}

/** The figures for one number of clients: a column in each of three tables. */
function plateauFigures(plateau: Plateau): Figure[] {
  const { clients, connectsPerSecond, broadcastNs, server } = plateau;
  const { residentBytes } = server;
  const common = { label: `${clients}` };
  return [
    {
      ...common,
      key: `connectRate.at${clients}`,
      table: "connects per second while growing to each number of clients",
      unit: "per second",
      better: "higher",
      value: connectsPerSecond,
      ...(connectsPerSecond === null && { note: stepDown }),
    },
    {
      ...common,
      key: `broadcast.at${clients}`,
      table: "time until every one of that many clients has received one message",
      unit: "ns",
      better: "lower",
      value: broadcastNs,
      oneWay: true,
    },
    {
      ...common,
      key: `memory.at${clients}`,
      table: "MB of server memory with each number of clients",
      unit: "count",
      better: "neither",
      value: residentBytes === null ? null : Math.round(residentBytes / 1e6),
      ...(residentBytes === null && { note: unknownServer }),
    },
  ];
}
