import { describe, expect, it } from "vitest";
import type { Trial } from "../../bench/results/schema.ts";
import { deliveredTrial, invalidated } from "../../test/latency-fixture.ts";
import { resultsOf } from "../../test/results-fixture.ts";
import type { Chart } from "./chart.ts";
import { cpu } from "./cpu.ts";
import { sourcesOf } from "./source.ts";

function drawn(...trials: Trial[]): Chart | null {
  const [source] = sourcesOf([{ label: null, results: resultsOf(trials) }]);
  return source === undefined ? null : cpu(source);
}

const trials = (variant: string, server: readonly number[], client: number | null): Trial[] =>
  server.map((ms, index) =>
    deliveredTrial(
      variant,
      { figures: { "cpu.server": ms, "cpu.client": client } },
      { repetition: index + 1 },
    ),
  );

describe("the chart of CPU time", () => {
  it("has a bar of the server and one of the client side for each variant", () => {
    const chart = drawn(
      ...trials("sse", [30, 31, 32], 20),
      ...trials("websocket", [90, 91, 92], 40),
    );
    expect(chart?.along.names).toEqual(["sse", "websocket"]);
    expect(
      chart?.series.map(({ name, points }) => [name, points.map(({ value }) => value)]),
    ).toEqual([
      ["server", [31, 91]],
      ["client side", [20, 40]],
    ]);
    expect(chart?.series[0]?.points[0]).toMatchObject({
      interval: { low: 30, high: 32 },
      detail: "30.0–32.0 ms, 75 % confidence, 3 trials",
    });
    expect(chart?.series[1]?.points[0]?.detail).toBe(
      "±0 ms in the digits shown, 75 % confidence, 3 trials",
    );
    expect(chart?.title).toBe(
      "CPU time of the server for 1 000 deliveries is 31.0 ms with sse and 91.0 with websocket",
    );
  });

  it("claims no order where intervals overlap", () => {
    const chart = drawn(
      ...trials("sse", [30, 40, 50], 20),
      ...trials("websocket", [35, 45, 55], 40),
    );
    expect(chart?.title).toBe("Server CPU: sse (40.0 ms) and websocket (45.0) can't be told apart");
  });

  it("says which side is missing, and why", () => {
    const chart = drawn(...trials("sse", [30], null));
    expect(chart?.series.map(({ name }) => name)).toEqual(["server"]);
    expect(chart?.notes).toEqual([
      "CPU time excludes waiting for due times.",
      "No client side time: 0 of 1 valid trials have it.",
    ]);
  });

  it("isn't there where nothing is valid, or no CPU time is stated", () => {
    expect(drawn(...invalidated(trials("sse", [30], 20)))).toBeNull();
    expect(drawn(deliveredTrial("sse", {}))).toBeNull();
  });
});
