import { describe, expect, it } from "vitest";
import { resultsOf, trialsOf } from "../test/results-fixture.ts";
import type { Figure, Trial } from "../bench/results/schema.ts";
import { sentences } from "./sentences.ts";
import { summarise } from "./summary.ts";

const headline = { label: "idle\nB/min", headline: true };

function told(...trials: Trial[]): string[] {
  return summarise(resultsOf(trials)).scenarios.flatMap((scenario) => sentences(scenario));
}

function toldAbove(floor: string, trials: readonly Trial[]): string[] {
  const results = resultsOf(trials);
  for (const variant of results.variants) variant.reference = variant.name === floor;
  return summarise(results).scenarios.flatMap((scenario) => sentences(scenario));
}

function trials(name: string, values: Figure["value"][], more: Partial<Figure> = {}): Trial[] {
  return trialsOf(name, "x", values, { ...headline, ...more });
}

describe("a sentence", () => {
  it("tells the best, and by how much the others are behind", () => {
    expect(told(...trials("a", [99, 100, 101]), ...trials("b", [249, 250, 251]))).toEqual([
      "latency, idle B/min is lowest with a (100); b has 2.50 times that (250).",
    ]);
  });

  it("calls the highest the best where more is better", () => {
    const better = { better: "higher", unit: "count" } as const;
    const [text] = told(...trials("a", [10, 10, 10], better), ...trials("b", [40, 40, 40], better));
    expect(text).toBe("latency, idle B/min is highest with b (40); a has 0.250 times that (10).");
  });

  it("claims no order where the intervals overlap", () => {
    const [text] = told(
      ...trials("a", [99, 100, 150]),
      ...trials("b", [110, 120, 130]),
      ...trials("c", [900, 1_000, 1_100]),
    );
    expect(text).toContain("b (120) can't be told apart from it");
    expect(text).toContain("c has 10.0 times that (1000)");
    expect(text).not.toContain("b has");
  });

  it("says of single trials that their order may be chance", () => {
    const [text] = told(...trials("a", [1]), ...trials("b", [2]));
    expect(text).toMatch(/^latency, idle B\/min is lowest with a .*may be chance\.$/);
  });

  it("claims no order among figures of which one is at least", () => {
    const more = { better: "higher", unit: "count" } as const;
    const [text] = told(
      ...trials("a", [1_000], { ...more, bound: "at least" }),
      ...trials("b", [400], more),
    );
    expect(text).toBe("latency, idle B/min: a at least 1000 and b 400.");
  });

  it("says in which range a figure is of which no more is known", () => {
    const held = { better: "higher", unit: "count", bound: "range", most: 999 } as const;
    expect(told(...trials("a", [968], held))).toEqual(["latency, idle B/min: a 968 to 999."]);
    const [text] = told(
      ...trials("a", [968, 968, 968], held),
      ...trials("b", [975, 975, 975], held),
    );
    expect(text).toContain("a (968 to 999) can't be told apart from it");
  });

  it("tells a lone figure without comparing it", () => {
    expect(told(...trials("a", [1_500_000, 1_500_000], { unit: "ns" }))).toEqual([
      "latency, idle B/min: a 1.50 ms.",
    ]);
  });

  it("leaves out who has no figure, and is left out when no one has", () => {
    expect(told(...trials("a", [null]), ...trials("b", [7]))).toEqual([
      "latency, idle B/min: b 7.00.",
    ]);
    expect(told(...trials("a", [null]))).toEqual([]);
  });

  it("gives no ratio to nothing", () => {
    const [text] = told(...trials("a", [0, 0, 0]), ...trials("b", [5, 5, 5]));
    expect(text).toContain("b has more (5.00)");
    expect(text).not.toMatch(/Infinity|NaN/);
  });

  it.each([
    [
      [1, 2, 3],
      "latency, idle B/min is lowest with a (100); b has 2.00 times that (200); the floor, tcp, is 2.00.",
    ],
    [
      [90, 95, 100],
      "latency, idle B/min is lowest with a (100); b has 2.00 times that (200); " +
        "a can't be told apart from the floor, tcp (95.0).",
    ],
  ])("ends with a floor of %j, which is never the best", (floor, text) => {
    const given = [
      ...trials("tcp", floor),
      ...trials("a", [99, 100, 101]),
      ...trials("b", [199, 200, 201]),
    ];
    expect(toldAbove("tcp", given)).toEqual([text]);
  });

  it("tells a lone figure with its floor, and nothing of a floor alone", () => {
    const floor = trials("tcp", [1.9, 2, 2.1]);
    expect(toldAbove("tcp", [...floor, ...trials("a", [7, 8, 9])])).toEqual([
      "latency, idle B/min: a 8.00; the floor, tcp, is 2.00.",
    ]);
    expect(toldAbove("tcp", floor)).toEqual([]);
  });

  it.each<Partial<Figure>>([{ better: "higher" }, { bound: "at least" }])(
    "knows no floor of figures that are %j",
    (more) => {
      const given = [...trials("tcp", [5, 5], more), ...trials("a", [7, 7], more)];
      expect(toldAbove("tcp", given).join("")).not.toContain("tcp");
    },
  );

  it("names some of many variants, and counts the others", () => {
    const many = (values: (index: number) => number[], more: Partial<Figure> = {}): string => {
      const all = Array.from({ length: 20 }, (_, index) =>
        trials(`v${index}`, values(index), more),
      ).flat();
      return told(...all).join(" ");
    };
    expect(many((index) => [index + 1, index + 1])).toMatch(
      /lowest with v0 \(1\.00\); v1 has 2\.00 .* and 13 more are told apart from it, too\.$/,
    );
    expect(many((index) => [index + 1, index + 1])).not.toContain("v7");
    expect(many((index) => [1, 100 + index])).toMatch(
      /lowest with v0 \(50\.5\); v1 \(.* and 13 more can't be told apart from it\.$/,
    );
    expect(many((index) => [index], { bound: "at least" })).toMatch(/ and 14 more\.$/);
  });

  it("is made of headlines only", () => {
    expect(told(...trialsOf("a", "x", [1]), ...trialsOf("b", "x", [2]))).toEqual([]);
  });
});
