import { describe, expect, it } from "vitest";
import { longPolling, overheadResults, shortPolling, websocket } from "../../test/cost-fixture.ts";
import type { MadeUp } from "../../test/cost-fixture.ts";
import { onlyRun } from "../run.ts";
import type { Run } from "../run.ts";
import { bytesOverRate } from "./bytes-over-rate.ts";
import type { Chart } from "./chart.ts";
import { sourcesOf } from "./source.ts";

const sse: MadeUp = { name: "sse", framing: 20 };
const floor: MadeUp = { name: "tcp", framing: 4, reference: true };

function chartOf(variants: readonly MadeUp[], rates?: readonly number[]): Chart | null {
  return drawn(onlyRun(overheadResults(variants, rates)));
}

function drawn(runs: readonly Run[]): Chart | null {
  const [source] = sourcesOf(runs);
  return source === undefined ? null : bytesOverRate(source);
}

describe("bytes over the message rate", () => {
  it("are marked as measured, and drawn by the model in between", () => {
    const series = chartOf([shortPolling])?.series[0];
    const measured = series?.points.filter(({ between }) => between !== true);
    // Each second a poll of 80 + 190 bytes, and 4 before each message.
    expect(measured?.map(({ at, value }) => [at, value])).toEqual([
      [2, expect.closeTo(270 + 8, 6)],
      [20, expect.closeTo(270 + 80, 6)],
      [200, expect.closeTo(270 + 800, 6)],
    ]);
    expect(measured?.[0]?.interval).not.toBeNull();
    const between = series?.points.filter((point) => point.between === true) ?? [];
    expect(between.length).toBeGreaterThan(30);
    for (const { at, value } of between) expect(value).toBeCloseTo(270 + 4 * at, 5);
  });

  it("bend where each poll begins to find something", () => {
    const points = chartOf([shortPolling], [0.1, 10])?.series[0]?.points ?? [];
    const at = (rate: number) =>
      points.reduce((a, b) => (Math.abs(b.at - rate) < Math.abs(a.at - rate) ? b : a));
    // Below one message a second: λ answers with 4 bytes more, 1 − λ empty polls of 210.
    const { at: rate, value } = at(0.5);
    expect(value).toBeCloseTo(rate * (270 + 4) + (1 - rate) * 210, 4);
  });

  it("have the payload with them where a variant sends less than that", () => {
    const chart = chartOf([websocket, { name: "websocket+deflate", framing: -40 }]);
    expect(chart?.caption).toContain("with the payload");
    const last = chart?.series.map(({ points }) => points.at(-1)?.value);
    expect(last).toEqual([expect.closeTo(200 * 102, 6), expect.closeTo(200 * 60, 6)]);
  });

  it("name where one variant becomes cheaper than another, and who is cheapest", () => {
    const chart = chartOf([shortPolling, sse, websocket, floor]);
    // 270 + 4λ = 20λ at 16.9 messages a second.
    expect(chart?.marks).toEqual([
      {
        at: expect.closeTo(270 / 16, 4),
        value: expect.closeTo((20 * 270) / 16, 3),
        text: "short-polling takes fewer bytes than sse from about 17 msg/s",
      },
    ]);
    expect(chart?.title).toBe(
      "websocket takes the fewest bytes from 2 to 200 msg/s; " +
        "short-polling takes fewer than sse from about 17 msg/s",
    );
  });

  it("have the crossing for their title where the cheapest changes", () => {
    expect(chartOf([shortPolling, sse, longPolling])?.title).toBe(
      "short-polling takes fewer bytes than sse from about 17 msg/s",
    );
  });

  it("tell crossings at the same place together", () => {
    const chart = chartOf([shortPolling, sse, { ...sse, name: "sse:eventsource" }]);
    expect(chart?.marks?.map(({ text }) => text)).toEqual([
      "short-polling takes fewer bytes than sse and sse:eventsource from about 17 msg/s",
    ]);
  });

  it("let floors take no part in who is cheapest", () => {
    const chart = chartOf([shortPolling, { ...sse, name: "tcp", reference: true }]);
    expect(chart?.marks).toEqual([]);
    expect(chart?.title).toBe(
      "At 20 msg/s, beyond the payload, a client takes 350 B/s with short-polling",
    );
  });

  it("claim no crossing that the intervals leave open", () => {
    const chart = chartOf([shortPolling, { ...sse, scatter: 40 }]);
    expect(chart?.marks).toEqual([]);
    expect(chart?.title).toContain("can't be told apart");
  });

  it("claim nothing between runs", () => {
    const chart = drawn([
      { label: "before", results: overheadResults([sse]) },
      { label: "after", results: overheadResults([shortPolling]) },
    ]);
    expect(chart?.marks).toEqual([]);
    expect(chart?.title).toContain("2 runs");
  });

  it("tell what an idle client takes, which has no place on the axis", () => {
    expect(chartOf([websocket, sse])?.notes).toContain(
      "An idle client takes, a minute: 1.00 B with websocket and 1.00 B with sse.",
    );
  });

  it("are not drawn of a single rate", () => {
    expect(chartOf([websocket, sse], [20])).toBeNull();
  });

  it("are not drawn of invalid trials, whose variant is named", () => {
    const results = overheadResults([websocket, sse]);
    for (const trial of results.trials) {
      if (trial.variant === "sse") trial.outcome = { status: "invalid" };
    }
    const chart = drawn(onlyRun(results));
    expect(chart?.series.map(({ name }) => name)).toEqual(["websocket"]);
    expect(chart?.notes.join(" ")).toContain("sse (no valid trial: invalid)");
  });
});
