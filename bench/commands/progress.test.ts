import { describe, expect, it } from "vitest";
import { trialOf as fixtureOf } from "../../test/results-fixture.ts";
import { resolveConfig } from "../settings/config.ts";
import { planRun } from "../plan/plan.ts";
import type { Batch, PlannedTrial } from "../plan/plan.ts";
import { Progress } from "./progress.ts";
import type { Screen } from "./progress.ts";

class FakeScreen implements Screen {
  readonly redraws: boolean;
  readonly columns: number;
  text = "";

  constructor(redraws: boolean, columns = 120) {
    this.redraws = redraws;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }
}

/** Takes as long as estimated, unless it says something else. */
const trialOf: typeof fixtureOf = (variant, more) =>
  fixtureOf(variant, { durationMs: 3_990, ...more });

/** Two trials of 3 300 ms each, and 690 that depend on the machine: see the rehearsal's test. */
const plan: readonly Batch[] = planRun(
  resolveConfig(
    { scenarios: ["latency"], transports: ["sse"], trials: 2, clients: 20, seed: 1 },
    String,
    0,
  ),
);
const [first, second] = plan.flat();

function planned(trial: PlannedTrial | undefined): PlannedTrial {
  if (trial === undefined) throw new Error("two trials are planned");
  return trial;
}

const erase = "\r\u001B[2K";

describe("progress on a terminal", () => {
  it("is one line, drawn over and over, and taken away at the end", async () => {
    const screen = new FakeScreen(true);
    const progress = await Progress.of(plan, screen, 1);
    progress.phase(planned(first), "steady");
    progress.trialEnds(trialOf("sse"));
    progress.phase(planned(second), "warm-up");
    progress.end();
    expect(screen.text).toBe(
      `${erase}[0/2] 8 s left · latency · sse · trial 1 · steady` +
        `${erase}[1/2] 4 s left · latency · sse · trial 2 · warm-up${erase}`,
    );
  });

  it("never fills the last column, where a terminal would begin a new line", async () => {
    const screen = new FakeScreen(true, 30);
    const progress = await Progress.of(plan, screen, 1);
    progress.phase(planned(first), "a phase with a very long name");
    expect(screen.text).toBe(`${erase}[0/2] 8 s left · latency · ss`);
    expect(screen.text.slice(erase.length)).toHaveLength(29);
  });

  it("counts further trials from the next time it is drawn", async () => {
    const screen = new FakeScreen(true);
    const progress = await Progress.of(plan.slice(0, 1), screen, 1);
    progress.trialEnds(trialOf("sse"));
    await progress.grows({ why: "invalid", batches: plan.slice(1) });
    expect(screen.text).toBe("");
    progress.phase(planned(second), "steady");
    expect(screen.text).toBe(`${erase}[1/2] 4 s left · latency · sse · trial 2 · steady`);
  });

  it("takes nothing away that it has not drawn", async () => {
    const screen = new FakeScreen(true);
    (await Progress.of(plan, screen, 1)).end();
    expect(screen.text).toBe("");
  });
});

describe("progress elsewhere", () => {
  it.each([
    ["invalid", "to replace those that didn't count"],
    ["precision", "for narrower intervals"],
  ] as const)("tells of further trials, and for what: %s", async (why, aim) => {
    const screen = new FakeScreen(false);
    const progress = await Progress.of(plan.slice(0, 1), screen, 1);
    progress.trialEnds(trialOf("sse", { durationMs: 3_990 }));
    await progress.grows({ why, batches: plan });
    await progress.grows({ why, batches: plan.slice(1) });
    progress.trialEnds(trialOf("sse", { repetition: 2, durationMs: 3_990 }));
    expect(screen.text).toBe(
      "[1/1] latency sse trial 1: valid, 4 s; 0 s left\n" +
        `[1/3] 2 more trials ${aim}; 8 s left\n` +
        `[1/4] 1 more trial ${aim}; 12 s left\n` +
        "[2/4] latency sse trial 2: valid, 4 s; 8 s left\n",
    );
  });

  it("is a line for each trial, without control characters", async () => {
    const screen = new FakeScreen(false);
    const progress = await Progress.of(plan, screen, 1);
    progress.phase(planned(first), "steady");
    progress.trialEnds(trialOf("sse", { durationMs: 3_990 }));
    progress.phase(planned(second), "steady");
    const outcome = { status: "failed", by: "server", reason: "it died", stderr: "" } as const;
    progress.trialEnds(trialOf("sse", { repetition: 2, durationMs: 65_000, outcome }));
    progress.end();
    expect(screen.text).toBe(
      "[1/2] latency sse trial 1: valid, 4 s; 4 s left\n" +
        "[2/2] latency sse trial 2: failed (it died), 1 min 5 s; 0 s left\n",
    );
  });

  it("says in few words why a trial doesn't count", async () => {
    const screen = new FakeScreen(false);
    const progress = await Progress.of(plan, screen, 1);
    const warnings = (["steal", "clock", "steal", "lost"] as const).map((code) => ({
      code,
      phase: "steady",
      detail: "seen",
    }));
    progress.trialEnds(trialOf("sse", { outcome: { status: "invalid" }, warnings }));
    const reason = `\u001B[2J${"x".repeat(500)}`;
    const outcome = { status: "failed", by: "server", reason, stderr: "" } as const;
    progress.trialEnds(trialOf("sse", { repetition: 2, outcome }));
    const [invalid = "", failed = ""] = screen.text.split("\n");
    expect(invalid).toContain("trial 1: invalid (stolen processor time, clocks that differ), 4 s");
    expect(failed).toMatch(/trial 2: failed \(\\u001b\[2Jx+…\), 4 s/);
    expect(failed.length).toBeLessThan(200);
  });
});

describe("the time that is left", () => {
  const leftAfter = async (
    played: readonly Parameters<typeof trialOf>[1][],
    slowness = 1,
  ): Promise<string> => {
    const screen = new FakeScreen(true);
    const progress = await Progress.of([...plan, ...plan], screen, slowness);
    for (const trial of played) progress.trialEnds(trialOf("sse", trial));
    progress.phase(planned(second), "steady");
    return screen.text.replace(/.*\] (.*) left .*/s, "$1");
  };

  it("is as estimated while nothing has been played", async () => {
    expect(await leftAfter([])).toBe("16 s");
    expect(await leftAfter([], 2)).toBe("19 s");
  });

  it("is halfway to what the first trial took, and then what trials take", async () => {
    expect(await leftAfter([{ durationMs: 5_990 }])).toBe("15 s");
    expect(await leftAfter([{ durationMs: 5_990 }, { durationMs: 5_990 }])).toBe("12 s");
    expect(await leftAfter([{ durationMs: 3_300 }])).toBe("11 s");
  });

  it("isn't moved by a single trial that met with a mishap", async () => {
    expect(await leftAfter([{}, { durationMs: 60_000 }, {}])).toBe("4 s");
  });

  it("learns nothing from a trial that broke off", async () => {
    const outcome = { status: "failed", by: "server", reason: "", stderr: "" } as const;
    expect(await leftAfter([{ durationMs: 100, outcome }])).toBe("12 s");
  });
});
