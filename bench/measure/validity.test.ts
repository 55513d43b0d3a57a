import { describe, expect, it } from "vitest";
import { recordedTokens } from "../../test/measured-tokens-fixture.ts";
import { phaseOf, resourcesOf, wireOf } from "../../test/results-fixture.ts";
import type { Phase } from "../results/schema.ts";
import { noEnds } from "./connection-ends.ts";
import { histogramOf } from "./histogram.ts";
import { attemptWarnings, clockWarnings, warningsOf } from "./validity.ts";
import type { Observed } from "./validity.ts";

const usual: Observed = { ends: noEnds, timed: true, delivery: "push", pollIntervalMs: 0 };

function codesOf(phase: Phase, observed: Partial<Observed> = {}): string[] {
  return warningsOf(phase, { ...usual, ...observed }).map(({ code }) => code);
}

function deliveriesWith(overrides: Partial<Phase["deliveries"]>): Phase {
  return phaseOf({ deliveries: { ...phaseOf().deliveries, ...overrides } });
}

function latencyWith(overrides: Partial<Phase["latency"]>): Phase {
  return phaseOf({ latency: { ...phaseOf().latency, ...overrides } });
}

function times(count: number, durationNs: number): number[] {
  return Array.from({ length: count }, () => durationNs);
}

const ledger = {
  received: 38,
  replayed: 0,
  inFlight: 1,
  missed: 1,
  overrun: 0,
  unaccounted: 0,
  doubled: 0,
  reordered: 0,
};

describe("a phase in which the network misbehaves", () => {
  it("has no warning of losses that its ledger accounts for, of ends that were asked for and of delays", () => {
    const phase = phaseOf({
      disconnected: 2,
      ledger,
      deliveries: { ...phaseOf().deliveries, lost: 2 },
      backlog: { messages: 20, sendingMs: 2_000, receiveQueueBytes: 0 },
    });
    const ends = { ...noEnds, disconnected: 2, reconnected: 3 };
    expect(codesOf(phase, { ends })).toEqual([]);
    const { ledger: _none, ...others } = phase;
    expect(codesOf(others, { ends })).toEqual(["lost", "disconnected", "reconnected", "backlog"]);
  });

  it("has one of losses that it doesn't account for, and of what the machine did", () => {
    const unaccounted = { ...ledger, missed: 0, unaccounted: 1 };
    expect(codesOf(phaseOf({ ledger: unaccounted }))).toEqual(["lost"]);
    const stopped = { process: "network", longestMs: 100, stoppedMs: 100 };
    expect(codesOf(phaseOf({ ledger, standStills: [stopped] }))).toEqual(["stood-still"]);
  });
});

describe("a phase with tokens", () => {
  const tokens = recordedTokens(2_000);

  it.each([
    [9.9, []],
    [10.1, ["late-publisher"]],
  ])("bears that they wait while those of others are sent: %d ms", (lateMs, codes) => {
    const lateness = histogramOf(times(2_000, lateMs * 1e6));
    const delivery = histogramOf(times(2_000, 12e6));
    expect(codesOf({ ...latencyWith({ lateness, delivery }), tokens })).toEqual(codes);
  });
});

describe("a phase with clients in rooms", () => {
  const late = latencyWith({
    lateness: histogramOf(times(2_000, 20e6)),
    delivery: histogramOf(times(2_000, 40e6)),
  });
  const busy = { process: "server", longestMs: 80, stoppedMs: 10 };
  const rooms: Phase["rooms"] = { sizes: [], inFlight: 0 };

  it("isn't doubted since the messages to one room wait for those to another", () => {
    const phase = { ...late, standStills: [busy] };
    expect(codesOf(phase)).toEqual(["stood-still", "late-publisher"]);
    expect(codesOf({ ...phase, rooms })).toEqual([]);
    const stopped = { ...busy, stoppedMs: 70 };
    expect(codesOf({ ...phase, rooms, standStills: [stopped] })).toEqual(["stood-still"]);
  });
});

describe("a phase that tries what may be too much", () => {
  it("has no warning of what that leads to, but of what the machine did besides", () => {
    const lost = deliveriesWith({ lost: 5, reordered: 3 });
    const queued = { messages: 20, sendingMs: 2_000, receiveQueueBytes: 0 };
    const tooMuch = { ...lost, backlog: queued };
    expect(codesOf(tooMuch)).toEqual(["lost", "reordered", "backlog"]);
    expect(attemptWarnings(tooMuch, usual)).toEqual([]);
    const skewed = latencyWith({ transit: { ...phaseOf().latency.transit, negative: 2 } });
    expect(attemptWarnings(skewed, usual).map(({ code }) => code)).toEqual(["clock"]);
  });
});

