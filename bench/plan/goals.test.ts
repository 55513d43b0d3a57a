import { describe, expect, it } from "vitest";
import { resolveConfig } from "../settings/config.ts";
import { asFlag } from "../settings/naming.ts";
import type { Settings } from "../settings/config.ts";
import { BenchError } from "../errors/errors.ts";
import { goalsOf } from "./goals.ts";

async function goals(settings: Settings): Promise<string[]> {
  const given = {
    transports: ["short-polling", "sse"],
    scenarios: ["latency", "echo", "overhead", "connections"],
    seed: 1,
    precision: 5,
    ...settings,
  };
  const found = await goalsOf(resolveConfig(given, asFlag, 0), asFlag);
  return found.map(({ scenario, variant, key }) => `${scenario} ${variant} ${key}`);
}

describe("what a precision aims at", () => {
  it("is the headline figure of each scenario, for every variant", async () => {
    expect(await goals({})).toEqual(
      [
        ["latency", "delivery.p50"],
        ["echo", "delivery.p50"],
        ["overhead", "overhead.at20"],
        ["connections", "held"],
      ].flatMap(([scenario, key]) => [
        `${scenario} short-polling ${key}`,
        `${scenario} sse ${key}`,
      ]),
    );
  });

  it.each([
    ["delivery.p90", ["latency short-polling", "latency sse", "echo short-polling", "echo sse"]],
    ["idle", ["overhead short-polling", "overhead sse"]],
    ["overhead.at7", ["overhead short-polling", "overhead sse"]],
    ["ceiling", ["connections short-polling"]],
  ] as const)("can be %s, wherever it is stated", async (metric, places) => {
    expect(await goals({ metric, rate: 7 })).toEqual(places.map((place) => `${place} ${metric}`));
  });

  it("is nothing without a precision", async () => {
    expect(await goalsOf(resolveConfig({ seed: 1 }, asFlag, 0), asFlag)).toEqual([]);
  });

  it.each([
    [
      { metric: "delivery.p5", scenarios: ["echo"] },
      '--metric: "delivery.p5" is not a figure of this run\'s scenarios; did you mean "delivery.p50"? ' +
        "known are delivery.p50, delivery.p90, delivery.p99, delivery.max, loss, overhead, cpu.server and 1 more",
    ],
    [
      { metric: "held", scenarios: ["echo"] },
      '--metric: "held" is not a figure of this run\'s scenarios; ' +
        "known are delivery.p50, delivery.p90, delivery.p99, delivery.max, loss, overhead, cpu.server and 1 more",
    ],
  ])("can't be %j", async (settings, message) => {
    await expect(goals(settings)).rejects.toThrow(new BenchError("usage", message));
  });

  it("can't be a text", async () => {
    await expect(goals({ metric: "stopped" })).rejects.toThrow(
      /^--metric: "stopped" is a text, which has no interval; known are delivery\.p50, /,
    );
  });
});
