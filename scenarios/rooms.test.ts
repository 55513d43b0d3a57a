import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import { rooms } from "./rooms.ts";
import type { RoomsMeasured } from "./scenario.ts";

const times = (p50: number, p99: number, delivered = 1_000) => ({
  delivered,
  delivery: (q: number) => (q === 0.5 ? p50 : p99),
});

const inRooms: RoomsMeasured = {
  sizes: [
    { clients: 50, rooms: 1, messages: 4, expected: 200, ...times(5e6, 9e6) },
    { clients: 1, rooms: 50, messages: 90, expected: 90, ...times(1e6, 2e6) },
  ],
  atPublisher: times(3e6, 7e6),
  elsewhere: times(4e6, 8e6),
  inFlight: 2,
  joins: { count: 16, untilSubscribed: () => 6e6, untilReceiving: () => null },
};

const load = { process: "load", share: 0.9, cpuShare: 0.9, kernelShare: null };

const search = (call: string): boolean => call.includes("at ") || call.includes("for 2000 ms");

describe("the rooms scenario", () => {
  it("sends to rooms from the server, also while clients join and leave, and then from clients", async () => {
    const stage = new ScriptedStage({ workload: { clients: 100 } });
    await rooms.play(stage);
    expect(stage.calls.filter((call) => !search(call) && !call.includes("for 250 ms"))).toEqual([
      "phase connect",
      "  connect 100 in rooms of 50, 25, 10, 1",
      "warm-up",
      "phase steady",
      "  publish 20/s for 1000 ms",
      "phase joins and leaves",
      "  publish 20/s for 1000 ms",
      "  change rooms 2/s for 1000 ms",
      "phase from clients",
      "  send 20/s for 1000 ms",
      "disconnect to 0",
    ]);
  });

  it("doubles the rate until deliveries are late, and then halves the distance", async () => {
    const stage = new ScriptedStage({
      measured: (name) => {
        const rate = Number(/^at (\d+)/.exec(name)?.[1] ?? 0);
        return {
          intended: rate,
          expected: 10 * rate,
          lost: 0,
          delivery: () => (rate > 210 ? 1e9 : 1e7),
        };
      },
    });
    await rooms.play(stage);
    const all = stage.calls.filter((call) => call.startsWith("phase at"));
    expect(all.filter((call) => call.endsWith("again"))).toEqual([
      "phase at 320 msg/s again",
      "phase at 226 msg/s again",
    ]);
    const tried = all.filter((call) => !call.endsWith("again"));
    expect(tried.map((call) => call.split(" ")[2])).toEqual([
      "20",
      "40",
      "80",
      "160",
      "320",
      "226",
      "190",
      "207",
    ]);
    expect(stage.stated("capacity")).toMatchObject({ value: 2_070, bound: "range", most: 2_260 });
    expect(stage.stated("capacity")?.note).toMatch("99 % took up to 1000 ms");
  });

  it("goes on where a rate is served at the second try", async () => {
    const stage = new ScriptedStage({
      measured: (name) => ({ lost: name === "at 40 msg/s" || name.startsWith("at 80") ? 1 : 0 }),
    });
    await rooms.play(stage);
    expect(stage.calls).toContain("phase at 40 msg/s again");
    expect(stage.calls).toContain("phase at 80 msg/s");
    expect(stage.calls).not.toContain("phase at 160 msg/s");
  });

  it("says at least where the clients' own process was what limited", async () => {
    const stage = new ScriptedStage({
      measured: (name) =>
        name.startsWith("at 40") ? { expected: 5, lost: 1, busy: [load] } : { lost: 0 },
    });
    await rooms.play(stage);
    expect(stage.stated("capacity")).toMatchObject({
      bound: "at least",
      note: expect.stringContaining("limit: client CPU; clients busy 90 %"),
    });
  });

  it("says at least where nothing ended the search, and nothing where not even the first rate is served", async () => {
    const served = new ScriptedStage();
    await rooms.play(served);
    expect(served.stated("capacity")).toMatchObject({ bound: "at least" });
    const lossy = new ScriptedStage({ measured: () => ({ expected: 10, lost: 3 }) });
    await rooms.play(lossy);
    expect(lossy.stated("capacity")).toMatchObject({ value: null });
    expect(lossy.stated("capacity")?.note).toMatch("3 of 10 deliveries were lost");
  });

  it("tells latency by the size of rooms and by server, and how soon who joins is there", async () => {
    const stage = new ScriptedStage({ measured: () => ({ rooms: inRooms }) });
    await rooms.play(stage);
    expect(stage.value("size.p50.at50")).toBe(5e6);
    expect(stage.value("size.p99.at1")).toBe(2e6);
    expect(stage.value("bus.published.own.p99")).toBe(7e6);
    expect(stage.value("bus.upward.others.p50")).toBe(4e6);
    expect(stage.value("joins.subscribed.p50")).toBe(6e6);
    expect(stage.stated("joins.first.p50")).toMatchObject({ value: null });
    expect(stage.value("joins.inFlight")).toBe(2);
  });

  it("has nothing to tell of a bus where one server serves all", async () => {
    const alone = { ...inRooms, atPublisher: null, elsewhere: null };
    const stage = new ScriptedStage({ measured: () => ({ rooms: alone }) });
    await rooms.play(stage);
    expect(stage.figures.filter(({ key }) => key.startsWith("bus."))).toEqual([]);
  });

  it("keeps what was measured before the search where a process dies in it", async () => {
    const stage = new ScriptedStage({
      measured(name) {
        if (name.startsWith("at 40")) throw new Error("the server process ended");
        return { rooms: inRooms, expected: 200 };
      },
    });
    await expect(rooms.play(stage)).rejects.toThrow("the server process ended");
    expect(stage.value("size.p50.at50")).toBe(5e6);
    const capacity = { bound: "at least", note: "the server process ended" };
    expect(stage.stated("capacity")).toMatchObject(capacity);
  });
});
