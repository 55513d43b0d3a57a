import { describe, expect, test } from "vitest";
import type { Results, Trial, Wire } from "../../bench/results/schema.ts";
import {
  clients,
  latencyTrial,
  longPolling,
  overheadResults,
  payloadBytes,
  resultsWith,
  shortPolling,
  websocket,
} from "../../test/cost-fixture.ts";
import { figureOf, trialOf, wireOf } from "../../test/results-fixture.ts";
import { onlyRun } from "../run.ts";
import { coefficientsOf } from "./coefficients.ts";
import type { Coefficients } from "./measured.ts";
import { costOf } from "./model.ts";

function one(results: Results): Coefficients {
  const [coefficients] = coefficientsOf(onlyRun(results));
  if (coefficients === undefined) throw new Error("there is no variant");
  return coefficients;
}

function changed(results: Results, change: (trial: Trial) => Partial<Trial>): Results {
  const { trials } = results;
  return { ...results, trials: trials.map((trial) => Object.assign({}, trial, change(trial))) };
}

describe("bytes", () => {
  test("a frame, heartbeats and a handshake are what they are made of", () => {
    const { messages, idle, setUp, level } = one(overheadResults([websocket]));
    expect(level).toBe("tcp");
    expect(messages.value).toEqual({
      message: { down: 2, up: 0 },
      answer: { down: 0, up: 0 },
      held: [],
    });
    expect(idle.value?.heartbeats).toEqual({ down: 0.2, up: 0.6 });
    expect(setUp.value).toEqual({ down: 132, up: 160 });
  });

  test("an answer's head and what stands before each of its messages are told apart", () => {
    const { messages, idle } = one(overheadResults([shortPolling]));
    expect(messages.value?.answer.down).toBeCloseTo(190, 6);
    expect(messages.value?.answer.up).toBeCloseTo(80, 6);
    expect(messages.value?.message.down).toBeCloseTo(4, 6);
    expect(idle.value).toMatchObject({ pollsPerSecond: 1, emptyPoll: { down: 130, up: 80 } });
  });

  test("where each message is an answer of its own, all of it is the answer's", () => {
    const { messages, idle } = one(overheadResults([longPolling]));
    expect(messages.value?.answer.down).toBeCloseTo(194, 6);
    expect(messages.value?.message).toEqual({ down: 0, up: 0 });
    expect(messages.value?.held.map(({ perAnswer }) => perAnswer)).toEqual([1, 1, 1]);
    expect(idle.value?.pollsPerSecond).toBeCloseTo(0.2, 9);
  });

  test.each([websocket, shortPolling, longPolling])(
    "the model gives for $name at each measured rate what was measured",
    (variant) => {
      const results = overheadResults([variant], [0.5, 2, 20, 200]);
      const coefficients = one(results);
      const phases = results.trials[0]?.phases.filter(({ rate }) => rate !== null) ?? [];
      expect(phases).toHaveLength(4);
      for (const phase of phases) {
        const { bytesPerSecond } = costOf(coefficients, {
          clients,
          messagesPerSecond: phase.rate?.intended ?? Number.NaN,
          payloadBytes,
          pollIntervalMs: null,
          reconnectsPerDay: 0,
          pricePerGB: 0,
          billed: "both",
        });
        // Of the model, less the heartbeats, of which these phases have none.
        const beats = coefficients.idle.value?.heartbeats ?? { down: 0, up: 0 };
        const seconds = phase.durationMs / 1_000;
        const down = (bytesPerSecond.value?.down ?? 0) - clients * beats.down;
        const up = (bytesPerSecond.value?.up ?? 0) - clients * beats.up;
        // A poll that is held for 5 s has nothing empty at these rates.
        expect(down).toBeCloseTo(wireOf(phase).total.down / seconds, 5);
        expect(up).toBeCloseTo(wireOf(phase).total.up / seconds, 5);
        expect(bytesPerSecond.extrapolated).toEqual([]);
      }
    },
  );

  test("the model says by how much it misses what was measured", () => {
    expect(one(overheadResults([shortPolling])).missesBy).toBeCloseTo(0, 9);
    // 0.8 bytes of heartbeats a second, of which phases of 204 have none.
    expect(one(overheadResults([websocket])).missesBy).toBeCloseTo(0.8 / 204, 9);
  });

  test("with a network of its own they are those of IP", () => {
    const results = overheadResults([shortPolling, websocket]);
    const double = ({ down, up }: Wire["total"]) => ({
      down: 2 * down,
      up: 2 * up + down,
    });
    const onLink = changed(results, ({ phases }) => ({
      phases: phases.map((phase) => ({
        ...phase,
        wire: {
          ...wireOf(phase),
          link: {
            ipBytes: double(wireOf(phase).total),
            segments: { down: 0, up: 0 },
            acknowledgements: { down: 0, up: 0 },
            retransmitted: { down: 0, up: 0 },
          },
        },
      })),
    }));
    const [polled, pushed] = coefficientsOf(onlyRun(onLink));
    expect(polled?.level).toBe("ip");
    expect(polled?.idle.value?.emptyPoll).toEqual({ down: 260, up: 290 });
    // Payloads are in what was doubled: 2·104 down for each message, less the payload itself.
    expect(polled?.messages.value?.message.down).toBeCloseTo(2 * 104 - 100, 6);
    expect(polled?.messages.value?.message.up).toBeCloseTo(104, 6);
    expect(polled?.messages.value?.answer.up).toBeCloseTo(160 + 190, 6);
    expect(pushed?.idle.value?.heartbeats.up).toBeCloseTo(1.4, 9);
  });

  test("they carry where they were measured, from idle on", () => {
    const { messages } = one(overheadResults([shortPolling]));
    expect(messages).toMatchObject({
      measured: {
        clients: { low: 10, high: 10 },
        messagesPerSecond: { low: 0, high: 200 },
        payloadBytes: { low: 100, high: 100 },
        pollIntervalMs: { low: 1_000, high: 1_000 },
      },
    });
  });

  test("an idle minute that was not waited for is missing, with its reason", () => {
    const results = overheadResults([websocket]);
    const note = "one cycle takes 30 s, longer than this run waits";
    const hasty = changed(results, ({ figures }) => ({
      figures: figures.map((figure) =>
        figure.key === "idle" ? figureOf("idle", null, { note }) : figure,
      ),
    }));
    const { idle, messages } = one(hasty);
    expect(idle).toEqual({ value: null, why: `cost when idle: ${note}` });
    expect(messages).toMatchObject({ measured: { messagesPerSecond: { low: 2, high: 200 } } });
  });

  test("of invalid trials nothing is taken", () => {
    const results = overheadResults([websocket]);
    const invalid = changed(results, () => ({ outcome: { status: "invalid" } }));
    expect(one(invalid).messages).toEqual({
      value: null,
      why: "scenario overhead: no valid trial: invalid",
    });
  });
});

