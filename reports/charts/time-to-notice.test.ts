import { describe, expect, it } from "vitest";
import type { Trial } from "../../bench/results/schema.ts";
import { figureOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { onlyRun } from "../run.ts";
import type { Chart } from "./chart.ts";
import { sourcesOf } from "./source.ts";
import { timeToNotice } from "./time-to-notice.ts";

/** A trial with so many bytes for each heartbeat, by detectors that notice after one and a half intervals. */
function trial(variant: string, beatBytes: number, serverNotices: boolean): Trial {
  return trialOf(variant, {
    figures: [250, 500, 1_000].flatMap((everyMs) => [
      figureOf(`heartbeats.at${everyMs}`, (beatBytes * 3_600_000) / everyMs, {
        unit: "bytes",
        counted: true,
      }),
      figureOf(`noticed.client.at${everyMs}`, 1.5e6 * everyMs, { unit: "ns" }),
      figureOf(`noticed.server.at${everyMs}`, (serverNotices ? 1.5e6 : 3e6) * everyMs, {
        unit: "ns",
        bound: serverNotices ? "exact" : "at least",
      }),
    ]),
  });
}

function chartOf(trials: readonly Trial[]): Chart | null {
  const [source] = sourcesOf(onlyRun(resultsOf(trials)));
  return source === undefined ? null : timeToNotice(source);
}

describe("the time to notice over the bytes of heartbeats", () => {
  const chart = chartOf([trial("websocket", 8, true), trial("sse", 10, false)]);

  it("has a point for each interval, fewest bytes first", () => {
    const line = chart?.series.find(({ name }) => name === "websocket");
    expect(line?.points.map(({ at, value }) => [at, value])).toEqual([
      [28_800, 1_500],
      [57_600, 750],
      [115_200, 375],
    ]);
    expect(line?.points[0]?.detail).toMatch(/^every 1000 ms; /);
  });

  it("says what an hour takes at the interval in the middle, and where the server never notices", () => {
    expect(chart?.title).toBe(
      "A heartbeat, or a poll, every 500 ms takes 57 600 B/h with websocket and 72 000 with sse",
    );
    expect(chart?.notes.join()).toContain("The server doesn't notice that clients are silent with");
  });

  it("isn't drawn of a scenario without heartbeats", () => {
    expect(chartOf([trialOf("websocket", {})])).toBeNull();
  });
});