describe("a phase over a packet network", () => {
  const asked = {
    delayMs: 85,
    jitterMs: 0,
    lossShare: 0,
    reorderShare: 0,
    bitsPerSecond: null,
    queueBytes: 1_000,
    outages: null,
  };
  const done = {
    packets: 100,
    bytes: 9_000,
    forwarded: 98,
    lost: 2,
    overflowed: 0,
    reordered: 0,
    meanDelayMs: 85,
    longestDelayMs: 90,
    longestQueueBytes: 0,
    meanLateMs: 0.1,
    longestLateMs: 5,
    unread: 0,
    retransmitted: 2,
    fastRetransmitted: 1,
    timeouts: 0,
    lossProbes: 1,
    lostRetransmissions: 0,
  };
  const over = (
    up: Partial<typeof done> = {},
    overrides: Parameters<typeof phaseOf>[0] = {},
  ): Phase =>
    phaseOf({
      network: {
        name: "4g",
        down: { asked, done },
        up: { asked, done: { ...done, ...up } },
        cpuMs: 5,
      },
      ...overrides,
    });

  it("has no warning of what is on its way when sending ends, but of what is lost", () => {
    const backlog = { messages: 20, sendingMs: 2_000, receiveQueueBytes: 10_000 };
    expect(codesOf(over({}, { backlog }))).toEqual([]);
    const deliveries = { ...phaseOf().deliveries, lost: 1 };
    expect(codesOf(over({}, { deliveries }))).toEqual(["lost"]);
  });

  it("has one of packets that the network lost or held back unasked", () => {
    expect(codesOf(over({ unread: 1 }, {}), { timed: false })).toEqual(["network-behind"]);
    expect(codesOf(over({ longestLateMs: 46 }))).toEqual(["network-behind"]);
    expect(codesOf(over({ longestLateMs: 46 }), { timed: false })).toEqual([]);
    expect(codesOf(over({ longestLateMs: 46 }, { ledger }))).toEqual(["network-behind"]);
  });
});

describe("a phase over a relay", () => {
  const asked = {
    delayMs: 85,
    jitterMs: 0,
    bitsPerSecond: null,
    outages: null,
    hold: null,
    sliceBytes: null,
    idleTimeoutMs: null,
  };
  const done = {
    bytes: 9_000,
    pieces: 100,
    meanDelayMs: 86,
    longestDelayMs: 90,
    meanLateMs: 1,
    longestLateMs: 5,
  };
  const over = (longestLateMs: number, overrides: Parameters<typeof phaseOf>[0] = {}): Phase => {
    const late = { asked, done: { ...done, longestLateMs } };
    const relay = { name: "relay:4g", notPlayed: [], down: { asked, done }, up: late };
    return phaseOf({ relay, ...overrides });
  };

  it("has no warning of what is on its way when sending ends", () => {
    const backlog = { messages: 20, sendingMs: 2_000, receiveQueueBytes: 10_000 };
    expect(codesOf(over(5, { backlog }))).toEqual([]);
  });

  it("has one of what the relay passed on late", () => {
    expect(codesOf(over(46))).toEqual(["network-behind"]);
    expect(codesOf(over(46), { timed: false })).toEqual([]);
    expect(codesOf(over(46, { ledger }))).toEqual(["network-behind"]);
  });
});

describe("a phase with intruders", () => {
  const trying = (endings: Record<string, number>): Phase =>
    phaseOf({
      intruders: [{ kind: "no-token", attempts: 5, endings, longestMs: 1, mostBytes: 200 }],
    });

  it("has a warning of those that weren't refused, however they were otherwise", () => {
    expect(codesOf(trying({ 401: 4, reset: 1 }))).toEqual([]);
    expect(codesOf(trying({ 401: 2, "not refused": 3 }))).toEqual(["not-refused"]);
    const [warning] = warningsOf(trying({ "not refused": 3 }), usual);
    expect(warning?.detail).toBe("no-token: 3 of 5 attempts");
  });
});

