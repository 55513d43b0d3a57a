import { expect, test } from "vitest";
import { rangeText } from "./measured.ts";
import type { Coefficients } from "./measured.ts";
import { costOf } from "./model.ts";
import type { Amount, CostInputs } from "./model.ts";
import type { WireBytes } from "../../bench/results/wire-parts.ts";

const measured = {
  clients: { low: 50, high: 50 },
  messagesPerSecond: { low: 0, high: 200 },
  payloadBytes: { low: 100, high: 100 },
  pollIntervalMs: null,
};
const nothing = { down: 0, up: 0 };
const nowhere = { messagesPerSecond: null, payloadBytes: null, pollIntervalMs: null };

/** Polls each second: a request of 80 bytes, an answer of 190 and its messages, an empty one of 130. */
const polling: Coefficients = {
  name: "short-polling",
  variant: "short-polling",
  run: null,
  reference: false,
  delivery: "pull",
  pollIntervalMs: 1_000,
  level: "tcp",
  missesBy: 0,
  setUp: { value: { down: 147, up: 73 }, measured },
  messages: {
    value: { message: { down: 4, up: 0 }, answer: { down: 190, up: 80 }, held: [] },
    measured: { ...measured, pollIntervalMs: { low: 1_000, high: 1_000 } },
  },
  idle: {
    value: { pollsPerSecond: 1, emptyPoll: { down: 130, up: 80 }, heartbeats: nothing },
    measured,
  },
  cpu: { value: { serverMs: 0.5, per: "request" }, measured },
  memory: { value: { bytes: 9_000 }, measured: { ...nowhere, clients: { low: 125, high: 1_000 } } },
  staleness: { value: { meanMs: 501 }, measured },
};

const held: Coefficients = {
  ...polling,
  pollIntervalMs: null,
  messages: {
    value: { message: nothing, answer: { down: 194, up: 80 }, held: [] },
    measured,
  },
  idle: {
    value: { pollsPerSecond: 0.04, emptyPoll: { down: 130, up: 80 }, heartbeats: nothing },
    measured,
  },
};

const pushed: Coefficients = {
  ...polling,
  delivery: "push",
  pollIntervalMs: null,
  messages: { value: { message: { down: 2, up: 0 }, answer: nothing, held: [] }, measured },
  idle: {
    value: { pollsPerSecond: 0, emptyPoll: nothing, heartbeats: { down: 0.1, up: 0.3 } },
    measured,
  },
  cpu: { value: { serverMs: 0.02, per: "delivery" }, measured },
};

function inputs(overrides: Partial<CostInputs> = {}): CostInputs {
  return {
    clients: 1_000,
    messagesPerSecond: 20,
    payloadBytes: 100,
    pollIntervalMs: null,
    reconnectsPerDay: 0,
    pricePerGB: 0.09,
    billed: "both",
    ...overrides,
  };
}

function valueOf({ value }: Amount<WireBytes>): WireBytes {
  if (value === null) throw new Error("there is no value");
  return { down: Number(value.down.toFixed(6)), up: Number(value.up.toFixed(6)) };
}

const bytes = (coefficients: Coefficients, overrides: Partial<CostInputs>): WireBytes =>
  valueOf(costOf(coefficients, inputs({ clients: 1, ...overrides })).bytesPerSecond);

test("a client that polls each second gets all messages of that second in one answer", () => {
  // (request + answer)/P + λ·n, with 4 bytes before each payload: 190 + 20·104 down, 80 up.
  expect(bytes(polling, { messagesPerSecond: 20 })).toEqual({ down: 2_270, up: 80 });
});

test("polls that find nothing cost what an empty one does", () => {
  // λ = 0.25: one poll in four finds a message, three don't.
  const down = 0.25 * (190 + 104) + 0.75 * 130;
  expect(bytes(polling, { messagesPerSecond: 0.25 })).toEqual({ down, up: 80 });
  expect(bytes(polling, { messagesPerSecond: 0 })).toEqual({ down: 130, up: 80 });
});

test("another poll interval has other polls, and makes messages wait longer", () => {
  const slower = { pollIntervalMs: 4_000, messagesPerSecond: 1 };
  expect(bytes(polling, slower)).toEqual({ down: 190 / 4 + 104, up: 20 });
  const { meanStalenessMs, bytesPerSecond } = costOf(polling, inputs(slower));
  expect(meanStalenessMs.value).toBe(501 - 500 + 2_000);
  expect(bytesPerSecond.extrapolated).toEqual(["poll interval: 1000 ms measured"]);
  expect(costOf(pushed, inputs(slower)).meanStalenessMs.value).toBe(501);
});

test("each message takes an answer where polls are held, and idle polls come between messages", () => {
  expect(bytes(held, { messagesPerSecond: 20 })).toEqual({ down: 20 * 294, up: 20 * 80 });
  // A hold of 25 s fits four times into 100 s without a message.
  expect(bytes(held, { messagesPerSecond: 0.01 })).toEqual({
    down: Number((0.01 * (294 + 4 * 130)).toFixed(6)),
    up: Number((0.01 * 5 * 80).toFixed(6)),
  });
  expect(bytes(held, { messagesPerSecond: 0 })).toEqual({ down: 5.2, up: 3.2 });
});

