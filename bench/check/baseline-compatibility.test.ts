import { describe, expect, it } from "vitest";
import { resolveConfig } from "../settings/config.ts";
import type { Config, Settings } from "../settings/config.ts";
import { asFlag } from "../settings/naming.ts";
import { baselineHead } from "./baseline.ts";
import type { Baseline } from "./baseline.ts";
import { scenariosOf, whyNotMergeable, whyStale } from "./baseline-compatibility.ts";

function configWith(settings: Settings): Config {
  return resolveConfig({ transports: ["sse"], scenarios: ["latency"], ...settings }, asFlag, 1);
}

function baselineOf(config: Config): Baseline {
  const counted = { sse: { latency: {} }, websocket: { latency: {} } };
  const scenarios = scenariosOf(config);
  return { ...baselineHead, node: 20, server: "built-in", scenarios, counted };
}

const plain: Settings = {};
const ticks: Settings = { payloadKind: "json-tick" };

describe("a baseline made with other messages", () => {
  it.each([
    [plain, ticks, /^b was made with another payloadKind for latency, which is now json-tick/],
    [ticks, plain, /^b was made with another payloadKind for latency, which is now the default/],
    [ticks, { ...ticks, encoding: "msgpack" as const }, /another encoding .* is now msgpack/],
    [ticks, { ...ticks, payload: 300 }, /another payloadBytes for latency, which is now 300/],
  ])("of %o says so to a run of %o", (then, now, why) => {
    expect(whyStale(baselineOf(configWith(then)), configWith(now), "b", true)).toMatch(why);
    expect(whyNotMergeable(baselineOf(configWith(then)), configWith(now), 20)).toMatch(
      /^websocket\.latency was measured with payload\w+|encoding/,
    );
  });

  it.each([plain, ticks])("is compared with a run of the same ones: %o", (settings) => {
    const config = configWith(settings);
    expect(whyStale(baselineOf(config), config, "b", true)).toBeNull();
    expect(whyNotMergeable(baselineOf(config), config, 20)).toBeNull();
  });
});
