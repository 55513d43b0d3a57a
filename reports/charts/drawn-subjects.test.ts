import { describe, expect, it } from "vitest";
import { invalidated, trialsWith } from "../../test/latency-fixture.ts";
import { resultsOf } from "../../test/results-fixture.ts";
import type { Trial } from "../../bench/results/schema.ts";
import { drawnSubjects } from "./drawn-subjects.ts";
import { sourcesOf } from "./source.ts";
import type { ChartSource } from "./source.ts";

function sourceOf(trials: readonly Trial[], references: readonly string[] = []): ChartSource {
  const results = resultsOf(trials);
  for (const variant of results.variants) variant.reference = references.includes(variant.name);
  const [source] = sourcesOf([{ label: null, results }]);
  if (source === undefined) throw new Error("no scenario");
  return source;
}

const variants = (count: number, name = "v"): Trial[] =>
  Array.from({ length: count }, (_, index) => trialsWith(`${name}${index}`, "x", [1])).flat();

describe("the subjects that are drawn", () => {
  it("are those with a valid trial; of the others it is said why", () => {
    const { subjects, notes } = drawnSubjects(
      sourceOf([...variants(2), ...invalidated(trialsWith("spoilt", "x", [1]))]),
    );
    expect(subjects.map(({ name }) => name)).toEqual(["v0", "v1"]);
    expect(notes).toEqual(["Not drawn: spoilt (no valid trial: stolen processor time)."]);
  });

  it("are of many the first twelve and the reference", () => {
    const { subjects, notes } = drawnSubjects(
      sourceOf([...trialsWith("tcp", "x", [1]), ...variants(14)], ["tcp"]),
    );
    expect(subjects).toHaveLength(13);
    expect(subjects.map(({ name }) => name)).toEqual([
      ...Array.from({ length: 12 }, (_, index) => `v${index}`),
      "tcp",
    ]);
    expect(notes).toEqual(["2 more are in the table."]);
  });

  it("are all of twelve", () => {
    const { subjects, notes } = drawnSubjects(sourceOf(variants(12)));
    expect(subjects).toHaveLength(12);
    expect(notes).toEqual([]);
  });

  it("are without those that a chart has its own reason to leave out", () => {
    const { subjects, notes } = drawnSubjects(sourceOf(variants(13)), ({ name }) =>
      name === "v0" ? "too few" : null,
    );
    expect(subjects).toHaveLength(12);
    expect(notes).toEqual(["Not drawn: v0 (too few)."]);
  });

  it("are named in few words where all of forty failed", () => {
    const { subjects, notes } = drawnSubjects(sourceOf(invalidated(variants(40))));
    expect(subjects).toEqual([]);
    expect(notes).toEqual([
      "Not drawn: v0, v1, v2 and 37 more (no valid trial: stolen processor time).",
    ]);
  });
});
