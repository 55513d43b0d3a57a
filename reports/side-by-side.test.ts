import { describe, expect, it } from "vitest";
import { environment, figureOf, resultsOf, trialOf, trialsOf } from "../test/results-fixture.ts";
import type { Figure, Results, Trial } from "../bench/results/schema.ts";
import { sideBySide } from "./side-by-side.ts";

function figures(factor: number): Figure[] {
  return [
    figureOf("p50", factor * 1e6, { unit: "ns", label: "p50", headline: true }),
    figureOf("p99", null, { unit: "ns", label: "p99", note: "too few deliveries" }),
    figureOf("setUp", 292, { label: "set-up\nB/client" }),
    figureOf("held", 400 * factor, { unit: "count", better: "higher", bound: "at least" }),
    figureOf("stopped", "EMFILE", { unit: "text", better: "neither", label: "stopped by" }),
  ];
}

function trials(variant: string, factors: readonly number[]): Trial[] {
  return factors.map((factor, index) =>
    trialOf(variant, { repetition: index + 1, figures: figures(factor) }),
  );
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

function tooWide(text: string): string[] {
  return text.split("\n").filter((line) => line.length > 100);
}

describe("two runs side by side", () => {
  const then = resultsOf([...trials("sse", [1, 1.1, 1.2]), ...trials("websocket", [1, 1.1, 1.2])]);
  const now = resultsOf(
    [
      ...trials("sse", [2, 2.1, 2.2]),
      trialOf("sse", { repetition: 4, outcome: { status: "invalid" } }),
      ...trials("tcp", [0.5, 0.6]),
    ],
    { environment: { ...environment, host: { ...environment.host, kernel: "6.2.0" } } },
  );
  for (const variant of now.variants) variant.reference = variant.name === "tcp";

  it("read well", () => {
    expect(sideBySide(then, now)).toMatchSnapshot();
  });

  it("say that nothing differs around them where nothing does", () => {
    const text = sideBySide(then, then);
    expect(text).toContain("No recorded difference in the environment.");
    expect(text).toContain("No recorded difference in the configuration.");
    expect(text).not.toMatch(/│ +apart│/);
  });

  it("say how little times tell, and accuse nobody", () => {
    const text = inOneLine(sideBySide(then, now));
    expect(text).toContain("say little about small differences in timing");
    expect(text).toContain("a confidence of 50 % over 2 trials and 75 % over 3 trials");
    expect(text).not.toMatch(/regress|slower|worse|better|faster/i);
  });

  it("name bytes that were the same in every trial, and are not any more", () => {
    const text = sideBySide(
      resultsOf([
        ...trialsOf("sse", "setUp", [292, 292], { label: "set-up\nB/client" }),
        ...trialsOf("websocket", "setUp", [220, 220]),
      ]),
      resultsOf([
        ...trialsOf("sse", "setUp", [293, 293], { label: "set-up\nB/client" }),
        ...trialsOf("websocket", "setUp", [220, 220]),
      ]),
    );
    expect(text).toContain(
      "but differ between the runs:\n- latency, sse, set-up B/client: 292 then, 293 now\n",
    );
  });

  it.each([
    [
      "are the same",
      [292, 292],
      [292, 292],
      "1 byte count was the same in every trial of each run, and between the runs, too.",
    ],
    [
      "vary",
      [292, 293],
      [292, 293],
      "No byte count was the same in several trials of each run: none is compared.",
    ],
    [
      "are of one trial",
      [292],
      [293],
      "No byte count was the same in several trials of each run: none is compared.",
    ],
  ])("judge no bytes that %s", (_what, before, after, told) => {
    const text = sideBySide(
      resultsOf(trialsOf("sse", "setUp", before)),
      resultsOf(trialsOf("sse", "setUp", after)),
    );
    expect(text).toContain(told);
  });

  it("show a run without anything", () => {
    const text = sideBySide(then, resultsOf([]));
    expect(text.match(/missing/g)?.length).toBeGreaterThan(10);
    expect(sideBySide(resultsOf([]), resultsOf([]))).toContain("LATENCY");
  });

  it("show who has no valid trial, and why", () => {
    const outcome = { status: "failed", by: "server", reason: "it died", stderr: "" } as const;
    const text = sideBySide(
      then,
      resultsOf([trialOf("sse", { outcome }), ...trials("websocket", [1])]),
    );
    expect(text).toContain("now 0 of 1 valid");
    expect(text).toContain("no valid trial: failed");
  });

  const longest =
    "sse:eventsource@3599999ms+logMessages=9999999+logBytes=1073741823B+heartbeat=3599999ms";

  it.each([
    ["usual results", "sse", {}],
    ["a long variant", longest, {}],
    ["a long variant without a place to break it", "v".repeat(150), {}],
    ["a long label", "sse", { label: "z".repeat(150) }],
    ["a large number", "sse", { unit: "count" } as const],
  ])("are never wider than 100 columns: %s", (_what, variant, more) => {
    const values = [123_456_789_012, 223_456_789_012];
    const results = resultsOf(trialsOf(variant, "x", values, more));
    expect(tooWide(sideBySide(results, resultsOf(trialsOf(variant, "x", [1, 2], more))))).toEqual(
      [],
    );
    expect(tooWide(sideBySide(results, then))).toEqual([]);
  });

  it("do nothing to a terminal, whatever the files hold", () => {
    const bad = "\u001B[31m\u001B]0;title\u0007evil\r\u0008\u009B2J\u202E\n\nforged: line";
    const hostile = (version: string): Results =>
      resultsOf(
        [
          trialOf(bad, {
            figures: [
              figureOf(bad, 1, { label: bad, note: bad }),
              figureOf("y", bad, { unit: "text", label: bad }),
            ],
          }),
        ],
        {
          environment: {
            ...environment,
            software: {
              ...environment.software,
              transportBench: bad,
              versions: { [bad]: version },
              nodeOptions: bad,
            },
          },
          scenarios: [{ name: "latency", summary: bad, workload: bad }],
        },
      );
    const text = sideBySide(hostile("1"), hostile(`2${bad}`));
    expect(text.match(/[^\P{Cc}\n]|\u202E/gu)).toBeNull();
    expect(text).not.toMatch(/^forged/m);
    expect(tooWide(text)).toEqual([]);
  });
});
