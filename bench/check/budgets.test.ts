import { describe, expect, it } from "vitest";
import type { ComparedMetric } from "../results/comparison.ts";
import { limitFor, meantBy, parseBudget } from "./budgets.ts";

function planned(name: string, unit: ComparedMetric["unit"]): ComparedMetric {
  const [variant = "", scenario = "", phase = "", metric = ""] = name.split("|");
  const place = { variant, scenario, phase: phase === "" ? null : phase, metric };
  return { ...place, unit, better: "lower", tier: 0 };
}

const all = [
  planned("short-polling@1.5s|latency|steady|p99", "ns"),
  planned("sse:eventsource|overhead|20 msg/s|bytesPerMessage", "bytes"),
  planned("sse|overhead|20 msg/s|bytesPerMessage", "bytes"),
  planned("sse|latency|steady|lastClient.p50", "ns"),
  planned("sse|connections||held", "count"),
  planned("sse|latency|steady|loss", "percent"),
  planned("sse|latency|steady|cpu", "ms"),
  planned("sse|connections||ceiling", "per second"),
];

describe("a budget", () => {
  it.each([
    ["sse.overhead.bytesPerMessage <= 20", 1, 20],
    ["bytesPerMessage<20B", 2, 20],
    ["sse.overhead.20 msg/s.bytesPerMessage <= 1KiB", 1, 1_024],
    ["short-polling@1.5s.latency.p99 <= 50ms", 1, 50e6],
    ["sse.latency.lastClient.p50 <= 100 ms", 1, 1e8],
    ["connections.held >= 2000", 1, 2_000],
    ["loss == 0", 1, 0],
    ["loss <= 0.5%", 1, 0.5],
    ["cpu < 1s", 1, 1_000],
    ["ceiling > 100/s", 1, 100],
  ])("reads %j", (text, count, limit) => {
    const budget = parseBudget(text);
    const meant = meantBy(budget, all);
    expect(meant).toHaveLength(count);
    for (const metric of meant) expect(limitFor(budget, metric)).toBe(limit);
  });

  it.each(["", "loss", "loss = 0", "<= 5", "loss <= ", "loss <= -1", "loss <= x", "loss =< 3"])(
    "refuses %j in one line that shows one",
    (text) => {
      expect(() => parseBudget(text)).toThrow(/^check\.budgets: ".*" is not a limit such as sse/);
    },
  );

  it.each([
    ["sse.overhead.bytesPerMesage <= 20", 'did you mean "sse.overhead.bytesPerMessage"'],
    ["nonsense <= 20", "known are p99, bytesPerMessage, lastClient.p50, held"],
    ["websocket.connections.held >= 5", "there is sse.connections.held"],
    ["p99 <= 50", "has the wrong unit for p99; allowed are ns, us, ms, s"],
    ["held >= 5 ms", "has the wrong unit for held; allowed are no unit"],
    ["bytesPerMessage <= 5 toString", "has the wrong unit"],
  ])("that can't be kept, %j, is told before anything starts", (text, why) => {
    expect(() => meantBy(parseBudget(text), all)).toThrow(why);
  });
});
