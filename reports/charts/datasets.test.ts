import { expect, it } from "vitest";
import { overheadResults, shortPolling } from "../../test/cost-fixture.ts";
import { onlyRun } from "../run.ts";
import { bytesOverRate } from "./bytes-over-rate.ts";
import { lineDatasets } from "./datasets.ts";
import { sourcesOf } from "./source.ts";
import { light } from "./theme.ts";

it("gives markers to what was measured, and none to the line between", () => {
  const [source] = sourcesOf(onlyRun(overheadResults([shortPolling])));
  const chart = source === undefined ? null : bytesOverRate(source);
  if (chart === null) throw new Error("there is no chart");
  const [dataset] = lineDatasets(chart, light);
  const radii = Array.isArray(dataset?.pointRadius) ? dataset.pointRadius : [];
  const marked = dataset?.data.filter((_, index) => radii[index] > 0);
  expect(marked?.map((datum) => (typeof datum === "object" ? datum?.x : datum))).toEqual([
    2, 20, 200,
  ]);
  expect(radii.length).toBeGreaterThan(30);
});
