import { describe, expect, it } from "vitest";
import { trialOf } from "../../test/results-fixture.ts";
import { resolveConfig } from "../settings/config.ts";
import type { Config, Settings } from "../settings/config.ts";
import { repeatsForInvalid } from "./repeats.ts";
import { planRun } from "./plan.ts";
import type { Batch } from "./plan.ts";
import type { TrialOutcome, Trial } from "../results/schema.ts";

function configOf(settings: Settings = {}): Config {
  return resolveConfig(
    { transports: ["sse", "websocket"], scenarios: ["latency"], seed: 7, ...settings },
    String,
    0,
  );
}

const outcomes: Readonly<Record<string, TrialOutcome>> = {
  v: { status: "valid" },
  i: { status: "invalid" },
  f: { status: "failed", by: "server", reason: "it died", stderr: "" },
};

/** The trials of a variant by their outcomes, such as `vif`. */
function played(variant: string, letters: string, scenario = "latency"): Trial[] {
  return letters.split("").map((letter, index) => {
    const outcome = outcomes[letter] ?? { status: "interrupted" };
    return trialOf(variant, { scenario, repetition: index + 1, outcome });
  });
}

function extra(trials: readonly Trial[], settings: Settings = {}): Batch[] {
  const config = configOf(settings);
  return config.scenarios.flatMap((scenario) => repeatsForInvalid(scenario, config, trials));
}

function namesOf(batches: readonly Batch[]): string[] {
  return batches.flat().map(({ variant, repetition }) => `${variant.name} ${repetition}`);
}

describe("extra trials", () => {
  it.each([
    ["every trial was valid", "vvv", {}, 0],
    ["one was invalid", "viv", {}, 1],
    ["all were invalid", "iii", {}, 3],
    ["it is replaced", "vivv", {}, 0],
    ["it isn't replaced yet", "vivi", {}, 1],
    ["there were as many extra ones as planned", "iiiiii", {}, 0],
    ["the limit leaves fewer than are missing", "iiiii", {}, 1],
    ["the limit was set higher", "iiiiii", { extraTrials: 5 }, 2],
    ["the limit was set lower", "iii", { extraTrials: 1 }, 1],
    ["they are switched off", "iii", { extraTrials: 0 }, 0],
    ["one failed", "fvv", {}, 1],
    ["what failed failed again", "fvvf", {}, 0],
    ["all failed: once is enough to see it", "fff", {}, 1],
    ["all failed, and once more", "ffff", {}, 0],
    ["one failed and one was invalid", "fiv", {}, 2],
    ["a single one is planned", "i", { trials: 1 }, 1],
  ] as const)("of a cell when %s (%s) with %j are %d", (_when, letters, settings, count) => {
    const trials = [...played("sse", letters), ...played("websocket", "vvv")];
    const names = namesOf(extra(trials, settings));
    expect(names).toEqual(
      Array.from({ length: count }, (_, index) => `sse ${letters.length + index + 1}`),
    );
  });

  it("come in blocks that hold each variant that lacks one, each with numbers of its own", () => {
    const trials = [...played("sse", "iiv"), ...played("websocket", "vvii")];
    const batches = extra(trials);
    expect(batches.map((batch) => batch.length)).toEqual([1, 1, 1]);
    const names = namesOf(batches);
    expect(names.slice(0, 2).toSorted()).toEqual(["sse 4", "websocket 5"]);
    expect(names.slice(2)).toEqual(["sse 5"]);
  });

  it("have the seeds that trials of these numbers have in a longer plan", () => {
    const longer = planRun(configOf({ trials: 6 })).flat();
    const trials = [...played("sse", "iii"), ...played("websocket", "iii")];
    for (const { variant, repetition, seed } of extra(trials).flat()) {
      const same = longer.find(
        (one) => one.variant.name === variant.name && one.repetition === repetition,
      );
      expect(seed).toBe(same?.seed);
    }
  });

  it("come in an order that the seed decides", () => {
    const trials = [...played("sse", "i".repeat(20)), ...played("websocket", "i".repeat(20))];
    const order = (seed: number): string =>
      namesOf(extra(trials, { trials: 20, extraTrials: 20, seed })).join();
    expect(order(1)).toBe(order(1));
    expect(order(1)).not.toBe(order(2));
  });

  it("play side by side where planned ones do", () => {
    const settings = { scenarios: ["overhead"], transports: ["sse@1s", "websocket@9s"], trials: 2 };
    const trials = [
      ...played("sse@1s", "ii", "overhead"),
      ...played("websocket@9s", "ii", "overhead"),
    ];
    const [batch, ...others] = extra(trials, settings);
    expect(others).toEqual([]);
    expect(namesOf([batch ?? []])).toEqual([
      expect.stringContaining("websocket@9s"),
      expect.stringContaining("websocket@9s"),
      expect.stringContaining("sse@1s"),
      expect.stringContaining("sse@1s"),
    ]);
  });

  it("count the trials of their own scenario alone", () => {
    const trials = [
      ...played("sse", "vvv"),
      ...played("websocket", "vvv"),
      ...played("sse", "iii", "echo"),
    ];
    expect(extra(trials)).toEqual([]);
  });
});
