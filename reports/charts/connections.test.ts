import { describe, expect, it } from "vitest";
import type { Trial } from "../../bench/results/schema.ts";
import { figureOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { onlyRun } from "../run.ts";
import type { Chart } from "./chart.ts";
import { connectionBroadcast, connectionMemory } from "./connections.ts";
import { sourcesOf } from "./source.ts";

interface Search {
  /** MB and ms by number of clients. */
  readonly plateaus: Readonly<Record<number, readonly [number, number]>>;
  readonly stopped?: string;
  readonly slope?: number | null;
  /** Whether plateaus are only known to be at least so high. */
  readonly isBound?: boolean;
}

function trial(variant: string, search: Search): Trial {
  const { plateaus, stopped, slope = null, isBound = false } = search;
  const held = Math.max(...Object.keys(plateaus).map(Number));
  return trialOf(variant, {
    figures: [
      figureOf("held", held, {
        unit: "count",
        better: "higher",
        bound: stopped === undefined ? "at least" : "exact",
      }),
      figureOf("stopped", stopped ?? "--max-connections", { unit: "text", better: "neither" }),
      figureOf("memory", slope, { note: "below, it is noise" }),
      ...Object.entries(plateaus).flatMap(([clients, [megabytes, milliseconds]]) => [
        figureOf(`memory.at${clients}`, megabytes, {
          unit: "count",
          table: "memory",
          bound: isBound ? "at least" : "exact",
        }),
        figureOf(`broadcast.at${clients}`, milliseconds * 1e6, { unit: "ns", table: "broadcast" }),
      ]),
    ],
  });
}

function chartsOf(trials: readonly Trial[]): { memory: Chart | null; broadcast: Chart | null } {
  const [source] = sourcesOf(onlyRun(resultsOf(trials)));
  if (source === undefined) return { memory: null, broadcast: null };
  return { memory: connectionMemory(source), broadcast: connectionBroadcast(source) };
}

const light: Search = { plateaus: { 125: [90, 4], 250: [91, 8], 1000: [98, 30] }, slope: 9_000 };
const heavy: Search = {
  plateaus: { 125: [92, 40], 250: [95, 80], 1000: [118, 130] },
  slope: 30_000,
};

describe("server memory and broadcasts over connections", () => {
  const { memory, broadcast } = chartsOf([
    trial("sse", light),
    trial("sse", light),
    trial("long-polling", heavy),
    trial("long-polling", heavy),
  ]);

  it("are drawn over the numbers of clients that were held", () => {
    expect(memory?.series.map(({ points }) => points.map(({ at, value }) => [at, value]))).toEqual([
      [
        [125, 90],
        [250, 91],
        [1_000, 98],
      ],
      [
        [125, 92],
        [250, 95],
        [1_000, 118],
      ],
    ]);
    expect(broadcast?.series[0]?.points[2]).toMatchObject({
      value: 30,
      interval: { low: 30, high: 30 },
      detail: "±0 ms in the digits shown, 50 % confidence, 2 trials",
    });
    expect(broadcast?.value.scale).toBe("log");
  });

  it("say what a connection costs, and how long it takes until all have a message", () => {
    expect(memory?.title).toBe(
      "A connection costs the server 9.00 kB with sse and 30.0 with long-polling",
    );
    expect(broadcast?.title).toBe(
      "All of 1000 clients have a message after 30.0 ms with sse and 130 with long-polling",
    );
  });

  it("have one mark where all ended at the same place for the same reason", () => {
    expect(memory?.marks).toEqual([
      { at: 1_000, value: 118, text: "all held at least 1000 (--max-connections)" },
    ]);
  });

  it("have a mark for each end, with where and why, where they differ", () => {
    const { memory } = chartsOf([
      trial("sse", light),
      trial("websocket", { plateaus: { 125: [90, 4], 508: [95, 9] }, stopped: "EMFILE, server" }),
    ]);
    expect(memory?.marks).toEqual([
      { at: 1_000, value: 98, text: "sse held at least 1000 (--max-connections)" },
      { at: 508, value: 95, text: "websocket held 508 (EMFILE, server)" },
    ]);
  });

  it("say of a point that is only a bound that it is one", () => {
    const { memory } = chartsOf([trial("sse", { ...light, isBound: true }), trial("sse", light)]);
    expect(memory?.series[0]?.points[0]?.detail).toBe(
      "at least this; ±0 MB in the digits shown, 50 % confidence, 2 trials",
    );
  });

  it("leave out what only some trials held", () => {
    const { memory } = chartsOf([
      trial("sse", light),
      trial("sse", { plateaus: { 125: [90, 4], 250: [91, 8] }, stopped: "EMFILE, server" }),
    ]);
    expect(memory?.series[0]?.points.map(({ at }) => at)).toEqual([125, 250]);
    expect(memory?.notes).toContain("Left out because only some trials held so many: 1000.");
  });

  it("claim no order that the intervals leave open", () => {
    const one = (variant: string, slope: number): Trial => trial(variant, { ...light, slope });
    const { memory } = chartsOf([
      ...[8_000, 12_000].map((slope) => one("sse", slope)),
      ...[9_000, 13_000].map((slope) => one("websocket", slope)),
      ...[10_000, 15_000].map((slope) => one("short-polling", slope)),
    ]);
    expect(memory?.title).toBe(
      "A connection costs the server 10.0 to 12.5 kB; no variant can be told apart from the least, sse",
    );
  });

  it("have the memory of the last number for their title where no slope is known", () => {
    const { memory } = chartsOf([
      trial("sse", { ...light, slope: null }),
      trial("long-polling", { ...heavy, slope: null }),
    ]);
    expect(memory?.title).toBe(
      "With 1000 clients the server has 98.0 MB with sse and 118 with long-polling",
    );
    expect(memory?.notes).toContain(
      "A single trial doesn't show how much trials differ: timings can't be ranked by it.",
    );
  });

  it("are not drawn of a single number of clients", () => {
    const single = chartsOf([trial("sse", { plateaus: { 100: [90, 4] } })]);
    expect(single).toEqual({ memory: null, broadcast: null });
  });

  it("name who has no valid trial", () => {
    const { memory } = chartsOf([
      trial("sse", light),
      trialOf("websocket", { outcome: { status: "interrupted" } }),
    ]);
    expect(memory?.notes.join(" ")).toContain("websocket (no valid trial: interrupted)");
  });
});
