import { describe, expect, it } from "vitest";
import { figureOf, trialOf } from "../../test/results-fixture.ts";
import { nextStep } from "./schedule.ts";
import type { RunSchedule } from "./schedule.ts";
import { resolveConfig } from "../settings/config.ts";
import type { Settings } from "../settings/config.ts";
import { goalsOf } from "./goals.ts";
import { planRun } from "./plan.ts";
import type { PlannedTrial } from "./plan.ts";
import type { Trial } from "../results/schema.ts";

async function scheduleOf(settings: Settings): Promise<RunSchedule> {
  const config = resolveConfig(
    { transports: ["sse", "websocket"], scenarios: ["latency", "echo"], seed: 7, ...settings },
    String,
    0,
  );
  return { config, plan: planRun(config), goals: await goalsOf(config, String) };
}

type Played = Pick<Trial, "outcome" | "figures">;

/** Plays a schedule to its end, each trial as `play` says; returns a line for each step. */
function played(schedule: RunSchedule, play: (trial: PlannedTrial) => Played): string[] {
  const trials: Trial[] = [];
  const steps: string[] = [];
  for (let step = nextStep(schedule, trials); step !== null; step = nextStep(schedule, trials)) {
    const planned = step.batches.flat();
    const names = planned.map(
      ({ scenario, variant, repetition }) => `${scenario.name} ${variant.name} ${repetition}`,
    );
    steps.push(`${step.why}: ${names.toSorted().join(", ")}`);
    for (const trial of planned) {
      const { variant, scenario, repetition } = trial;
      const about = { scenario: scenario.name, repetition };
      trials.push(trialOf(variant.name, { ...about, ...play(trial) }));
    }
  }
  return steps;
}

const valid = (value: number): Played => ({
  outcome: { status: "valid" },
  figures: [figureOf("delivery.p50", value)],
});

const invalid: Played = { outcome: { status: "invalid" }, figures: [] };

describe("what is on the schedule", () => {
  it("is the plan, scenario by scenario, when every trial counts", async () => {
    const schedule = await scheduleOf({ trials: 2 });
    expect(played(schedule, () => valid(1))).toEqual([
      "planned: latency sse 1, latency sse 2, latency websocket 1, latency websocket 2",
      "planned: echo sse 1, echo sse 2, echo websocket 1, echo websocket 2",
    ]);
  });

  it("replaces what didn't count before it goes on to the next scenario", async () => {
    const schedule = await scheduleOf({ trials: 1, extraTrials: 3 });
    const steps = played(schedule, ({ scenario, variant, repetition }) =>
      scenario.name === "latency" && variant.name === "sse" && repetition < 3 ? invalid : valid(1),
    );
    expect(steps).toEqual([
      "planned: latency sse 1, latency websocket 1",
      "invalid: latency sse 2",
      "invalid: latency sse 3",
      "planned: echo sse 1, echo websocket 1",
    ]);
  });

  it("comes to an end when nothing ever counts", async () => {
    const schedule = await scheduleOf({ trials: 2, scenarios: ["latency"] });
    expect(played(schedule, () => invalid)).toEqual([
      "planned: latency sse 1, latency sse 2, latency websocket 1, latency websocket 2",
      "invalid: latency sse 3, latency sse 4, latency websocket 3, latency websocket 4",
    ]);
  });

  it("with a precision goes on with all scenarios in turn, where it isn't reached", async () => {
    const schedule = await scheduleOf({ trials: 5, precision: 10 });
    // Half of the first trials are far below the median, the others far above; then all is quiet.
    const wild = (repetition: number): number => 100 + 30 * (repetition % 2 === 0 ? 1 : -1);
    const steps = played(schedule, ({ variant, repetition }) =>
      valid(variant.name === "sse" && repetition <= 6 ? wild(repetition) : 100),
    );
    const [block, ...further] = steps.slice(2);
    expect(block).toBe(
      "precision: echo sse 6, echo websocket 6, latency sse 6, latency websocket 6",
    );
    expect(further.length).toBeGreaterThan(0);
    expect(further).toEqual(
      further.map((_, index) => `precision: echo sse ${index + 7}, latency sse ${index + 7}`),
    );
  });

  it("with a precision repeats also what is planned once, six times at least", async () => {
    const schedule = await scheduleOf({ trials: 1, precision: 10, scenarios: ["latency"] });
    const steps = played(schedule, ({ variant, repetition }) =>
      variant.name === "sse" && repetition === 4 ? invalid : valid(1),
    );
    const further = ["sse", "websocket"].flatMap((name) =>
      [2, 3, 4, 5, 6].map((repetition) => `latency ${name} ${repetition}`),
    );
    expect(steps.slice(1)).toEqual([
      `precision: ${further.join(", ")}`,
      "precision: latency sse 7",
    ]);
  });
});