describe("a warning about a phase", () => {
  it("is not raised when all went well", () => {
    expect(warningsOf(phaseOf(), usual)).toEqual([]);
  });

  it.each(["lost", "duplicated", "reordered", "corrupted"] as const)(
    "is a single message that is %s",
    (code) => {
      const phase = deliveriesWith({ [code]: 1 });
      const detail = "1 of 40 deliveries";
      expect(warningsOf(phase, usual)).toEqual([{ code, phase: "steady", detail }]);
      // Also where time doesn't matter.
      expect(codesOf(phase, { timed: false })).toEqual([code]);
    },
  );

  it("is a delay beyond the histogram's range", () => {
    const delivery = { ...phaseOf().latency.delivery, clamped: 1 };
    expect(codesOf(latencyWith({ delivery }))).toEqual(["clamped"]);
  });

  it("is a message that seems to have arrived before it was sent", () => {
    const transit = { ...phaseOf().latency.transit, negative: 1 };
    expect(codesOf(latencyWith({ transit }))).toEqual(["clock"]);
  });

  it("is a client that lost its connection, with the reason", () => {
    const ends = { ...noEnds, disconnected: 1, lastEnding: 'closed with 1008 "bad token"' };
    const detail = '1 of 2 clients: closed with 1008 "bad token"';
    expect(warningsOf(phaseOf({ disconnected: 1 }), { ...usual, ends })).toEqual([
      { code: "disconnected", phase: "steady", detail },
    ]);
  });

  it.each([
    [0, "12 new connections"],
    [3, "12 new connections, 3 for requests that were sent again"],
  ])(
    "is a connection in the place of another, %i for a request that met its end",
    (again, detail) => {
      const ends = { ...noEnds, reconnected: 12, retried: again };
      expect(warningsOf(phaseOf(), { ...usual, ends })).toEqual([
        { code: "reconnected", phase: "steady", detail },
      ]);
    },
  );

  it.each([
    [19.7, ["slow-rate"]],
    [19.8, []],
    [20, []],
  ])("is the rate when 20/s were asked for and %d/s were sent: %j", (achieved, codes) => {
    expect(codesOf(phaseOf({ rate: { intended: 20, achieved } }))).toEqual(codes);
  });

  it("is not the rate when nothing was to be sent", () => {
    expect(codesOf(phaseOf({ rate: null }))).toEqual([]);
  });

  it.each([
    ["0.99 ms, far above a tenth of the delivery", 0.99, 1, []],
    ["1.01 ms, far above a tenth of the delivery", 1.01, 1, ["late-publisher"]],
    ["1.01 ms, just above a tenth of the delivery", 1.01, 10, ["late-publisher"]],
    ["1.01 ms, just below a tenth of the delivery", 1.01, 10.2, []],
    ["50 ms, below a tenth of the delivery", 50, 510, []],
    ["50 ms, above a tenth of the delivery", 50, 490, ["late-publisher"]],
  ])("is lateness of %s", (_name, lateMs, deliveryMs, codes) => {
    const lateness = histogramOf(times(1_000, lateMs * 1e6));
    const delivery = histogramOf(times(2_000, deliveryMs * 1e6));
    expect(codesOf(latencyWith({ lateness, delivery }))).toEqual(codes);
  });

  it.each([
    // Of 1 000 messages the 99th percentile counts, of 100 the 90th, of fewer the median.
    [1_000, 10, []],
    [1_000, 11, ["late-publisher"]],
    [999, 99, []],
    [999, 100, ["late-publisher"]],
    [100, 10, []],
    [100, 11, ["late-publisher"]],
    [99, 49, []],
    [99, 50, ["late-publisher"]],
  ])("with %d messages, of which %d were late, is %j", (messages, late, codes) => {
    const lateness = histogramOf([...times(messages - late, 0), ...times(late, 5e6)]);
    expect(codesOf(latencyWith({ lateness }))).toEqual(codes);
  });

  it.each([
    [0.7, 0, 0, []],
    [0.71, 0, 0, ["load-saturated"]],
    [0, 900, 0, []],
    [0, 901, 0, ["load-saturated"]],
    // A busy-wait is not work.
    [0, 990, 100, []],
    [0.71, 901, 0, ["load-saturated"]],
  ])(
    "of a load process that is %d busy in some second, with %d ms CPU, %d of them busy-waiting: %j",
    (busiestSecond, cpuMs, turningMs, codes) => {
      const load = resourcesOf({ process: "load", busiestSecond, cpuMs, turningMs });
      expect(codesOf(phaseOf({ resources: [resourcesOf(), load] }))).toEqual(codes);
    },
  );

  it.each([
    [900, 0, []],
    [901, 0, ["server-saturated"]],
    [990, 100, []],
  ])(
    "of a server with %d ms CPU, %d of them busy-waiting, in a second: %j",
    (cpuMs, turningMs, codes) => {
      // A server may well be busy: that is what is measured.
      const server = resourcesOf({ utilisation: 1, cpuMs, busiestThreadMs: cpuMs, turningMs });
      expect(codesOf(phaseOf({ resources: [server] }))).toEqual(codes);
    },
  );

  it("names every load process that was busy", () => {
    const busy = resourcesOf({ process: "load", busiestSecond: 0.8, cpuMs: 850 });
    const detail = "event loop 80 % in its busiest second, 85 % of a core";
    expect(warningsOf(phaseOf({ resources: [busy, busy] }), usual)).toEqual([
      { code: "load-saturated", phase: "steady", detail },
      { code: "load-saturated", phase: "steady", detail },
    ]);
  });

  it.each([
    [0.01, 0, []],
    [0.011, 0, ["steal"]],
    [0, 0.2, ["throttled"]],
    [null, null, []],
  ])("of a host that took the share %j and %j ms: %j", (stealShare, throttledMs, codes) => {
    const server = resourcesOf({ stealShare, throttledMs });
    // Both processes of one host see the same, and it is named once.
    const load = { ...server, process: "load" } as const;
    expect(codesOf(phaseOf({ resources: [server, load] }))).toEqual(codes);
  });

  describe("as to whether it was steady", () => {
    /** Twenty slices of which the mean goes from `fromMs` to `toMs`, up and down a little on the way. */
    const going = (fromMs: number, toMs: number): Phase =>
      phaseOf({
        timeline: {
          sliceMs: 100,
          slices: Array.from({ length: 20 }, (_, index) => {
            const ms = fromMs + ((toMs - fromMs) * index) / 19 + (index % 2) * 0.01;
            return { count: 10, meanNs: ms * 1e6, maxNs: ms * 2e6 };
          }),
        },
      });

    it.each([
      ["steady", 1, 1, []],
      ["a little slower, by less than half", 1, 1.5, []],
      ["slower by more than half", 1, 2, ["rising"]],
      ["faster by more than half", 2, 1, ["not-steady"]],
      ["twice as slow, but by little in all", 0.1, 0.3, []],
    ])("%s, from %d to %d ms: %j", (_name, fromMs, toMs, codes) => {
      expect(codesOf(going(fromMs, toMs))).toEqual(codes);
    });

    it("tells by how much", () => {
      const [warning] = warningsOf(going(1, 2), usual);
      expect(warning?.detail).toMatch(/^rose by 1\.\d\d ms, with a median of 1\.\d\d ms$/);
    });
  });

  it.each([
    [100, 0, 0, []],
    [101, 0, 0, ["backlog"]],
    [101, null, 0, ["backlog"]],
    [101, 8_192, 0, ["backlog"]],
    [101, 8_193, 0, ["hidden-backlog"]],
    // What waits for a poll is no queue.
    [1_100, 8_193, 1_000, []],
    [1_101, 0, 1_000, ["backlog"]],
  ])("is what %d ms of sending and %j unread bytes left, polling every %d ms: %j", (...row) => {
    const [sendingMs, receiveQueueBytes, pollIntervalMs, codes] = row;
    const phase = phaseOf({ backlog: { messages: 3, sendingMs, receiveQueueBytes } });
    expect(codesOf(phase, { pollIntervalMs })).toEqual(codes);
  });

  it.each([
    [1.19, 0.6, 2, []],
    [1.2, 0.59, 2, ["canary"]],
    // Three times as late, but by less than half a millisecond.
    [0.6, 0.2, 2, []],
    // 30 ms of work for 20 messages: the server may take 1.5 ms to serve all others first.
    [2, 0.6, 30, []],
    [2.2, 0.6, 30, ["canary"]],
    [500, 480, 2, []],
  ])("is a fleet's median of %d ms beside a canary's of %d, with %d ms of work: %j", (...row) => {
    const [fleetMs, canaryMs, cpuMs, codes] = row;
    const phase = {
      ...latencyWith({ delivery: histogramOf(times(40, fleetMs * 1e6)) }),
      resources: [resourcesOf({ cpuMs })],
      canary: { expected: 20, arrived: 20, delivery: histogramOf(times(20, canaryMs * 1e6)) },
    };
    expect(codesOf(phase)).toEqual(codes);
  });

  describe("as to its bytes", () => {
    const { parts } = phaseOf().wire;
    const { down } = parts.deliveries;
    const withTheory = (expectedDown: number): Phase =>
      phaseOf({
        theory: {
          source: "RFC 1",
          deliveries: { down: expectedDown, up: 0 },
          upstream: null,
        },
      });

    it.each([
      ["the same", 0, []],
      ["one more", -1, ["unexplained-bytes"]],
      ["one less", 1, ["unexplained-bytes"]],
    ])("that are %s: %d: %j", (_name, more, codes) => {
      const phase = withTheory(down + more);
      expect(codesOf(phase)).toEqual(codes);
      // Also where time doesn't matter.
      expect(codesOf(phase, { timed: false })).toEqual(codes);
    });

    it("names which, how many, and by what", () => {
      expect(warningsOf(withTheory(down + 11), usual)[0]?.detail).toBe(
        `deliveries down: ${down} bytes, but ${down + 11} by RFC 1`,
      );
    });

    it("are none where no theory says how many there must be", () => {
      expect(codesOf({ ...withTheory(down), theory: null })).toEqual([]);
      const halfKnown = { source: "RFC 1", deliveries: null, upstream: null };
      expect(codesOf({ ...withTheory(down), theory: halfKnown })).toEqual([]);
    });

    it("is not when messages were lost or came twice, which explains them", () => {
      const deliveries = { ...phaseOf().deliveries, lost: 1 };
      expect(codesOf({ ...withTheory(down + 5), deliveries })).toEqual(["lost"]);
    });
  });

  it("is a process with a clock of its own", () => {
    const clocks = [
      { process: "server", shared: true, boundNs: 20_000 },
      { process: "load 1", shared: false, boundNs: 20_000 },
    ];
    expect(clockWarnings(clocks)).toEqual([
      {
        code: "clock",
        phase: "start",
        detail: "the clock of the load 1 process differs from the director's",
      },
    ]);
  });

  describe("as to its timing", () => {
    const slow = { intended: 20, achieved: 1 };

    it.each([
      [19, []],
      [20, ["slow-rate"]],
    ])("of a stream of %d messages: %j", (intended, codes) => {
      const { deliveries } = deliveriesWith({ intended });
      expect(codesOf(phaseOf({ rate: slow, deliveries }))).toEqual(codes);
    });

    it("is nothing where only bytes are counted", () => {
      const resources = [resourcesOf({ process: "load", busiestSecond: 1 })];
      expect(codesOf(phaseOf({ rate: slow, resources }), { timed: false })).toEqual([]);
    });
  });
});

