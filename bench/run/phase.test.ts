import { noBytes } from "../../transports/wire-bytes.ts";
import { perPart } from "../../transports/wire-parts.ts";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { mersenne } from "pure-rand/generator/mersenne";
import { describe, expect, it } from "vitest";
import { phaseOf as fixture, resourcesOf } from "../../test/results-fixture.ts";
import { histogramOf } from "../measure/histogram.ts";
import { TimelineRecorder } from "../measure/timeline.ts";
import type { WireDelta } from "../measure/wire-ledger.ts";
import { phaseOf } from "./phase.ts";
import type { PhaseFacts, Reports } from "./phase.ts";
import type { Collected, LoadEnd } from "../processes/protocol.ts";
import { parseVariant } from "../settings/variant.ts";

function recordingOf(overrides: Partial<Collected> = {}): Collected {
  return {
    delivered: 10,
    duplicated: 0,
    reordered: 0,
    corrupted: 0,
    replayed: 0,
    delivery: histogramOf([1_000]),
    transit: histogramOf([900]),
    timeline: { sliceMs: 100, slices: [{ count: 1, meanNs: 1_000, maxNs: 1_000 }] },
    lastClientNs: [],
    disconnected: 0,
    lastEnding: null,
    reconnected: 0,
    retried: 0,
    ...overrides,
  };
}

const wire: WireDelta = { ...fixture().wire, answers: [], records: perPart(() => noBytes) };

const end: LoadEnd = { arrived: 10, clientsAt: [1], resources: resourcesOf({ process: "load" }) };

const none: Reports = { ends: [], recordings: [] };

function reported(...recordings: Partial<Collected>[]): Reports {
  return { ends: recordings.map(() => end), recordings: recordings.map(recordingOf) };
}

function phaseWith(overrides: Partial<PhaseFacts> = {}) {
  return phaseOf({
    name: "steady",
    measured: true,
    clients: 2,
    servers: 1,
    disconnected: 0,
    ages: [0, 0],
    sends: {
      sent: [
        { messages: 10, startNs: 0, untilNs: 100, lateness: histogramOf([]), achievedRate: 5 },
      ],
      intendedRate: 5,
      counts: {
        intended: 10,
        rounds: 10,
        published: 10,
        sentUp: [],
        expected: [10, 10],
        toCanary: 10,
      },
    },
    dialled: [],
    server: { wire, cycle: null, batches: null, resources: [resourcesOf()], kernelSocketBytes: 1 },
    others: [],
    intruders: [],
    stopped: [],
    absences: [],
    takenUp: null,
    restarts: [],
    fromOutside: false,
    link: null,
    network: null,
    relay: null,
    bus: null,
    balancer: null,
    receiveQueueBytes: null,
    transport: parseVariant("websocket").bound,
    payloadBytes: 256,
    areOfOneSize: true,
    escapes: 0,
    meanBytes: null,
    authority: "127.0.0.1:5000",
    publishedBefore: 0,
    fleet: reported({}, {}),
    canary: none,
    standStills: [],
    othersCpuMs: null,
    toAll: true,
    waited: true,
    ...overrides,
  });
}

