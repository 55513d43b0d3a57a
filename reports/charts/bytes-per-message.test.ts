import { describe, expect, it } from "vitest";
import { longPolling, overheadResults, shortPolling, websocket } from "../../test/cost-fixture.ts";
import type { MadeUp } from "../../test/cost-fixture.ts";
import { onlyRun } from "../run.ts";
import { bytesPerMessage } from "./bytes-per-message.ts";
import type { Chart } from "./chart.ts";
import { sourcesOf } from "./source.ts";

function chartOf(variants: readonly MadeUp[], rates?: readonly number[]): Chart | null {
  const [source] = sourcesOf(onlyRun(overheadResults(variants, rates)));
  return source === undefined ? null : bytesPerMessage(source);
}

/** Of each part its values, by row. */
function partsOf(chart: Chart | null): Record<string, number[]> {
  return Object.fromEntries(
    (chart?.series ?? []).map(({ name, points }) => [
      name,
      points.map(({ value }) => Number(value.toFixed(6))),
    ]),
  );
}

describe("bytes per message", () => {
  it("stand end to end on the payload, by what they are for", () => {
    const chart = chartOf([shortPolling, websocket]);
    expect(chart).toMatchObject({ kind: "bars", stacked: true });
    expect(partsOf(chart)).toEqual({
      payload: [100, 100],
      // A head of 190 bytes for 20 messages, and 4 before each.
      "headers and framing": [13.5, 2],
      "upstream (polls for it)": [4, 0],
      // 220 and 292 bytes over the 1 200 messages of a minute.
      "set-up": [0.183333, 0.243333],
    });
    expect(chart?.along.names).toEqual(["short-polling", "websocket"]);
    expect(chart?.title).toBe(
      "On top of 100 B come 2.00 B with websocket and 17.5 with short-polling",
    );
  });

  it("say which parts did not cross, and leave them out", () => {
    const chart = chartOf([websocket, longPolling]);
    expect(chart?.notes).toContain(
      "No empty polls and no heartbeats crossed meanwhile; the tables have their idle cost.",
    );
  });

  it("show the empty polls of seldom messages", () => {
    const chart = chartOf([shortPolling], [0.5]);
    // As many polls find nothing as find something: 130 + 80 bytes for each message.
    expect(partsOf(chart)["empty polls"]).toEqual([210]);
    expect(chart?.caption).toContain("at 0.5 msg/s");
  });

  it("are fewer than the payload where it was compressed", () => {
    const chart = chartOf([{ name: "websocket+deflate", framing: -40 }]);
    expect(partsOf(chart)).toEqual({ payload: [60] });
    expect(chart?.notes).toContain(
      "Smaller than its payload goes a message with websocket+deflate.",
    );
  });

  it("tell in the tooltip how far trials differ", () => {
    const chart = chartOf([{ ...websocket, scatter: 2 }]);
    const framing = chart?.series.find(({ name }) => name === "headers and framing");
    expect(framing?.points[0]).toMatchObject({ value: 3, detail: "2.00–4.00 B in 2 trials" });
    expect(chart?.series[0]?.points[0]?.detail).toBe("the same in 2 trials");
  });

  it("are not drawn where no scenario tells parts apart", () => {
    const results = overheadResults([websocket]);
    for (const trial of results.trials) trial.figures = [];
    const [source] = sourcesOf(onlyRun(results));
    expect(source && bytesPerMessage(source)).toBeNull();
  });
});
