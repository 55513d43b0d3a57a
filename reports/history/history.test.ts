import { describe, expect, it } from "vitest";
import { hostileText } from "../../test/comparison-fixture.ts";
import { bytesOf, p50Of, storedRun, usualHistory } from "../../test/history-fixture.ts";
import { historyCharts } from "./charts.ts";
import { hasMoved, tracksOf } from "./tracks.ts";
import type { History } from "../../bench/results/stored-runs.ts";
import { historyPage } from "./page.tsx";
import { historyText } from "./terminal.ts";

const undrawn = async (): Promise<null> => null;

/** Every text of it is one that means no good. */
function hostileHistory(): History {
  const hostile = {
    variant: hostileText,
    scenario: hostileText,
    phase: hostileText,
    metric: hostileText,
  };
  const about = { path: hostileText, startedAt: hostileText, commit: hostileText };
  return {
    runs: [1, 2].map((bytes) => storedRun(bytes, { ...about, values: [bytesOf(bytes, hostile)] })),
    skipped: [{ path: hostileText, why: hostileText }],
  };
}

describe("tracks", () => {
  it("join what is counted over all machines, and what is timed over one", () => {
    const tracks = tracksOf(usualHistory());
    const runsOf = (variant: string, metric: string): (readonly [string | null, number[]])[] =>
      tracks
        .filter((track) => track.variant === variant && track.metric === metric)
        .map(({ machine, points }) => [machine, points.map(({ run }) => run)] as const);
    expect(runsOf("sse", "bytesPerMessage")).toEqual([[null, [0, 1, 2, 3, 4, 5]]]);
    expect(runsOf("sse", "p50")).toEqual([
      ["machine 1", [0, 1, 3, 4, 5]],
      ["machine 2", [2]],
    ]);
    expect(runsOf("websocket", "p50")).toEqual([
      ["machine 1", [0, 3, 4, 5]],
      ["machine 2", [2]],
    ]);
  });

  it("name no machine where there is only one", () => {
    const runs = [1, 2].map((day) => storedRun(day, { values: [p50Of(300_000 + day)] }));
    expect(tracksOf({ runs, skipped: [] }).map(({ machine }) => machine)).toEqual([null]);
  });

  it("know which of them ever moved", () => {
    const moved = tracksOf(usualHistory()).filter(hasMoved);
    expect(new Set(moved.map(({ variant, metric }) => `${variant} ${metric}`))).toEqual(
      new Set(["sse bytesPerMessage", "sse p50", "websocket p50"]),
    );
  });

  it("haven't moved by what can't be seen of it", () => {
    const runs = [21, 21.001].map((bytes, day) => storedRun(day, { values: [bytesOf(bytes)] }));
    expect(tracksOf({ runs, skipped: [] }).filter(hasMoved)).toEqual([]);
  });
});

describe("a history in the terminal", () => {
  it("has a row for what moved, with its course, and a line for the rest", () => {
    expect(historyText(usualHistory())).toMatchSnapshot();
  });

  it("makes do with one run", () => {
    const text = historyText({ runs: [storedRun(1, { values: [bytesOf(21)] })], skipped: [] });
    expect(text).toMatch(/^1 run: 1abcdef \(2026-11-01\)\n\n1 metric is the same in all runs\.$/);
  });

  it("draws the last runs of many", () => {
    const runs = Array.from({ length: 60 }, (_, day) =>
      storedRun(day, { startedAt: `2026-01-01T00:${day}`, values: [bytesOf(day < 50 ? 9 : 10)] }),
    );
    expect(historyText({ runs, skipped: [] })).toContain(` ${"▁".repeat(14)}${"█".repeat(10)}│`);
  });

  it("is not obeyed by a terminal, and no wider than usual", () => {
    const text = historyText(hostileHistory());
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202A-\u202E]/u);
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

describe("charts of a history", () => {
  const charts = historyCharts(usualHistory());

  it("are those of metrics that moved in any variant, with all variants", () => {
    expect(charts.map(({ name }) => name)).toEqual([
      "history-overhead-steady-bytespermessage",
      "history-latency-steady-p50",
    ]);
    expect(charts[0]?.series.map(({ name }) => name)).toEqual(["sse", "websocket"]);
    expect(charts[0]?.title).toBe("bytesPerMessage: sse from 21 B to 22 B");
    expect(charts[0]?.along.names).toHaveLength(6);
  });

  it("don't join timing of different machines, and say so", () => {
    const [, latency] = charts;
    expect(latency?.series.map(({ name }) => name)).toEqual([
      "sse, machine 1",
      "sse, machine 2",
      "websocket, machine 1",
      "websocket, machine 2",
    ]);
    expect(latency?.notes.join(" ")).toContain("different machines are not joined");
    const styles = latency?.series.map(({ style }) => style) ?? [];
    expect(styles[0]?.colour).toBe(styles[1]?.colour);
    expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(4);
  });

  it("state nothing of which way a timing went", () => {
    expect(charts[1]?.title).toBe(
      "p50: sse, machine 1 between 361 µs and 382 µs and websocket, machine 1 between 340 µs and 376 µs",
    );
  });
});

describe("the page of a history", () => {
  it("loads nothing, and runs nothing", async () => {
    const page = await historyPage(usualHistory(), undrawn);
    expect(page).toContain("default-src &#39;none&#39;".replaceAll("&#39;", "'"));
    expect(page).not.toMatch(/script-src|<script|<link|src="(?!data:)| style="| on\w+="/);
    const text = page.slice(page.indexOf("<body>")).replaceAll(/<[^>]*>/g, " ");
    for (const part of [
      "History of 6 runs",
      "regressed",
      "old/results.json",
      "machine 2",
      "▁▁▁███",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("shows the picture of each chart", async () => {
    const plain = new Uint8Array(32);
    const page = await historyPage(usualHistory(), async () => ({ plain, whole: plain }));
    expect(page.match(/<img class="picture" src="data:image\/png;base64,/g)).toHaveLength(2);
  });

  it("shows hostile texts, and does nothing of what they say", async () => {
    const page = await historyPage(hostileHistory(), undrawn);
    expect(page).not.toMatch(/<script|\u001B|\u202E/);
    expect(page).toContain("&lt;script>alert(1)&lt;/script>");
  });
});