describe("CPU time and staleness", () => {
  test("are for each delivery where messages are pushed, for each request where they are polled", () => {
    const variants = [websocket, shortPolling];
    const results = resultsWith(variants, "latency", [
      latencyTrial(websocket, 2, 40),
      latencyTrial(websocket, 4, 40),
      latencyTrial(websocket, 3, 60),
      latencyTrial(shortPolling, 500, 100),
    ]);
    const [pushed, polled] = coefficientsOf(onlyRun(results));
    expect(pushed?.cpu.value).toEqual({ serverMs: 0.04, per: "delivery" });
    expect(pushed?.staleness.value).toEqual({ meanMs: 3 });
    expect(polled?.cpu.value).toEqual({ serverMs: 0.2, per: "request" });
    expect(pushed?.cpu).toMatchObject({
      measured: { clients: { low: 50, high: 50 }, messagesPerSecond: { low: 20, high: 20 } },
    });
  });

  test("come from no scenario in which clients send, too", () => {
    const trial = latencyTrial(websocket, 2, 40);
    const echoing = trial.phases.map((phase) => ({
      ...phase,
      wire: { ...wireOf(phase), parts: { ...wireOf(phase).parts, upstream: { down: 0, up: 1 } } },
    }));
    const results = resultsWith([websocket], "echo", [
      { ...trial, scenario: "echo", phases: echoing },
    ]);
    const why = "no scenario that was played measures it";
    expect(one(results).cpu).toEqual({ value: null, why });
    expect(one(results).staleness).toEqual({ value: null, why });
  });
});

describe("memory", () => {
  const trialWith = (memory: number | null, note = "") =>
    trialOf("websocket", {
      scenario: "connections",
      figures: [
        figureOf("memory", memory, memory === null ? { note } : {}),
        figureOf("memory.at125", 90),
        figureOf("memory.at1000", 100),
        figureOf("memory.at2000", null),
      ],
    });
  const resultsOfAll = (...trials: readonly ReturnType<typeof trialOf>[]) =>
    one(resultsWith([websocket], "connections", trials)).memory;

  test("is the median slope, over the numbers of clients that were held", () => {
    expect(resultsOfAll(trialWith(8_000), trialWith(9_000))).toMatchObject({
      value: { bytes: 8_500 },
      measured: { clients: { low: 125, high: 1_000 }, messagesPerSecond: null },
    });
  });

  test("is missing where a trial has none, and where it is noise", () => {
    const note = "needs a search over 500 clients: below, it is noise";
    expect(resultsOfAll(trialWith(8_000), trialWith(null, note))).toEqual({
      value: null,
      why: note,
    });
    expect(resultsOfAll(trialWith(-10))).toEqual({
      value: null,
      why: "memory did not grow with the number of clients",
    });
  });
});

test("coefficients are plain data", () => {
  const all = coefficientsOf(onlyRun(overheadResults([websocket, shortPolling, longPolling])));
  expect(JSON.parse(JSON.stringify(all))).toEqual(all);
});

test("each run has coefficients of its own", () => {
  const results = overheadResults([websocket]);
  const runs = ["before", "after"].map((label) => ({ label, results }));
  expect(coefficientsOf(runs).map(({ name }) => name)).toEqual([
    "websocket, before",
    "websocket, after",
  ]);
});
