import { describe, expect, it } from "vitest";
import { resultsOf } from "../../test/results-fixture.ts";
import { resolveConfig } from "./config.ts";
import { asFlag } from "./naming.ts";
import type { Config, Settings } from "./config.ts";
import { restoreConfig, recordedConfigOf } from "./restore-config.ts";
import { BenchError } from "../errors/errors.ts";
import { planRun } from "../plan/plan.ts";
import { recordedConfigSchema } from "../results/recorded-config.ts";
import type { RecordedConfig } from "../results/recorded-config.ts";
import type { Results } from "../results/schema.ts";

/** What a run of this config would leave, as it is read back from a file. */
function resultsFrom(config: Config): Results {
  const results = resultsOf([]);
  const configuration = recordedConfigSchema.parse(
    JSON.parse(JSON.stringify(recordedConfigOf(config))),
  );
  const { profile, seed } = config;
  return {
    ...results,
    run: { ...results.run, profile, seed, configuration },
    variants: config.variants.map(({ name, transport, title, client, reference, bound }) => ({
      name,
      transport,
      title,
      client,
      delivery: bound.delivery,
      pollIntervalMs: bound.polling?.intervalMs ?? null,
      reference,
      options: { ...bound.options },
    })),
  };
}

function restored(results: Results): Config {
  return restoreConfig(
    results,
    { out: "again", quiet: true, target: null, broker: null },
    (key) => `${key} in results.json`,
  );
}

/** A config without the functions in it, which are made anew each time. */
function plain(config: Config): unknown {
  return JSON.parse(JSON.stringify({ ...config, plan: planRun(config) }));
}

describe("the configuration in the results", () => {
  it.each<[Settings]>([
    [{}],
    [{ quick: true }],
    [{ scenarios: ["latency", "tokens", "tool-calls"] }],
    [{ thorough: true, scenarios: ["overhead", "connections"] }],
    [{ clients: 3, rate: 0.5, payload: 64, duration: 500, warmup: 0, maxConnections: 9 }],
    [{ trials: 7, extraTrials: 0, precision: 2.5, timeLimit: 60_000 }],
    [{ precision: 5, metric: "loss" }],
    [{ network: "4g, loss=1%" }],
    [{ network: "corporate-proxy, slice=64" }],
    [{ transports: ["short-polling@250ms", "sse:eventsource+logBytes=4KiB", "websocket"] }],
  ])("of %j leads to the same config and plan again", (settings) => {
    const config = resolveConfig(settings, asFlag, 42);
    const again = restored(resultsFrom(config));
    expect(plain(again)).toEqual(plain({ ...config, out: "again", quiet: true }));
    expect(recordedConfigOf(again)).toEqual(recordedConfigOf(config));
  });

  it("wins over what variants and scenarios have become by now", () => {
    const results = resultsFrom(resolveConfig({ transports: ["sse"] }, asFlag, 1));
    const [variant] = results.variants;
    const [scenario] = results.run.configuration.scenarios;
    if (variant === undefined || scenario === undefined) throw new Error("both are there");
    variant.options["heartbeatMs"] = 1_234;
    Object.assign(scenario, { trials: 2, durationShare: 0.25 });
    scenario.workload.clients = 77;
    const config = restored(results);
    expect(config.variants[0]?.bound.idleCycleMs).toBe(1_234);
    expect(planRun(config).flat().slice(0, 3)).toMatchObject([
      { scenario: { name: "latency" }, workload: { clients: 77, durationMs: 625 }, repetition: 1 },
      { scenario: { name: "latency" }, repetition: 2 },
      { scenario: { name: "echo" }, repetition: 1 },
    ]);
  });

  const scenarioOf = (overrides: object): object => ({
    name: "latency",
    workload: { clients: 1, ratePerSecond: 1, payloadBytes: 64 },
    trials: null,
    durationShare: null,
    ...overrides,
  });

  it.each([
    [
      { scenarios: [scenarioOf({ name: "latncy" })] },
      /^scenarios in results\.json: unknown scenario "latncy"; did you mean "latency"\?/,
    ],
    [{ variants: ["carrier"] }, /^variants in results\.json: "carrier" has no entry among/],
    [{ clients: 0 }, /^clients in results\.json: 0 is not a whole number from 1 to/],
    [{ durationMs: 1e15 }, /^duration in results\.json: \S+ is not a duration from/],
    [
      {
        scenarios: [scenarioOf({ workload: { clients: 1e9, ratePerSecond: 1, payloadBytes: 64 } })],
      },
      /^clients in results\.json: 1000000000 is not a whole number from 1 to/,
    ],
  ])("with %j is refused in one line", (overrides, message) => {
    const results = resultsFrom(resolveConfig({ transports: ["sse"] }, asFlag, 1));
    Object.assign(results.run.configuration, overrides as Partial<RecordedConfig>);
    expect(() => restored(results)).toThrow(BenchError);
    expect(() => restored(results)).toThrow(message);
  });

  it.each([
    [{ transport: "carrier-pigeon" }, /unknown transport "carrier-pigeon"; known are/],
    [{ client: "evntsource" }, /sse has no client "evntsource"; did you mean "eventsource"\?/],
    [{ options: { colour: "red" } }, /sse has no option "colour"; known are/],
    [{ options: { heartbeatMs: -1 } }, /sse option heartbeat: "-1" is not a duration from/],
  ])("with a variant of %j is refused in one line", (overrides, message) => {
    const results = resultsFrom(resolveConfig({ transports: ["sse"] }, asFlag, 1));
    Object.assign(results.variants[0] ?? {}, overrides);
    expect(() => restored(results)).toThrow(message);
    expect(() => restored(results)).toThrow(/^variants in results\.json: /);
  });
});
