import { describe, expect, it } from "vitest";
import { phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import { countedTrials } from "./trials.ts";

const bus = {
  kind: "redis",
  servers: 3,
  published: 40,
  refused: 2,
  expected: 120,
  taken: 112,
  lost: 8,
  repeated: 0,
  transit: phaseOf().latency.transit,
  bytesDown: 0,
  bytesUp: 0,
} as const;

describe("what became of a side's trials", () => {
  const { deliveries } = phaseOf();
  const lossy = phaseOf({ deliveries: { ...deliveries, lost: 2 }, disconnected: 1 });
  const steal = { code: "steal", phase: "steady", detail: "3 %" } as const;

  it("is the machine's doing and left out, or the server's and counted", () => {
    const failed = { status: "failed", reason: "it ended", stderr: "" } as const;
    const trials = [
      trialOf("sse", { phases: [phaseOf()] }),
      trialOf("sse", { phases: [lossy, lossy] }),
      trialOf("sse", { phases: [lossy], outcome: { status: "invalid" }, warnings: [steal] }),
      trialOf("sse", { outcome: { ...failed, by: "machine" } }),
      trialOf("sse", { outcome: { ...failed, by: "server", reason: "refused" } }),
    ];
    expect(countedTrials(resultsOf(trials))).toEqual({
      played: 5,
      invalid: 2,
      reasons: ["stolen processor time", "it ended"],
      faulty: 2,
      faults: ["4 lost, 2 disconnected", "refused"],
    });
  });

  it("isn't the server's fault where a broker was made to fail, but for what was lost otherwise", () => {
    const lostOnBus = (failed: true | undefined) =>
      phaseOf({
        deliveries: { ...deliveries, lost: 10 },
        bus: { ...bus, deliveries: { unsent: 5, untaken: 3 }, ...(failed && { failed }) },
      });
    const faults = (failed?: true): readonly string[] =>
      countedTrials(resultsOf([trialOf("sse", { phases: [lostOnBus(failed)] })])).faults;
    expect(faults(true)).toEqual(["2 lost"]);
    expect(faults()).toEqual(["10 lost"]);
  });
});
