import { describe, expect, it } from "vitest";
import { figureOf, phaseOf, resultsOf, trialOf } from "../../test/results-fixture.ts";
import type { Results, Wire } from "../results/schema.ts";
import type { CountedPhase } from "../../reports/cost/bytes.ts";
import { fullName, cellMetricsOf, namesOf } from "./cell-metrics.ts";

const wire = phaseOf().wire;

function withPhase(
  overrides: Partial<CountedPhase>,
  variant: Partial<Results["variants"][number]> = {},
) {
  const results = resultsOf([trialOf("sse", { phases: [phaseOf(overrides)] })]);
  results.variants = results.variants.map((one) => ({ ...one, ...variant }));
  return Object.fromEntries(
    cellMetricsOf(results).map((metric) => [metric.metric, metric] as const),
  );
}

function wireOf(overrides: Partial<CountedPhase["wire"]>): CountedPhase["wire"] {
  return { ...wire, ...overrides };
}

const setUp = { ...phaseOf().setUp, count: 4 };
const pull = { delivery: "pull" } as const;

describe("measures", () => {
  it("takes what is beyond the payload of each message, and pushes may be compared by it", () => {
    // 11 000 bytes for 40 deliveries of 256.
    const { bytesPerMessage } = withPhase({});
    expect(bytesPerMessage).toMatchObject({ comparable: true, tier: 0, unit: "bytes" });
    expect(bytesPerMessage?.values).toEqual([{ repetition: 1, value: 19 }]);
  });

  it.each([
    ["h2", true],
    ["h2c", true],
    ["deflate", "takeover"],
    ["gzip", true],
    ["br", true],
  ])("tolerates what bytes differ by where %s compresses heads or messages", (layer, value) => {
    const { bytesPerMessage, lost } = withPhase({}, { options: { [layer]: value } });
    expect(bytesPerMessage?.tolerance).toEqual({ absolute: 32, relative: 0.1 });
    expect(lost?.tolerance).toEqual({ absolute: 0, relative: 0 });
  });

  it("tolerates no byte more over TLS alone", () => {
    const { bytesPerMessage } = withPhase({}, { options: { tls: "ec" } });
    expect(bytesPerMessage?.tolerance).toEqual({ absolute: 0.5, relative: 0 });
  });

  it("compares polls by their answers, since the clock decides what each of them finds", () => {
    const found = { answers: 10, requests: 12, bodyBytes: 40 * 260, digitBytes: 50 };
    const metrics = withPhase({ wire: wireOf(found) }, pull);
    expect(metrics["bytesPerMessage"]).toMatchObject({ comparable: false });
    // 11 000 bytes less bodies and digits, and in a body 4 bytes before each payload.
    expect(metrics["bytesPerAnswer"]?.values[0]?.value).toBe(55);
    expect(metrics["framingBytes"]?.values[0]?.value).toBe(4);
    expect(metrics["messagesPerAnswer"]).toMatchObject({ comparable: false });
    expect(metrics["messagesPerAnswer"]?.values[0]?.value).toBe(4);
  });

  it.each([
    [null, 40, true],
    [null, 30, false],
    [1_000, 40, false],
  ])(
    "with polls each %j ms and %d answers, compares requests: %j",
    (pollIntervalMs, answers, is) => {
      const phase = { wire: wireOf({ answers, requests: 44 }) };
      const { requestsPerMessage } = withPhase(phase, { ...pull, pollIntervalMs });
      expect(requestsPerMessage).toMatchObject({ comparable: is });
      expect(requestsPerMessage?.values[0]?.value).toBeCloseTo(1.1);
    },
  );

  it("counts new connections where nobody is to connect, and set-up bytes where somebody is", () => {
    const idle = withPhase({ wire: wireOf({ connections: 3 }) });
    expect(idle["newConnections"]?.values[0]?.value).toBe(3);
    expect(idle["setUpBytes"]).toBeUndefined();
    const parts = { ...phaseOf().wire?.parts, setUp: { down: 600, up: 556 } };
    const connecting = withPhase({ setUp, wire: wireOf({ parts }) });
    expect(connecting["newConnections"]).toBeUndefined();
    expect(connecting["setUpBytes"]?.values[0]?.value).toBe(289);
  });

  it("compares heartbeats by the minute where their cycle was seen, and not where it wasn't", () => {
    const nothingSent = { ...phaseOf().deliveries, intended: 0 };
    const idle = (cycle: Wire["cycle"]) =>
      withPhase({ deliveries: nothingSent, wire: wireOf({ cycle }) })["heartbeatBytes"];
    const bytes = { down: 4, up: 12 };
    expect(idle(null)).toMatchObject({ comparable: true, values: [{ value: 650 }] });
    expect(idle({ cycleMs: 20_000, cycles: 1, bytes })).toMatchObject({
      comparable: true,
      values: [{ value: 48 }],
    });
    expect(idle({ cycleMs: null, cycles: 0, bytes })).toMatchObject({ comparable: false });
  });

  it("counts the canary's set-up with the others'", () => {
    const parts = { ...phaseOf().wire?.parts, setUp: { down: 700, up: 745 } };
    const canary = { expected: 0, arrived: 0, delivery: phaseOf().setUp };
    const metrics = withPhase({ setUp, canary, wire: wireOf({ parts }) });
    expect(metrics["setUpBytes"]?.values[0]?.value).toBe(289);
  });

  it("leaves out what is due to a server's address and its age", () => {
    const none = { down: 0, up: 0 };
    const incidental = { ...phaseOf().wire.incidental, deliveries: { down: 40, up: 0 } };
    const aged = withPhase({ wire: wireOf({ incidental }) });
    const young = withPhase({ wire: wireOf({ incidental: { ...incidental, deliveries: none } }) });
    const bytes = (metrics: typeof aged): number =>
      metrics["bytesPerMessage"]?.values[0]?.value ?? Number.NaN;
    expect(bytes(young) - bytes(aged)).toBe(1);
  });

  it("knows of a server without a relay what arrived, and no bytes", () => {
    const phases = [{ ...phaseOf(), wire: null }];
    const metrics = Object.fromEntries(
      cellMetricsOf(resultsOf([trialOf("sse", { phases })])).map((one) => [one.metric, one]),
    );
    expect(Object.keys(metrics)).toEqual([
      "lost",
      "duplicated",
      "reordered",
      "corrupted",
      "disconnected",
      "loss",
    ]);
  });

  it("leaves out phases that only prepare, and trials that don't count", () => {
    expect(withPhase({ measured: false })).toEqual({});
    const invalid = trialOf("sse", { outcome: { status: "invalid" }, phases: [phaseOf()] });
    expect(cellMetricsOf(resultsOf([invalid]))).toEqual([]);
  });

  it("calls the figures that gate by short names, and all others by their keys, for budgets", () => {
    const figures = [
      figureOf("delivery.p50", 2e6, { unit: "ns", phase: "steady" }),
      figureOf("lastClient.p50", 3e6, { unit: "ns", phase: "steady" }),
      figureOf("stopped", "EMFILE", { unit: "text" }),
      figureOf("loss", 0, { unit: "percent" }),
    ];
    const metrics = cellMetricsOf(resultsOf([trialOf("sse", { figures })]));
    expect(metrics.map(({ metric, tier, comparable }) => [metric, tier, comparable])).toEqual([
      ["p50", 1, true],
      ["lastClient.p50", 1, false],
    ]);
  });

  it("takes from a search what it has found, since its phases depend on that", () => {
    const parts = { ...phaseOf().wire?.parts, setUp: { down: 600, up: 556 } };
    const phases = [
      phaseOf({ name: "ramp to 4", setUp, wire: wireOf({ parts }) }),
      phaseOf({ name: "broadcast to 4" }),
    ];
    const figures = [figureOf("held", 4, { unit: "count", bound: "at least", better: "higher" })];
    const metrics = cellMetricsOf(resultsOf([trialOf("sse", { phases, figures })]));
    expect(metrics.map(({ metric, phase, most }) => [metric, phase, most])).toEqual([
      ["setUpBytes", null, null],
      ["held", null, Number.POSITIVE_INFINITY],
    ]);
  });

  it.each(["push", "pull"] as const)("compares memory where nothing polls: %s", (delivery) => {
    const results = resultsOf([trialOf("sse", { figures: [figureOf("memory", 8_000)] })]);
    results.variants = results.variants.map((one) => Object.assign(one, { delivery }));
    expect(cellMetricsOf(results)).toMatchObject([{ comparable: delivery === "push" }]);
  });

  it("goes by eight names, of which the first is no other's", () => {
    const place = { variant: "sse", scenario: "overhead", phase: "20 msg/s", metric: "lost" };
    expect(fullName(place)).toBe("sse.overhead.20 msg/s.lost");
    expect(namesOf(place)).toHaveLength(8);
    expect(namesOf(place)).toContain("sse.overhead.lost");
    expect(namesOf(place)).toContain("lost");
    expect(namesOf({ ...place, phase: null })).toHaveLength(4);
  });
});
