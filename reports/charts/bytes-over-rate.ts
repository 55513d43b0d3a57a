import { digits, round, shortListing } from "../../bench/text/format.ts";
import { axisOf } from "./chart.ts";
import type { Chart, Point, Series } from "./chart.ts";
import { singleTrialNotes } from "./titles.ts";
import { spaced } from "./crossings.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { pointOf } from "./estimates.ts";
import { provenCrossings, rateTitle, ratesOf, statedAt, toldCrossings } from "./rate-findings.ts";
import { rateLineOf, withPayload } from "./rate-lines.ts";
import type { Measured, RateLine } from "./rate-lines.ts";
import { aboutChart, figureOf, nameInText, reasonsOf } from "./source.ts";
import type { ChartSource, Subject } from "./source.ts";

const maxListed = 6;
const maxMarks = 4;

/** Enough for a bent line to look bent. */
const samples = 48;

/**
 * What a client takes over the message rate, and where one variant takes fewer bytes than another. Without
 * the payload, which is the same for all and would hide the rest; unless a variant sends less than that.
 */
export function bytesOverRate(source: ChartSource): Chart | null {
  const { subjects, notes } = drawnSubjects(source, (subject) =>
    rateLineOf(source, subject) === null ? "measured at fewer than two rates" : null,
  );
  const beyond = subjects.flatMap((subject) => rateLineOf(source, subject) ?? []);
  if (beyond.length === 0) return null;
  const isLess = beyond.every(({ measured }) => measured.every(isAboveZero));
  const lines = isLess ? beyond : beyond.map(withPayload);
  const what = isLess ? "beyond the payload" : "with the payload";
  const crossings = provenCrossings(lines);
  const told = toldCrossings(crossings);
  const usual = commonRate(source, ratesOf(lines));
  const stated = lines.flatMap((line) => statedAt(line, usual));
  return {
    ...aboutChart(
      source,
      "bytes-over-rate",
      `All bytes both ways ${what}, without headers of TCP and IP; medians at the rates measured, fitted in between`,
    ),
    title: rateTitle(lines, crossings, usual, what),
    kind: "line",
    along: axisOf("messages per second to each client", "msg/s", "log"),
    value: axisOf(`bytes per second and client, ${what}, B/s`, "B/s", "log"),
    series: lines.map(seriesFor),
    marks: told
      .slice(0, maxMarks)
      .map(({ crossing: { at, value }, text }) => ({ at, value, text })),
    notes: [
      ...(isLess ? payloadNotes(lines) : []),
      ...(told.length > maxMarks
        ? [`Of ${told.length} crossings the ${maxMarks} among the lowest lines are named.`]
        : []),
      ...idleNotes(source, subjects),
      ...singleTrialNotes(stated),
      ...notes,
    ],
  };
}

function seriesFor({ subject, measured, at }: RateLine): Series {
  const rates = measured.map(({ messagesPerSecond }) => messagesPerSecond);
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  const between = spaced(low, high, samples).flatMap((rate): Point[] => {
    const value = at(rate);
    const isPoint = rates.some((known) => Math.abs(Math.log(known / rate)) < 1e-6);
    return isPoint || !(value > 0)
      ? []
      : [
          {
            at: rate,
            value,
            interval: null,
            detail: "fitted, not measured",
            style: null,
            between: true,
          },
        ];
  });
  const points = measured.flatMap(({ messagesPerSecond, estimate }) =>
    estimate.median > 0 ? [pointOf(messagesPerSecond, { estimate, atLeast: false }, "B/s")] : [],
  );
  return {
    name: subject.name,
    style: subject.style,
    points: [...between, ...points].toSorted((a, b) => a.at - b.at),
  };
}

function isAboveZero({ estimate: { median, interval } }: Measured): boolean {
  return median > 0 && (interval === null || interval.low > 0);
}

/** Of the scenario's headline, or the middle one. */
function commonRate({ scenario }: ChartSource, rates: readonly number[]): number {
  const headline = scenario.tables
    .flatMap(({ columns }) => columns)
    .find(({ key, headline }) => headline && key.startsWith("overhead.at"));
  const stated = Number(headline?.key.slice("overhead.at".length));
  return rates.includes(stated) ? stated : (rates[Math.floor(rates.length / 2)] ?? 0);
}

function payloadNotes(lines: readonly RateLine[]): string[] {
  const sizes = new Set(lines.map(({ payloadBytes }) => payloadBytes));
  const [size] = sizes;
  if (size === undefined || size === 0) return [];
  const each = sizes.size === 1 ? `, ${round(size)} B for each message,` : "";
  return [`The payload${each} comes on top with every variant.`];
}

/** A rate of nothing has no place on a logarithmic axis. */
function idleNotes(source: ChartSource, subjects: readonly Subject[]): string[] {
  const stated = subjects.flatMap((subject) => {
    const cell = figureOf(source, subject, "idle")?.cell;
    return cell === undefined ? [] : [{ subject, cell, why: cell.remark ?? "not stated" }];
  });
  const known = stated.flatMap(({ subject, cell: { estimate } }) =>
    estimate === null ? [] : [{ name: nameInText(subject), bytes: estimate.median }],
  );
  const unknown = reasonsOf(stated.filter(({ cell }) => cell.estimate === null));
  const values = known
    .toSorted((a, b) => a.bytes - b.bytes)
    .map(({ name, bytes }) => `${digits(bytes)} B with ${name}`);
  return [
    ...(values.length > 0
      ? [`An idle client takes, a minute: ${shortListing(values, maxListed)}.`]
      : []),
    ...unknown.map(
      ({ names, why }) => `What an idle client takes is not known with ${names}: ${why}.`,
    ),
  ];
}
