import { describe, expect, it } from "vitest";
import { findScenario, resolveConfig } from "../settings/config.ts";
import type { Config, Settings } from "../settings/config.ts";
import { inBatches, runsConcurrently, planRun, trialsOf, workloadOf } from "./plan.ts";
import type { Batch } from "./plan.ts";

const transports = ["short-polling@100ms", "long-polling", "sse", "websocket", "sse:eventsource"];

function configOf(settings: Settings = {}): Config {
  return resolveConfig({ transports, scenarios: ["latency"], seed: 7, ...settings }, String, 0);
}

function namesOf(plan: readonly Batch[]): string[] {
  return plan.flat().map(({ variant, repetition }) => `${repetition} ${variant.name}`);
}

describe("a plan", () => {
  it("is made of blocks, each of which holds every variant once", () => {
    const plan = planRun(configOf({ trials: 6 })).flat();
    expect(plan).toHaveLength(30);
    for (let block = 0; block < 6; block += 1) {
      const trials = plan.slice(5 * block, 5 * block + 5);
      expect(trials.map(({ repetition }) => repetition)).toEqual(Array(5).fill(block + 1));
      expect(trials.map(({ variant }) => variant.name).toSorted()).toEqual(transports.toSorted());
    }
  });

  it("has the blocks in orders of their own", () => {
    const names = namesOf(planRun(configOf({ trials: 6 }))).map((name) => name.slice(2));
    const orders = Array.from({ length: 6 }, (_, block) =>
      names.slice(5 * block, 5 * block + 5).join(),
    );
    expect(new Set(orders).size).toBeGreaterThan(1);
  });

  it("is the same for the same seed, and another for another", () => {
    const plan = planRun(configOf());
    expect(
      planRun(configOf())
        .flat()
        .map(({ seed }) => seed),
    ).toEqual(plan.flat().map(({ seed }) => seed));
    expect(namesOf(planRun(configOf()))).toEqual(namesOf(plan));
    expect(namesOf(planRun(configOf({ seed: 8 })))).not.toEqual(namesOf(plan));
  });

  it("gives equal repetitions of different variants equal seeds, and all others seeds of their own", () => {
    const plan = planRun(configOf({ scenarios: ["latency", "echo"], trials: 3 })).flat();
    const cells = new Map<string, Set<number>>();
    for (const { scenario, repetition, seed } of plan) {
      const cell = `${scenario.name} ${repetition}`;
      cells.set(cell, (cells.get(cell) ?? new Set()).add(seed));
    }
    const seeds = [...cells.values()].map((set) => Array.from(set));
    expect(seeds.map((set) => set.length)).toEqual(Array(6).fill(1));
    expect(new Set(seeds.flat()).size).toBe(6);
  });

  it("gives variants the limits of a scenario, where they can have them and don't say otherwise", () => {
    const config = configOf({ transports: ["tcp", "sse", "websocket+perSecond=9"], trials: 1 });
    const guards = { perSecond: 5, origins: ["https://app.example"] };
    const scenarios = config.scenarios.map((scenario) => ({ ...scenario, guards: () => guards }));
    const planned = planRun({ ...config, scenarios }).flat();
    const layers = planned.map(({ variant }) => [variant.name, variant.bound.layers]);
    expect(Object.fromEntries(layers)).toEqual({
      tcp: {},
      sse: guards,
      "websocket+perSecond=9": { ...guards, perSecond: 9 },
    });
  });

  it("plays scenario after scenario, in the order asked for", () => {
    const plan = planRun(configOf({ scenarios: ["echo", "latency"], trials: 2 })).flat();
    expect(plan.map(({ scenario }) => scenario.name)).toEqual([
      ...Array(10).fill("echo"),
      ...Array(10).fill("latency"),
    ]);
  });

  it("has trials one by one where time is measured", () => {
    const sizes = planRun(configOf({ trials: 2 })).map((batch) => batch.length);
    expect(sizes).toEqual(Array(10).fill(1));
  });

  it("has as many side by side as a scenario bears that times nothing", () => {
    const scenario = { ...findScenario("latency"), trialsAtOnce: 2 };
    const trials = planRun(configOf({ trials: 1 })).flat();
    expect(inBatches(scenario, trials).map((batch) => batch.length)).toEqual([2, 2, 1]);
  });

  it("has trials side by side where bytes are counted, twelve at most, who leaves the machine or waits longest first", () => {
    const plan = planRun(configOf({ scenarios: ["overhead"], trials: 5 }));
    expect(plan.map((batch) => batch.length)).toEqual([12, 12, 1]);
    const trials = plan.flat();
    const light = trials.filter(runsConcurrently);
    expect(light.map(({ variant }) => variant.transport)).toEqual(Array(5).fill("short-polling"));
    expect(trials.slice(0, 5)).toEqual(light);
    const cycles = trials.slice(5).map(({ variant }) => variant.bound.idleCycleMs);
    expect(cycles).toEqual(cycles.toSorted((a, b) => b - a));
    expect(namesOf(plan).toSorted()).toEqual(
      [1, 2, 3, 4, 5].flatMap((n) => transports.map((name) => `${n} ${name}`)).toSorted(),
    );
  });
});

describe("a short run", () => {
  it("begins with those whose cycle it can wait for", () => {
    const plan = planRun(configOf({ scenarios: ["overhead"], quick: true })).flat();
    const waited = plan.map(({ variant, maxIdleMs }) => variant.bound.idleCycleMs <= maxIdleMs);
    expect(waited).toEqual(waited.toSorted((a, b) => Number(b) - Number(a)));
    expect(new Set(waited)).toEqual(new Set([true, false]));
  });
});

describe("the number of trials", () => {
  it.each([
    ["latency", {}, 3],
    ["overhead", {}, 2],
    ["connections", {}, 3],
    ["latency", { quick: true }, 1],
    ["overhead", { quick: true }, 1],
    ["overhead", { thorough: true }, 2],
    ["latency", { thorough: true }, 10],
    ["connections", { trials: 4 }, 4],
    ["latency", { trials: 1, thorough: true }, 1],
  ] as const)("of %s with %j is %d", (name, settings, trials) => {
    const config = configOf({ ...settings, scenarios: [name] });
    expect(config.scenarios.map((scenario) => trialsOf(scenario, config))).toEqual([trials]);
  });
});

describe("a workload", () => {
  it.each([
    ["latency", {}, { clients: 50, ratePerSecond: 20, payloadBytes: 256, durationMs: 2_500 }],
    ["echo", {}, { clients: 20, ratePerSecond: 5, durationMs: 1_250 }],
    ["echo", { duration: 4_000 }, { durationMs: 2_000 }],
    [
      "latency",
      { clients: 3, rate: 0.5, payload: 40 },
      { clients: 3, ratePerSecond: 0.5, payloadBytes: 40 },
    ],
    ["latency", { warmup: 0 }, { warmUpMs: 0 }],
    ["connections", { maxConnections: 9 }, { maxConnections: 9 }],
  ] as const)("of %s with %j has %j", (name, settings, expected) => {
    const config = configOf({ ...settings, scenarios: [name] });
    expect(config.scenarios.map((scenario) => workloadOf(scenario, config))).toEqual([
      expect.objectContaining(expected),
    ]);
  });
});