describe("a phase", () => {
  it("adds up what the load processes tell", () => {
    const fleet = reported({ delivered: 9, duplicated: 1 }, { reordered: 2 });
    const { deliveries, latency, timeline } = phaseWith({ fleet });
    expect(deliveries).toMatchObject({ expected: 20, delivered: 19, lost: 1, arrived: 20 });
    expect(deliveries).toMatchObject({ duplicated: 1, reordered: 2 });
    expect(latency.delivery.count).toBe(2);
    expect(timeline.slices).toEqual([{ count: 2, meanNs: 1_000, maxNs: 1_000 }]);
  });

  it("is the same whether one load process has recorded all of it, or 64 have", () => {
    const generator = mersenne(1);
    const messages = 300;
    // Some processes hold no client; one has a phase long enough for wider slices.
    const deliveries = Array.from({ length: 9_000 }, (_, index) => ({
      process: uniformInt(generator, 0, 60),
      message: index % messages,
      ns: uniformInt(generator, 20_000, 900_000_000),
    }));
    const recorded = (heard: typeof deliveries): Partial<Collected> => {
      const timeline = new TimelineRecorder();
      const lastClientNs = Array.from({ length: messages }, (): number | null => null);
      for (const { message, ns } of heard) {
        timeline.record(message * 50e6, ns);
        lastClientNs[message] = Math.max(lastClientNs[message] ?? 0, ns);
      }
      const delivery = histogramOf(heard.map(({ ns }) => ns));
      return { delivered: heard.length, delivery, timeline: timeline.recorded(), lastClientNs };
    };
    const ofEach = Array.from({ length: 64 }, (_, process) =>
      recorded(deliveries.filter((one) => one.process === process)),
    );
    const one = phaseWith({ fleet: reported(recorded(deliveries)) });
    const many = phaseWith({ fleet: reported(...ofEach) });
    expect(many.deliveries.delivered).toBe(9_000);
    expect(many.latency.lastClient).toEqual(one.latency.lastClient);
    // The counts of every bucket; the mean is of the same sum, in another order.
    expect(many.latency.delivery.encoded).toBe(one.latency.delivery.encoded);
    expect(many.timeline.sliceMs).toBe(one.timeline.sliceMs);
    const rounded = ({ slices }: typeof one.timeline) =>
      slices.map(({ count, meanNs, maxNs }) => [count, Math.round(meanNs ?? 0), maxNs]);
    expect(rounded(many.timeline)).toEqual(rounded(one.timeline));
  });

  it("doesn't call lost what it didn't wait for", () => {
    expect(phaseWith({ waited: false }).deliveries.lost).toBeNull();
  });

  it("keeps the canary apart from the fleet", () => {
    const phase = phaseWith({
      canary: reported({ delivery: histogramOf([5, 6, 7]), delivered: 8 }),
    });
    expect(phase.deliveries).toMatchObject({ expected: 20, delivered: 20, arrived: 20 });
    expect(phase.latency.delivery.count).toBe(2);
    expect(phase.canary).toMatchObject({ expected: 10, arrived: 10, delivery: { count: 3 } });
    expect(phase.resources.map(({ process }) => process)).toEqual([
      "server",
      "load",
      "load",
      "canary",
    ]);
  });

  it("tells for each message when the last client of any process had it", () => {
    const fleet = reported({ lastClientNs: [5, null, 9] }, { lastClientNs: [7, null, 2, 4] });
    const { lastClient } = phaseWith({ fleet }).latency;
    // The second message reached nobody.
    expect(lastClient).toMatchObject({ count: 3, minNs: 4, maxNs: 9 });
    expect(phaseWith({ fleet, toAll: false }).latency.lastClient.count).toBe(0);
  });

  it("knows what its bytes should be, with the canary's", () => {
    expect(phaseWith().theory?.deliveries?.down).toBe(10 * 2 * 260);
    expect(phaseWith({ canary: reported({}) }).theory?.deliveries?.down).toBe(10 * 3 * 260);
  });

  it("has none of a variant by which nobody can tell them, and takes no byte for incidental", () => {
    const { bound } = parseVariant("websocket");
    const phase = phaseWith({ transport: { ...bound, theory: null }, authority: "[::1]:1" });
    expect(phase.theory).toBeNull();
    expect(phase.wire?.parts).toEqual(fixture().wire.parts);
    for (const bytes of Object.values(phase.wire?.incidental ?? {})) {
      expect(bytes).toEqual({ down: 0, up: 0 });
    }
  });

  it("seen from outside has no definition of its bytes, and none where nobody counted", () => {
    const relayed = phaseWith({ fromOutside: true });
    expect(relayed.theory).toBeNull();
    expect(relayed.wire?.parts).toEqual(fixture().wire.parts);
    const server = {
      wire: null,
      cycle: null,
      batches: null,
      resources: [resourcesOf()],
      kernelSocketBytes: 1,
    } as const;
    expect(phaseWith({ fromOutside: true, server }).wire).toBeNull();
  });

  it("tells which messages the last client got after the end of sending", () => {
    // Ten messages, due every 10 ns from 0 on; sending ends at 100.
    const lastClientNs = [50, 100, 80, 71, null, 50, 41, 30, 20, 10];
    expect(phaseWith({ fleet: reported({ lastClientNs }) }).backlog).toEqual({
      messages: 3,
      sendingMs: 30 / 1e6,
      receiveQueueBytes: null,
    });
  });
});

it.each([
  ["127.0.0.1:5000", -1],
  ["127.0.0.1:50000", 0],
  ["localhost:5000", -1],
  ["[::1]:80", -7],
])("what %s has more than the usual address is left out of each answer", (authority, excess) => {
  const answered = [{ answers: 3, messages: 2, newest: 6 }];
  const server = {
    wire: { ...wire, digitBytes: 15, answers: answered },
    cycle: null,
    batches: null,
    resources: [resourcesOf()] as const,
    kernelSocketBytes: 1,
  };
  const transport = parseVariant("short-polling").bound;
  const phase = phaseWith({ transport, authority, server });
  expect(phase.wire?.digitBytes).toBe(15 + 3 * excess);
});