describe("a process of the harness that stalled", () => {
  const still = (process: string, longestMs: number, stoppedMs = longestMs): Phase =>
    phaseOf({ standStills: [{ process, longestMs, stoppedMs }] });
  const few = (longestMs: number, stoppedMs = longestMs): Phase => ({
    ...deliveriesWith({ intended: 1 }),
    standStills: [{ process: "load 1", longestMs, stoppedMs }],
  });

  it.each([
    ["server", "the server process"],
    ["load 1", "the load 1 process"],
    ["canary", "the canary (one client in a process of its own)"],
    ["publisher", "the publisher process"],
    ["director", "the director process"],
  ])("is named with how long, be it the %s", (process, named) => {
    expect(warningsOf(still(process, 400), usual)).toEqual([
      { code: "stood-still", phase: "steady", detail: `${named} for 400 ms` },
    ]);
  });

  it("is said to have waited where that explains most of it", () => {
    expect(warningsOf(still("load 1", 60, 29), usual)).toMatchObject([
      { detail: "the load 1 process for 60 ms, most of it waiting for a processor" },
    ]);
  });

  it("raises no warning while it is only as late as timers may be", () => {
    expect(codesOf(still("load 1", 45))).toEqual([]);
    expect(codesOf(still("load 1", 46))).toEqual(["stood-still"]);
  });

  it("may have waited for a processor where there is no stream of messages to be late", () => {
    expect(codesOf(few(90, 45))).toEqual([]);
    expect(codesOf(few(90, 46))).toEqual(["stood-still"]);
  });

  it("may have waited longer where more servers and load processes share the cores", () => {
    const names = ["server 1", "server 2", "load 1", "load 2"];
    const wide = (stoppedMs: number): Phase => ({
      ...few(0),
      standStills: names.map((process) => ({ process, longestMs: 500, stoppedMs })),
      resources: [{ ...resourcesOf(), cores: 2 }],
    });
    expect(codesOf(wide(90))).toEqual([]);
    expect(codesOf(wide(91))).toEqual(names.map(() => "stood-still"));
  });

  describe("where it is only counted", () => {
    const pushed: Partial<Observed> = { timed: false };
    const pulled: Partial<Observed> = { timed: false, delivery: "pull" };
    const none = { down: 0, up: 0 };
    const link = { ipBytes: none, segments: none, acknowledgements: none, retransmitted: none };

    it("leaves all as it is, unless a poll was left out", () => {
      expect(codesOf(still("load 1", 900, 250), pulled)).toEqual([]);
      expect(codesOf(still("load 1", 251), pulled)).toEqual(["stood-still"]);
      const onGrid = { ...pulled, pollIntervalMs: 500 };
      expect(codesOf(still("load 1", 400), onGrid)).toEqual([]);
      expect(codesOf(still("load 1", 501), onGrid)).toEqual(["stood-still"]);
    });

    it("leaves what is pushed as it is, unless that could pass for a loss", () => {
      expect(codesOf(still("load 1", 1_000), pushed)).toEqual([]);
      expect(codesOf(still("load 1", 1_001), pushed)).toEqual(["stood-still"]);
    });

    it("may have moved a heartbeat of connections that are idle, and packets of a link", () => {
      const idle = { ...deliveriesWith({ intended: 0 }), setUp: histogramOf([]) };
      const { standStills } = still("load 1", 251);
      expect(codesOf({ ...idle, standStills }, pushed)).toEqual(["stood-still"]);
      expect(codesOf({ ...idle, setUp: histogramOf([1e6]), standStills }, pushed)).toEqual([]);
      const wire = { ...wireOf(phaseOf()), link };
      expect(codesOf(phaseOf({ wire, standStills }), pushed)).toEqual(["stood-still"]);
    });
  });

  it("may have collected garbage, which is a server's own work", () => {
    const using = (process: "server" | "load"): Phase =>
      phaseOf({ resources: [resourcesOf({ process, gcLongestMs: 50 })] });
    expect(codesOf(using("load"))).toEqual(["stood-still"]);
    expect(codesOf(using("server"))).toEqual([]);
  });
});

