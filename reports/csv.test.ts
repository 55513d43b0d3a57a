import { describe, expect, it } from "vitest";
import { phaseOf, resourcesOf, resultsOf, trialOf } from "../test/results-fixture.ts";
import type { Phase, Results } from "../bench/results/schema.ts";
import { rowsOf } from "../test/csv-rows.ts";
import { csv } from "./csv.ts";
import { onlyRun } from "./run.ts";

function rendered(results: Results): string {
  return csv.render(onlyRun(results));
}

describe("the CSV report", () => {
  it("has a row for each phase, with all that was measured", () => {
    const [row, ...others] = rowsOf(rendered(resultsOf([trialOf("sse", { phases: [phaseOf()] })])));
    expect(others).toEqual([]);
    expect(row).toMatchSnapshot();
  });

  it("has a row for each phase of each trial, and one for a trial without any", () => {
    const outcome = { status: "failed", by: "server", reason: "it died", stderr: "why" } as const;
    const rows = rowsOf(
      rendered(
        resultsOf([
          trialOf("sse", { phases: [phaseOf({ name: "warm-up" }), phaseOf()] }),
          trialOf("websocket", { outcome }),
        ]),
      ),
    );
    expect(
      rows.map((row) => [row["variant"], row["phase"], row["outcome"], row["reason"]]),
    ).toEqual([
      ["sse", "warm-up", "valid", ""],
      ["sse", "steady", "valid", ""],
      ["websocket", "", "failed", "it died"],
    ]);
  });

  it("leaves empty what is not known, and does not call it 0", () => {
    const phase = phaseOf({ rate: null, kernelSocketBytes: null });
    const [row] = rowsOf(rendered(resultsOf([trialOf("sse", { phases: [phase] })])));
    // Of 40 deliveries the median is known, to three digits; the 99th percentile is not.
    expect(row).toMatchObject({
      deliveryP50Ns: "20015",
      deliveryP99Ns: "",
      setUpMaxNs: "",
      intendedRate: "",
      kernelSocketBytes: "",
    });
  });

  it("leaves empty what nobody counted, and what a process used that isn't known", () => {
    const phase: Phase = {
      ...phaseOf(),
      wire: null,
      resources: [resourcesOf({ process: "publisher" }), resourcesOf({ process: "load" })],
    };
    const [row] = rowsOf(rendered(resultsOf([trialOf("sse", { phases: [phase] })])));
    expect(row).toMatchObject({
      bytesDown: "",
      deliveriesBytesDown: "",
      requests: "",
      ipBytesDown: "",
      serverCpuMs: "",
      loadCpuMs: "100",
    });
  });

  it("has what crossed a network of its own, where there was one", () => {
    const { wire } = phaseOf();
    const link = {
      ipBytes: { down: 14_000, up: 2_600 },
      segments: { down: 40, up: 50 },
      acknowledgements: { down: 10, up: 40 },
      retransmitted: { down: 1, up: 0 },
    };
    const phase = phaseOf({ wire: { ...wire, link } });
    const [row] = rowsOf(rendered(resultsOf([trialOf("sse", { phases: [phase] })])));
    expect(row).toMatchObject({
      ipBytesDown: "14000",
      ipBytesUp: "2600",
      segmentsDown: "40",
      segmentsUp: "50",
      acknowledgementsDown: "10",
      acknowledgementsUp: "40",
      retransmittedDown: "1",
      retransmittedUp: "0",
    });
  });

  it("names each kind of warning once", () => {
    const warning = { code: "lost", phase: "steady", detail: "1 of 2" } as const;
    const warnings = [warning, warning, { ...warning, code: "clock" } as const];
    const [row] = rowsOf(rendered(resultsOf([trialOf("sse", { warnings })])));
    expect(row?.["warnings"]).toBe("lost clock");
  });

  it.each([
    ["a comma", "a,b", "a,b"],
    ["quotes", 'say "hi"', 'say "hi"'],
    ["a line feed", "one\ntwo", "one two"],
    ["a formula", "=1+1", "'=1+1"],
    ["a formula by a sign", "+1", "'+1"],
    ["a command", "@SUM(1)", "'@SUM(1)"],
    ["a formula after a tab", "\t=1", " =1"],
  ])("keeps its shape with %s in a name", (_what, variant, shown) => {
    const [row, ...others] = rowsOf(rendered(resultsOf([trialOf(variant)])));
    expect(others).toEqual([]);
    expect(row?.["variant"]).toBe(shown);
    expect(row?.["outcome"]).toBe("valid");
  });
});
