import { describe, expect, it } from "vitest";
import { nothingMeasured } from "../bench/measure/measured.ts";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { endpoint } from "./endpoint.ts";
import type { EndpointMeasured, Times } from "./scenario.ts";

function times(medianMs: number, longestMs: number, count = 100): Times {
  return {
    count,
    medianNs: medianMs * 1e6,
    longestNs: longestMs * 1e6,
    at: (q) => (count >= 1_000 ? q * longestMs * 1e6 : null),
  };
}

const asked: EndpointMeasured = {
  requests: 12,
  unsent: 0,
  whole: 10,
  failed: { cut: 1, "status 429": 1 },
  said: { cut: "the server ended the connection", "status 429": "slow down" },
  tokens: 640,
  asides: { finish: 20 },
  bytes: { down: 76_800, up: 2_850 },
  connections: 5,
  wait: null,
  firstByte: times(200, 240),
  firstToken: times(210, 260),
  firstTokenDue: null,
  answer: times(510, 600),
  gaps: times(5, 300, 2_000),
  stalls: 4,
  pace: times(4, 6),
  reads: 480,
  mostInRead: 8,
  groups: [],
  fields: {},
};

const arrivals: EndpointMeasured = {
  ...asked,
  unsent: 3,
  wait: times(0.1, 900),
  firstTokenDue: times(212, 1_100),
};

async function play(inTurns: EndpointMeasured | null): Promise<ScriptedStage> {
  const stage = new ScriptedStage({
    workload: { clients: 4, ratePerSecond: 2, durationMs: 3_000 },
    measured: (name, clients) => ({
      ...nothingMeasured(name, clients),
      endpoint: name === "arrivals" ? arrivals : inTurns,
    }),
  });
  await endpoint.play(stage);
  return stage;
}

describe("the scenario endpoint", () => {
  it("asks by so many clients in turns, and then at a rate", async () => {
    expect((await play(asked)).calls).toEqual([
      "phase at a time",
      "  ask by 4 in turns for 3000 ms",
      "phase arrivals",
      "  ask by 4 2/s for 3000 ms",
    ]);
  });

  it("states what the answers were like", async () => {
    const stage = await play(asked);
    const values = Object.fromEntries(stage.figures.map(({ key, value }) => [key, value]));
    expect(values).toMatchObject({
      "ttfb.p50": 200e6,
      "ttft.p50": 210e6,
      "ttft.p99": null,
      "gap.p50": 5e6,
      "gap.p99": 297e6,
      stall: 300e6,
      over250: 0.2,
      pace: 250,
      burst: 25,
      "burst.max": 8,
      "bytes.token": 120,
      "bytes.request": 285,
      whole: 10,
      failed: 2,
      failures: "cut (1), status 429 (1)",
      buffer: "none seen",
      "wait.max": 900e6,
      "due.p50": 212e6,
      unsent: 3,
      "rate.ttft.p50": 210e6,
    });
    expect(stage.stated("failures")?.note).toBe(
      "cut: the server ended the connection; status 429: slow down",
    );
  });

  it("calls nothing late, and no time a latency", async () => {
    const { figures } = await play(asked);
    expect(JSON.stringify([figures, endpoint.summary])).not.toMatch(/laten|lateness/i);
  });

  it("ends where no answer comes whole, with what the server said", async () => {
    const said = { "status 401": "wrong key" };
    const nothing = { ...asked, requests: 5, whole: 0, failed: { "status 401": 5 }, said };
    await expect(play(nothing)).rejects.toThrow(
      "no answer came whole: status 401 (5); status 401: wrong key",
    );
  });

  it("has figures without values where nothing was asked", async () => {
    const stage = await play(null);
    expect(stage.value("ttft.p50")).toBeNull();
    expect(stage.value("bytes.token")).toBeNull();
  });
});
