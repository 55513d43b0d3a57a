import { describe, expect, it } from "vitest";
import { resultsOf, trialsOf } from "../test/results-fixture.ts";
import type { Figure, Trial } from "../bench/results/schema.ts";
import { sentences } from "./sentences.ts";
import { onlyRun } from "./run.ts";
import { summarise } from "./summary.ts";

const headline = { label: "idle\nB/min", headline: true };

function told(...trials: Trial[]): string[] {
  return summarise(onlyRun(resultsOf(trials))).scenarios.flatMap((scenario) => sentences(scenario));
}

function toldAbove(floor: string, trials: readonly Trial[]): string[] {
  const results = resultsOf(trials);
  for (const variant of results.variants) variant.reference = variant.name === floor;
  return summarise(onlyRun(results)).scenarios.flatMap((scenario) => sentences(scenario));
}

function trials(name: string, values: Figure["value"][], more: Partial<Figure> = {}): Trial[] {
  return trialsOf(name, "x", values, { ...headline, ...more });
}

describe("a sentence", () => {
  it("tells the best, and by how much the others are behind", () => {
    expect(told(...trials("a", [99, 100, 101]), ...trials("b", [249, 250, 251]))).toEqual([
      "Latency, idle B/min is lowest with a: 100 B; 250 B with b (2.5 times that).",
    ]);
  });

  it("calls the highest the best where more is better", () => {
    const better = { better: "higher", unit: "count" } as const;
    const [text] = told(...trials("a", [10, 10, 10], better), ...trials("b", [40, 40, 40], better));
    expect(text).toBe("Latency, idle B/min is highest with b: 40; 10 with a (0.25 times that).");
  });

  it("claims no order where the intervals overlap", () => {
    const [text] = told(
      ...trials("a", [99, 100, 150]),
      ...trials("b", [110, 120, 130]),
      ...trials("c", [900, 1_000, 1_100]),
    );
    expect(text).toBe(
      "Latency, idle B/min is lowest with a: 100 B (b, 120 B, can't be told apart from it); " +
        "1000 B with c (10 times that).",
    );
  });

  it("names several that can't be told apart with what each has", () => {
    const [text] = told(
      ...trials("a", [99, 100, 150]),
      ...trials("b", [110, 120, 130]),
      ...trials("d", [111, 121, 131]),
      ...trials("c", [900, 1_000, 1_100]),
    );
    expect(text).toBe(
      "Latency, idle B/min is lowest with a: 100 B (120 B with b and 121 B with d can't be told " +
        "apart from it); 1000 B with c (10 times that).",
    );
  });

  it("ranks no single trials of a timing, and keeps them in the order of the table", () => {
    const [text] = told(
      ...trials("b", [2e6], { unit: "ns" }),
      ...trials("a", [1e6], { unit: "ns" }),
    );
    expect(text).toBe(
      "Latency, idle B/min is 2.00 ms with b and 1.00 ms with a; one trial each, which can't rank timings.",
    );
  });

  it("ranks by a single trial what is counted", () => {
    const [text] = told(
      ...trials("b", [8], { counted: true }),
      ...trials("a", [4], { counted: true }),
    );
    expect(text).toBe(
      "Latency, idle B/min is lowest with a: 4.00 B; 8.00 B with b (2 times that).",
    );
  });

  it("calls nobody the best where a single trial among others seems better", () => {
    const [text] = told(...trials("a", [1]), ...trials("b", [2, 2, 2]), ...trials("c", [9, 9, 9]));
    expect(text).toBe(
      "Latency, idle B/min is 1.00 B with a, 2.00 B with b and 9.00 B with c; " +
        "single trials among them can't be ranked.",
    );
  });

  it("says of all that they can't be told apart, where none can", () => {
    const two = [...trials("a", [1, 2, 3]), ...trials("b", [2, 3, 4])];
    expect(told(...two)).toEqual([
      "Latency, idle B/min is 2.00 B with a and 3.00 B with b; these can't be told apart.",
    ]);
    expect(told(...two, ...trials("c", [1, 3, 5]))).toEqual([
      "Latency, idle B/min is 2.00 B with a, 3.00 B with b and 3.00 B with c; " +
        "none can be told apart from a.",
    ]);
  });

  it("is told in the words of its scenario", () => {
    const words = {
      states: "half of the messages arrive within {value}",
      leads: "messages arrive soonest with {variant}: half within {value}",
    };
    const more = { unit: "ns", words } as const;
    expect(told(...trials("a", [1e6, 1e6], more), ...trials("b", [3e6, 3e6], more))).toEqual([
      "Messages arrive soonest with a: half within 1.00 ms; 3.00 ms with b (3 times that).",
    ]);
    expect(told(...trials("a", [1e6, 1e6], more))).toEqual([
      "Half of the messages arrive within 1.00 ms with a.",
    ]);
  });

  it("calls a variant by the title of its transport, with what is its own", () => {
    const results = resultsOf([...trials("sse", [1, 1]), ...trials("sse:eventsource", [2, 2])]);
    for (const variant of results.variants) variant.title = "SSE";
    expect(
      summarise(onlyRun(results)).scenarios.flatMap((scenario) => sentences(scenario)),
    ).toEqual([
      "Latency, idle B/min is lowest with SSE: 1.00 B; 2.00 B with SSE:eventsource (2 times that).",
    ]);
  });

  it("claims no order among figures of which one is at least", () => {
    const more = { better: "higher", unit: "count" } as const;
    const [text] = told(
      ...trials("a", [1_000], { ...more, bound: "at least" }),
      ...trials("b", [400], more),
    );
    expect(text).toBe("Latency, idle B/min is at least 1000 with a and 400 with b.");
  });

  it("says in which range a figure is of which no more is known", () => {
    const held = { better: "higher", unit: "count", bound: "range", most: 999 } as const;
    expect(told(...trials("a", [968], held))).toEqual([
      "Latency, idle B/min is 968 to 999 with a.",
    ]);
    const [text] = told(
      ...trials("a", [968, 968, 968], held),
      ...trials("b", [975, 975, 975], held),
    );
    expect(text).toContain("968 to 999 with a and 975 to 999 with b; these can't be told apart.");
  });

  it("tells a lone figure without comparing it", () => {
    expect(told(...trials("a", [1_500_000, 1_500_000], { unit: "ns" }))).toEqual([
      "Latency, idle B/min is 1.50 ms with a.",
    ]);
  });

  it("leaves out who has no figure, and is left out when no one has", () => {
    expect(told(...trials("a", [null]), ...trials("b", [7]))).toEqual([
      "Latency, idle B/min is 7.00 B with b.",
    ]);
    expect(told(...trials("a", [null]))).toEqual([]);
  });

  it.each([
    [[0, 0, 0], [5, 5, 5], "0 B; 5.00 B with b (5.00 B more)"],
    [[-17.5, -17.5], [15, 15], "−17.5 B; 15.0 B with b (32.5 B more)"],
    [[-20, -20], [-10, -10], "−20.0 B; −10.0 B with b (10.0 B more)"],
  ])("says the difference where a ratio has no sense: %j and %j", (a, b, text) => {
    expect(told(...trials("a", a), ...trials("b", b))[0]).toContain(`lowest with a: ${text}.`);
  });

  it.each([
    [
      [1, 2, 3],
      "Latency, idle B/min is lowest with a: 100 B; 200 B with b (2 times that); the floor is 2.00 B with tcp.",
    ],
    [
      [90, 95, 100],
      "Latency, idle B/min is lowest with a: 100 B; 200 B with b (2 times that); " +
        "the floor is 95.0 B with tcp, from which a can't be told apart.",
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
      "Latency, idle B/min is 8.00 B with a; the floor is 2.00 B with tcp.",
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
      /lowest with v0: 1\.00 B; 2\.00 B with v1 .* and 13 more\.$/,
    );
    expect(many((index) => [index + 1, index + 1])).not.toContain("v7");
    expect(many((index) => [1, 100 + index])).toMatch(
      / is 50\.5 B with v0, 51\.0 B with v1, .* and 14 more; none can be told apart from v0\.$/,
    );
    expect(many((index) => [index], { bound: "at least" })).toMatch(/ and 14 more\.$/);
  });

  it("names of many variants the first of each transport", () => {
    const names = ["a", "b", ...Array.from({ length: 8 }, (_, index) => `a+o=${index}`)];
    const all = names.flatMap((name, index) => trials(name, [index + 1, index + 1]));
    expect(told(...all)).toEqual([
      "Latency, idle B/min is lowest with a: 1.00 B; 2.00 B with b (2 times that) and 8 more.",
    ]);
  });

  it("names of many variants that can't be told apart the first of each transport, too", () => {
    const names = ["a", "b", "c", ...Array.from({ length: 6 }, (_, index) => `a+o=${index}`)];
    const near = names.flatMap((name, index) => trials(name, [10, 11 + index]));
    expect(told(...near, ...trials("d", [900, 900]))).toEqual([
      "Latency, idle B/min is lowest with a: 10.5 B (11.0 B with b, 11.5 B with c and 6 more " +
        "can't be told apart from it); 900 B with d (86 times that).",
    ]);
  });

  it.each([
    [[100, 100], [104, 104], "100 B; 104 B with b (4 B more)."],
    [[52_124, 52_124], [52_126, 52_126], "52 100 B with every variant."],
  ])("tells no ratio of about one: %j and %j", (a, b, text) => {
    expect(told(...trials("a", a), ...trials("b", b))[0]).toContain(text);
  });

  it("is made of headlines only", () => {
    expect(told(...trialsOf("a", "x", [1]), ...trialsOf("b", "x", [2]))).toEqual([]);
  });
});
