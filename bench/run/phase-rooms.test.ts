import { describe, expect, it } from "vitest";
import { histogramOf } from "../measure/histogram.ts";
import type { RoomReport } from "../rooms/room-books.ts";
import type { SendResult } from "../processes/protocol.ts";
import { phaseRooms } from "./phase-rooms.ts";
import { RoomTraffic } from "./room-traffic.ts";

/** One room of three clients, and two of one each. */
const plan = {
  rooms: [
    { clients: 3, count: 1 },
    { clients: 1, count: 2 },
  ],
};

const result = (messages: number): SendResult => ({
  messages,
  startNs: 0,
  untilNs: 1e9,
  lateness: histogramOf([]),
  achievedRate: messages,
});

function trafficOf(messages: number, by: "server" | "clients" = "server"): RoomTraffic {
  const traffic = new RoomTraffic(plan, 1);
  traffic.add(traffic.next(), by, [result(messages)]);
  return traffic;
}

/** What a load process reports whose clients of both sizes expect so many deliveries. */
function reportOf(expected: readonly number[], more: Partial<RoomReport> = {}): RoomReport {
  const latency = (isAtFirstServer: boolean, deliveries: number) => ({
    size: 0,
    isAtFirstServer,
    isAtSpeakers: !isAtFirstServer,
    delivery: histogramOf(Array.from({ length: deliveries }, () => 1e6)),
  });
  const latencies = [latency(true, 2), latency(false, 5)];
  return { expected, inFlight: 1, latencies, joins: null, ...more };
}

const phaseOf = (traffic: RoomTraffic, reports: readonly RoomReport[], clients = 5) =>
  phaseRooms({ traffic, clients, serverCount: 2, recordings: reports.map((rooms) => ({ rooms })) });

/** By the inverse square roots of 3 and 1, the room of three has 11 of 30 messages. */
const [toThree, toOne] = [11, 19];

describe("the rooms of a phase", () => {
  it("expect of each message as many deliveries as its room has clients, over all processes", () => {
    const { sizes, inFlight } = phaseOf(trafficOf(30), [
      reportOf([2 * toThree, toOne]),
      reportOf([toThree, 0]),
    ]);
    expect(sizes).toMatchObject([
      { clients: 3, rooms: 1, messages: toThree, expected: 3 * toThree, delivery: { count: 14 } },
      { clients: 1, rooms: 2, messages: toOne, expected: toOne, delivery: { count: 0 } },
    ]);
    expect(inFlight).toBe(2);
  });

  it("refuse books that don't add up to that, unless clients have joined meanwhile", () => {
    const wrong = reportOf([3 * toThree + 1, toOne]);
    expect(() => phaseOf(trafficOf(30), [wrong])).toThrow(
      `clients in rooms of 3 expect ${3 * toThree + 1} deliveries, but ${toThree} messages make ${3 * toThree}`,
    );
    const until = histogramOf([5]);
    const joins = { count: 1, untilSubscribed: until, untilReceiving: until };
    expect(phaseOf(trafficOf(30), [{ ...wrong, joins }]).joins).toMatchObject({ count: 1 });
  });

  it("tell clients of the server that published apart from others, or of that which a client sent to", () => {
    const reports = [reportOf([3 * toThree, toOne])];
    expect(phaseOf(trafficOf(30), reports)).toMatchObject({
      atPublisher: { count: 2 },
      elsewhere: { count: 5 },
    });
    expect(phaseOf(trafficOf(30, "clients"), reports)).toMatchObject({
      atPublisher: { count: 5 },
      elsewhere: { count: 2 },
    });
  });
});

describe("the traffic of rooms", () => {
  it("numbers the messages of each room on, whoever sends them", () => {
    const traffic = trafficOf(30);
    const [first, ...others] = traffic.carried;
    expect([first, others.reduce((one, other) => one + other)]).toEqual([toThree, toOne]);
    const next = traffic.next();
    expect(next.before).toEqual(traffic.carried);
    traffic.phaseBegins();
    traffic.add(next, "clients", [result(10), result(20)]);
    expect(traffic.question.sent).toMatchObject([{ by: "clients", messages: 30 }]);
    expect(traffic.carried.reduce((one, other) => one + other)).toBe(60);
  });
});