describe("contention for processors", () => {
  const waiting = (waitedMs: number | null, othersCpuMs: number | null): Phase =>
    phaseOf({
      resources: [resourcesOf(), resourcesOf({ process: "load", waitedMs })],
      othersCpuMs,
    });

  it("is others at work while a process of the trial waits", () => {
    expect(warningsOf(waiting(31, 101), usual)).toEqual([
      {
        code: "contention",
        phase: "steady",
        detail: "the load process waited 3 % of the time, other programs used 10 % of a core",
      },
    ]);
  });

  it("is not the trial's own processes waiting for each other", () => {
    expect(codesOf(waiting(400, 100))).toEqual([]);
    expect(codesOf(waiting(400, null))).toEqual([]);
  });

  it("is not others at work on processors that nobody waits for", () => {
    expect(codesOf(waiting(30, 4_000))).toEqual([]);
    expect(codesOf(waiting(null, 4_000))).toEqual([]);
  });

  it("doesn't matter where nothing is timed", () => {
    expect(codesOf(waiting(400, 900), { timed: false })).toEqual([]);
  });
});

describe("a server with more than one thread", () => {
  const using = (cpuMs: number, busiestThreadMs: number | null, cores: number | null): string[] =>
    codesOf(phaseOf({ resources: [resourcesOf({ cpuMs, busiestThreadMs, cores })] }));

  it("has processor time left while no thread and not all cores are busy", () => {
    expect(using(1_240, 640, 2)).toEqual([]);
    expect(using(3_500, 880, 4)).toEqual([]);
  });

  it("has none left when one thread has used a core", () => {
    expect(using(1_240, 910, 8)).toEqual(["server-saturated"]);
  });

  it("has none left when all cores that it may use are used", () => {
    const phase = phaseOf({
      resources: [resourcesOf({ cpuMs: 1_900, busiestThreadMs: 500, cores: 2 })],
    });
    expect(warningsOf(phase, usual)).toMatchObject([
      { code: "server-saturated", detail: "95 % of all 2 cores" },
    ]);
  });

  it("is taken for one of one thread where threads can't be seen", () => {
    expect(using(950, null, null)).toEqual(["server-saturated"]);
  });
});
