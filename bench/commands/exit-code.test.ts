import { describe, expect, it } from "vitest";
import { resultsOf, trialOf } from "../../test/results-fixture.ts";
import type { TrialOutcome, Results, Trial } from "../results/schema.ts";
import { runCode } from "./exit-code.ts";

const valid: TrialOutcome = { status: "valid" };
const invalid: TrialOutcome = { status: "invalid" };
const failedBy = (by: "server" | "machine"): TrialOutcome => ({
  status: "failed",
  by,
  reason: "it ended",
  stderr: "",
});

function sse(outcome: TrialOutcome): Trial {
  return trialOf("sse", { outcome });
}

function interrupted(trials: readonly Trial[]): Results {
  const results = resultsOf([...trials]);
  return { ...results, run: { ...results.run, status: "interrupted" } };
}

describe("the exit code of a run", () => {
  it.each<[string, number, readonly TrialOutcome[]]>([
    ["0 when each cell has a valid trial", 0, [valid, valid]],
    ["0 when what the machine invalidated was replaced", 0, [invalid, failedBy("machine"), valid]],
    ["1 when the server made a trial fail, replaced or not", 1, [failedBy("server"), valid]],
    ["1 when server and machine have left no valid trial", 1, [failedBy("server"), invalid]],
    ["3 when the machine alone has left no valid trial", 3, [invalid, failedBy("machine")]],
  ])("is %s", (_name, code, outcomes) => {
    expect(runCode(resultsOf(outcomes.map(sse)))).toBe(code);
  });

  it("is 1 when one cell is the server's doing and another one the machine's", () => {
    const trials = [sse(invalid), trialOf("websocket", { outcome: failedBy("server") })];
    expect(runCode(resultsOf(trials))).toBe(1);
  });

  it("is 130 when the run was interrupted, whatever it found", () => {
    expect(runCode(interrupted([sse(failedBy("server"))]))).toBe(130);
  });
});
