import { describe, expect, it } from "vitest";
import { estimate } from "../../bench/statistics/estimate.ts";
import { resultsOf } from "../../test/results-fixture.ts";
import { trialsWith } from "../../test/latency-fixture.ts";
import { comparisonTitle, singleTrialNotes } from "./titles.ts";
import type { Stated } from "./estimates.ts";
import { sourcesOf } from "./source.ts";

const compared = { opening: "Half arrive within", where: "At p50", unit: "ms" };

/** What a variant had in each of its trials. */
function stated(
  variant: string,
  values: readonly number[],
  { run = null, reference = false, atLeast = false }: Partial<Stated["subject"] & Stated> = {},
): Stated {
  const results = resultsOf(trialsWith(variant, "delivery.p50", values));
  for (const one of results.variants) one.reference = reference;
  const subject = sourcesOf([{ label: run, results }])[0]?.subjects[0];
  const found = estimate(values);
  if (subject === undefined || found === null) throw new Error("nothing stated");
  return { subject, estimate: found, atLeast };
}

const titleOf = (...all: Stated[]): string => comparisonTitle(compared, all);

describe("a title that compares", () => {
  it("tells of one variant what it has", () => {
    expect(titleOf(stated("a", [1, 1.1, 1.2]))).toBe("Half arrive within 1.10 ms with a");
  });

  it("names up to four, least first, where each is told from the least", () => {
    expect(
      titleOf(
        stated("d", [500, 501, 502]),
        stated("b", [2, 2.01, 2.02]),
        stated("a", [1, 1.01, 1.02]),
        stated("c", [3, 3.01, 3.02]),
      ),
    ).toBe("Half arrive within 1.01 ms with a, 2.01 with b, 3.01 with c and 501 with d");
  });

  it("names of many the least two and the most", () => {
    const many = Array.from({ length: 9 }, (_, index) =>
      stated(`v${index}`, [index + 1, index + 1.01, index + 1.02]),
    );
    expect(titleOf(...many)).toBe(
      "Half arrive within 1.01 ms with v0, 2.01 with v1 and up to 9.01 with v8",
    );
  });

  it("says of two that they can't be told apart", () => {
    expect(titleOf(stated("a", [1, 2, 3]), stated("b", [1.5, 2.5, 3.5]))).toBe(
      "At p50 a (2.00 ms) and b (2.50) can't be told apart",
    );
  });

  it("says it of each against the least only, and how far others are", () => {
    expect(
      titleOf(
        stated("a", [1, 2, 3]),
        stated("b", [1.5, 2.5, 3.5]),
        stated("c", [2, 3, 4]),
        stated("d", [500, 501, 502]),
      ),
    ).toBe("At p50 a has 2.00 ms; b (2.50) and c (3.00) can't be told apart from it; d has 501");
  });

  it("never takes a reference for the least, but names it where it is alone", () => {
    const floor = stated("tcp", [0.1, 0.1, 0.1], { reference: true });
    expect(titleOf(floor, stated("a", [1, 1, 1]))).toBe("Half arrive within 1.00 ms with a");
    expect(titleOf(floor)).toBe("Half arrive within 0.100 ms with tcp, the floor");
  });

  it("compares no runs with each other, and tells the range over them", () => {
    expect(
      titleOf(
        stated("a", [1, 1, 1], { run: "before" }),
        stated("a", [5, 5, 5], { run: "after" }),
        stated("b", [2, 2, 2], { run: "before" }),
        stated("b", [2, 2, 2], { run: "after" }),
      ),
    ).toBe("Half arrive within 1.00–5.00 ms with a and 2.00 with b, over 2 runs");
  });

  it("tells of many variants of several runs the one with the most", () => {
    const many = ["before", "after"].flatMap((run) =>
      Array.from({ length: 9 }, (_, index) =>
        stated(`v${index}`, Array(2).fill(index === 3 && run === "after" ? 99 : index + 1), {
          run,
        }),
      ),
    );
    expect(titleOf(...many)).toBe(
      "Half arrive within 1.00 ms with v0 and up to 4.00–99.0 with v3, over 2 runs",
    );
  });

  it("claims no tie of what is at least", () => {
    const [a, b] = [stated("a", [1, 2, 3], { atLeast: true }), stated("b", [1.5, 2.5, 3.5])];
    expect(titleOf(a, b)).toBe("Half arrive within at least 2.00 ms with a and 2.50 with b");
  });

  it.each([
    [
      [
        [1, 1, 1],
        [9, 9, 9],
      ],
      "Half arrive within 1.00 ms with the least of 2 variants, and 9.00 with the most",
    ],
    [
      [
        [1, 2, 3],
        [2, 2, 3],
      ],
      "At p50 1 other can't be told apart from the least, 2.00 ms",
    ],
  ] as const)("leaves names out that are too long: %j", (values, title) => {
    const long = values.map((trials, index) => stated(`${index}${"x".repeat(200)}`, trials));
    expect(titleOf(...long)).toBe(title);
  });

  it("ranks no single trials of a timing, and says why", () => {
    const single = [stated("b", [2]), stated("a", [1])];
    expect(titleOf(...single)).toBe("Half arrive within 2.00 ms with b and 1.00 with a");
    const many = Array.from({ length: 9 }, (_, index) => stated(`v${index}`, [9 - index]));
    expect(titleOf(...many)).toBe("Half arrive within 1.00–9.00 ms with 9 variants");
    expect(singleTrialNotes(single)).toEqual([
      "A single trial doesn't show how much trials differ: timings can't be ranked by it.",
    ]);
    expect(singleTrialNotes([stated("a", [1]), stated("tcp", [1], { reference: true })])).toEqual(
      [],
    );
    expect(singleTrialNotes([stated("a", [1, 2]), stated("b", [1, 2])])).toEqual([]);
  });

  it("ranks single trials of what is counted", () => {
    const counted = [stated("b", [2]), stated("a", [1])].map(({ subject, estimate: { ...of } }) => {
      return { subject, estimate: Object.assign(of, { counted: true }), atLeast: false };
    });
    expect(titleOf(...counted)).toBe("Half arrive within 1.00 ms with a and 2.00 with b");
    expect(singleTrialNotes(counted)).toEqual([]);
  });
});