test("held polls that found several messages find as many again at that rate", () => {
  const value = {
    message: { down: 4, up: 0 },
    answer: { down: 190, up: 80 },
    held: [
      { messagesPerSecond: 10, perAnswer: 1 },
      { messagesPerSecond: 1_000, perAnswer: 5 },
    ],
  };
  const batched: Coefficients = { ...held, messages: { value, measured } };
  expect(bytes(batched, { messagesPerSecond: 1_000 }).up).toBe(200 * 80);
  expect(bytes(batched, { messagesPerSecond: 2_000 }).up).toBe(400 * 80);
  // Half of the way between 10 and 1 000, on a scale of decades, is 100.
  expect(bytes(batched, { messagesPerSecond: 100 }).up).toBe(Number(((100 / 3) * 80).toFixed(6)));
});

test("heartbeats go on while messages are pushed", () => {
  expect(bytes(pushed, { messagesPerSecond: 20 })).toEqual({ down: 20 * 102 + 0.1, up: 0.3 });
});

test("a month has 30 days, a GB a thousand million bytes, and what isn't billed costs nothing", () => {
  const { bytesPerMonth, pricePerMonth } = costOf(polling, inputs());
  expect(valueOf(bytesPerMonth).down).toBe(2_270 * 1_000 * 2_592_000);
  expect(pricePerMonth.value).toBeCloseTo(2_350 * 2.592 * 0.09, 6);
  const { pricePerMonth: down } = costOf(polling, inputs({ billed: "down" }));
  expect(down.value).toBeCloseTo(2_270 * 2.592 * 0.09, 6);
});

test("who connects again pays the set-up again", () => {
  const often = bytes(polling, { reconnectsPerDay: 86_400 });
  expect(often).toEqual({ down: 2_270 + 147, up: 80 + 73 });
});

test("memory grows with connections, CPU time with requests or deliveries", () => {
  const { serverMemoryBytes, serverCores } = costOf(polling, inputs());
  expect(serverMemoryBytes.value).toBe(9_000_000);
  expect(serverCores.value).toBe((1_000 * 0.5) / 1_000);
  expect(costOf(pushed, inputs()).serverCores.value).toBe((1_000 * 20 * 0.02) / 1_000);
});

test("what lies beyond what was measured says so, for each output by itself", () => {
  const { bytesPerSecond, serverMemoryBytes, pricePerMonth } = costOf(
    polling,
    inputs({ messagesPerSecond: 500, payloadBytes: 99, clients: 2_000 }),
  );
  const expected = ["messages per second: 0–200 measured", "payload: 100 B measured"];
  expect(bytesPerSecond.extrapolated).toEqual(expected);
  expect(pricePerMonth.extrapolated).toEqual(expected);
  expect(serverMemoryBytes.extrapolated).toEqual(["clients: 125–1000 measured"]);
});

test("nothing that was measured is called extrapolated", () => {
  const cost = costOf(polling, inputs({ clients: 50, pollIntervalMs: 1_000 }));
  expect(cost.bytesPerSecond.extrapolated).toEqual([]);
  expect(cost.serverCores.extrapolated).toEqual([]);
});

test("what is missing is named, and never taken for nothing", () => {
  const why = "scenario overhead: not played";
  const bare: Coefficients = {
    ...polling,
    messages: { value: null, why },
    memory: { value: null, why },
    cpu: { value: null, why },
    staleness: { value: null, why },
  };
  for (const amount of Object.values(costOf(bare, inputs()))) {
    expect(amount).toEqual({ value: null, atLeast: false, why, extrapolated: [] });
  }
});

test("without an idle minute bytes are at least those of the messages", () => {
  const why = "cost when idle: one cycle takes 30 s, longer than this run waits";
  const hasty: Coefficients = { ...pushed, idle: { value: null, why } };
  const { bytesPerSecond } = costOf(hasty, inputs({ clients: 1 }));
  expect(bytesPerSecond).toMatchObject({ value: { down: 2_040, up: 0 }, atLeast: true, why });
  const { bytesPerSecond: idle } = costOf(hasty, inputs({ messagesPerSecond: 0 }));
  expect(idle).toMatchObject({ value: null, why });
});

test("polls that all find something need no idle minute", () => {
  const hasty: Coefficients = { ...polling, idle: { value: null, why: "not measured" } };
  expect(costOf(hasty, inputs()).bytesPerSecond).toMatchObject({ atLeast: false, why: null });
  const seldom = costOf(hasty, inputs({ messagesPerSecond: 0.5 })).bytesPerSecond;
  expect(seldom).toMatchObject({ atLeast: true, why: "not measured" });
});

test("ranges are written without needless digits", () => {
  expect(rangeText({ low: 50, high: 50 })).toBe("50");
  expect(rangeText({ low: 0.2, high: 20_000 })).toBe("0.2–20 000");
});
