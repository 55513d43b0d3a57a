import { describe, expect, it } from "vitest";
import { asFlag } from "../settings/naming.ts";
import type { Settings } from "../settings/config.ts";
import { trialsOf } from "../plan/plan.ts";
import { scenariosOf, whyStale } from "./baseline-compatibility.ts";
import { baselineHead } from "./baseline.ts";
import type { Baseline } from "./baseline.ts";
import { needsOf } from "./needs.ts";
import type { Needs } from "./needs.ts";

const whole = { target: null, broker: null, isPart: false };

function needs(budgets: string[] = [], settings: Settings = {}): Promise<Needs> {
  return needsOf({ budgets }, { transports: ["sse"], ...settings }, asFlag, whole);
}

async function trials(...given: Parameters<typeof needs>): Promise<Record<string, number>> {
  const { config } = await needs(...given);
  return Object.fromEntries(
    config.scenarios.map((scenario) => [scenario.name, trialsOf(scenario, config)]),
  );
}

describe("what a check needs", () => {
  const usual = { overhead: 2, connections: 2, integrity: 2 };

  it("is what is counted, of every transport of a run that isn't the floor", async () => {
    expect(await trials()).toEqual(usual);
    const { config } = await needsOf({}, {}, asFlag, whole);
    const names = config.variants.map(({ name }) => name);
    expect(names).toEqual(["short-polling", "long-polling", "sse", "websocket"]);
  });

  it("is no more for budgets on what is counted anyway", async () => {
    expect(await trials(["loss == 0", "sse.overhead.bytesPerMessage <= 20"])).toEqual(usual);
  });

  it("is enough trials of latency for a budget on it", async () => {
    expect(await trials(["sse.latency.p99 <= 50ms"])).toEqual({ ...usual, latency: 7 });
  });

  it("is as many connections as a budget asks for", async () => {
    const most = async (budget: string): Promise<number> =>
      (await needs([budget])).config.maxConnections;
    expect(await most("connections.held >= 2000")).toBe(2_000);
    expect(await most("held > 2000")).toBe(2_001);
    expect(await most("held >= 5")).toBe(1_500);
    const few = { maxConnections: 100 };
    await expect(needs(["held >= 101"], few)).rejects.toThrow(
      "--max-connections: the search would",
    );
  });

  it("is no more than the part that is asked for, and leaves out the other budgets", async () => {
    const budgets = ["loss == 0", "websocket.latency.p99 <= 1s", "connections.held >= 9"];
    const settings = { transports: ["sse"], scenarios: ["integrity"] };
    const part = await needsOf({ budgets }, settings, asFlag, {
      target: null,
      broker: null,
      isPart: true,
    });
    expect(part.config.scenarios.map(({ name }) => name)).toEqual(["integrity"]);
    expect(part.unchecked.map(({ text }) => text)).toEqual(budgets.slice(1));
  });

  it.each([
    [["websocket.latency.p50 <= 1ms"], {}, "matches nothing that is measured"],
    [["sse.latency.p50 <= 1ms"], { trials: 3 }, "--trials: 3 are too few"],
    [["held >= 2000000"], {}, "clients can be held"],
    [[], { scenarios: ["overheat"] }, '--scenarios: unknown scenario "overheat"'],
  ])("is told to be impossible before anything starts: %j with %j", async (budgets, set, why) => {
    await expect(needs(budgets, set)).rejects.toThrow(why);
  });
});

describe("a baseline", () => {
  async function staleBy(change: (baseline: Baseline) => void, settings: Settings = {}) {
    const { config } = await needs();
    const counted = { sse: { overhead: {}, connections: {}, integrity: {} } };
    const baseline: Baseline = {
      ...baselineHead,
      node: 20,
      server: "built-in",
      scenarios: scenariosOf(config),
      counted,
    };
    change(baseline);
    return whyStale(baseline, (await needs([], settings)).config, "b.json", false);
  }

  it("isn't stale while the same is run", async () => {
    expect(await staleBy(() => {})).toBeNull();
  });

  it.each<[string, (baseline: Baseline) => void, Settings, string]>([
    ["another workload", () => {}, { clients: 3 }, "another clients for overhead, which is now 3"],
    ["a new variant", () => {}, { transports: ["sse", "websocket"] }, "has no websocket.overhead"],
    ["a new scenario", () => {}, { scenarios: ["echo"] }, "has no scenario echo"],
    [
      "a variant less",
      ({ counted }) => void (counted["old"] = { overhead: {} }),
      {},
      "old.overhead, which is no longer run",
    ],
    ["another server", (baseline) => void (baseline.server = "target"), {}, "a target server"],
  ])("is stale with %s, and says what to do", async (_, change, settings, why) => {
    const stale = await staleBy(change, settings);
    expect(stale).toContain(why);
    expect(stale).toContain("the same command with --update");
  });
});
