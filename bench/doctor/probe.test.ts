import { describe, expect, it } from "vitest";
import { phaseOf, resourcesOf, trialOf } from "../../test/results-fixture.ts";
import { probedIn } from "./probe.ts";

describe("what a trial used", () => {
  it("is each process's share of a core, less what waiting for due times took", () => {
    const resources = [
      resourcesOf({ durationMs: 2_000, cpuMs: 1_000, turningMs: 800 }),
      resourcesOf({ process: "load", durationMs: 2_000, cpuMs: 300, utilisation: 0.12 }),
    ];
    const phases = [phaseOf({ name: "warm-up" }), phaseOf({ durationMs: 2_000, resources })];
    const detail = "1 % were 2.6 ms late or more";
    const warnings = [{ code: "late-publisher", phase: "steady", detail } as const];
    expect(probedIn(trialOf("websocket", { phases, warnings }), 256)).toEqual({
      variant: "websocket",
      clients: 2,
      payloadBytes: 256,
      deliveriesPerSecond: 20,
      serverCpuShare: 0.1,
      loadCpuShare: 0.15,
      loadUtilisation: 0.12,
      doubts: [`messages sent late: ${detail}`],
    });
  });

  it("is not known when it failed, or ended before it was measured", () => {
    const failed = { status: "failed", by: "server", reason: "listen EACCES", stderr: "" } as const;
    expect(probedIn(trialOf("websocket", { outcome: failed }), 256)).toEqual({
      failed: "listen EACCES",
    });
    expect(probedIn(trialOf("websocket"), 256)).toHaveProperty("failed");
  });
});
