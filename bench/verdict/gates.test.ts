import { describe, expect, it } from "vitest";
import { figureOf, phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { gatesOf } from "./gates.ts";
import { cellMetricsOf } from "./cell-metrics.ts";
import type { CellMetric } from "./cell-metrics.ts";

const figures = [50, 99].map((q) =>
  figureOf(`delivery.p${q}`, 1e6, { unit: "ns", phase: "steady" }),
);
const metrics = cellMetricsOf(resultsOf([trialOf("sse", { figures, phases: [phaseOf()] })]));

function named(name: string): CellMetric {
  const found = metrics.find((one) => one.metric === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe("gates", () => {
  it.each([
    [{}, ["lost", "p50"], ["p99", "loss"]],
    [{ gates: ["p99"] }, ["p99"], ["lost", "p50"]],
    [{ gates: ["sse.latency.*", "!lost"] }, ["p50", "p99"], ["lost", "loss"]],
    [{ gates: ["!*"] }, [], ["lost", "p50"]],
    [{ gates: ["!websocket.*"] }, ["lost"], ["p99"]],
    [{ gates: ["*l*st", "p*5*0", "**99"] }, ["lost", "p50", "p99"], ["reordered"]],
    // What two stars leave between them is taken once only.
    [{ gates: ["lo*ost", "p50*0"] }, [], ["lost", "p50"]],
    // A dot stands for itself.
    [{ gates: ["sse.latencyxp50"] }, [], ["p50"]],
  ])("with %j are %j and not %j", (settings, gating, others) => {
    const { gates } = gatesOf(settings);
    for (const metric of gating) expect(gates(named(metric)), metric).toBe(true);
    for (const metric of others) expect(gates(named(metric)), metric).toBe(false);
  });

  // A regular expression with so many stars would need longer than any test may take.
  it("are looked for at once, whatever a pattern is", () => {
    const patterns = [
      "*a".repeat(250),
      "*".repeat(500),
      "(".repeat(99),
      "[z-a]*",
      "\\*",
      "*l".repeat(250),
    ];
    const { gates } = gatesOf({ gates: patterns });
    for (let times = 0; times < 100; times += 1) expect(gates(named("lost"))).toBe(true);
  });

  it("tolerates what the user says, in the metric's unit or as a share", () => {
    const { tolerance } = gatesOf({
      margins: { p50: "20%", "latency.p50": "2ms", bytesPerMessage: "3B", lost: "1" },
    });
    expect(tolerance(named("p50"))).toEqual({ absolute: 2e6, relative: 0.2 });
    expect(tolerance(named("bytesPerMessage"))).toEqual({ absolute: 3, relative: 0 });
    expect(tolerance(named("lost"))).toEqual({ absolute: 1, relative: 0 });
    expect(tolerance(named("p99"))).toEqual(named("p99").tolerance);
  });

  it.each(["ten", "10 %%", "-1", "", "5MB", "9".repeat(400)])(
    "refuses a margin of %j in one line",
    (margin) => {
      expect(() => gatesOf({ margins: { p50: margin } })).toThrow(
        /^check\.margins\.p50: ".*such as/,
      );
    },
  );
});
