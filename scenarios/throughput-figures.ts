import { cpuFigures, latency } from "./figures.ts";
import type { RateSearch, Tried } from "./rate-search.ts";
import type { Figure } from "./scenario.ts";

/** `brokenOff` says why the search couldn't be completed. */
export function throughputFigures(search: RateSearch, brokenOff: string | null): Figure[] {
  const { served, limit, objectiveMs } = search;
  return [
    {
      key: "throughput",
      label: "deliveries/s\nserved",
      unit: "per second",
      better: "higher",
      value: served === undefined ? null : Math.round(served.deliveriesPerSecond),
      about: `the highest rate of messages, times clients, of which 99 % arrive within ${objectiveMs} ms of when they are due and none is lost`,
      ...search.bound(brokenOff),
      headline: true,
      words: {
        states: "deliveries in time reach {value}",
        leads: "the most deliveries in time are those with {variant}: {value}",
      },
      adds: "{value} deliveries in time",
    },
    {
      key: "throughput.rate",
      label: "messages\n/s",
      unit: "per second",
      better: "higher",
      value: served?.ratePerSecond ?? null,
    },
    {
      key: "limit",
      label: "limit",
      unit: "text",
      better: "neither",
      value: brokenOff === null ? (limit?.name ?? "not reached") : "broken off",
    },
    ...(served === undefined ? [] : servedFigures(served)),
    {
      key: "response.objective",
      table: responseTable("99 %"),
      label: "objective",
      unit: "ms",
      better: "neither",
      value: search.limitMs,
      about: "where clients poll, with the interval of their polls",
    },
    ...search.doublings.flatMap(responseFigures),
  ];
}

/** At the highest rate that was served: keys of their own, since that is another one in each trial. */
function servedFigures({ phase }: Tried): Figure[] {
  return [
    {
      key: "served.p50",
      phase: phase.name,
      label: "half within\n(p50)",
      ...latency(phase.delivery(0.5)),
    },
    {
      key: "served.p99",
      phase: phase.name,
      label: "99 % within\n(p99)",
      ...latency(phase.delivery(0.99)),
    },
    {
      key: "served.deliveries",
      phase: phase.name,
      label: "of\ndeliveries",
      unit: "count",
      better: "neither",
      value: phase.delivered,
      about: "on which the percentiles rest",
    },
    ...cpuFigures(phase).map((figure) => Object.assign(figure, { key: `served.${figure.key}` })),
  ];
}

function responseTable(share: string): string {
  return `${share} of the deliveries arrive within, at so many a second`;
}

function responseFigures({ phase, deliveriesPerSecond }: Tried): Figure[] {
  const figure = (key: string, q: number, share: string): Figure => ({
    key: `response.${key}.at${Math.round(deliveriesPerSecond)}`,
    phase: phase.name,
    table: responseTable(share),
    label: `${Math.round(deliveriesPerSecond)}`,
    ...latency(phase.delivery(q)),
  });
  return [figure("p50", 0.5, "half"), figure("p99", 0.99, "99 %")];
}
