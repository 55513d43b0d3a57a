import { describe, expect, it } from "vitest";
import { nothingCrossed } from "../bench/measure/measured.ts";
import { ScriptedStage } from "../test/scripted-stage.ts";
import type { Answers } from "../test/scripted-stage.ts";
import type { WireMeasured } from "./scenario.ts";
import { overhead } from "./overhead.ts";

async function played(answers: Answers = {}): Promise<ScriptedStage> {
  const stage = new ScriptedStage(answers);
  await overhead.play(stage);
  return stage;
}

function phasesOf(stage: ScriptedStage): string[] {
  return stage.calls.filter((call) => call.startsWith("phase ")).map((call) => call.slice(6));
}

/** The calls from the start of a phase to the next call that isn't within it. */
function within(stage: ScriptedStage, phase: string): string[] {
  const start = stage.calls.indexOf(`phase ${phase}`) + 1;
  const end = stage.calls.findIndex((call, index) => index >= start && !call.startsWith("  "));
  return stage.calls.slice(start, end).map((call) => call.trim());
}

describe("the overhead scenario", () => {
  it("measures set-up, then messages, then idling, then the upstream, and disconnects last", async () => {
    const stage = await played();
    expect(phasesOf(stage)).toEqual(["set-up", "20 msg/s", "idle", "upstream"]);
    expect(within(stage, "set-up")).toEqual(["connect 10"]);
    expect(stage.calls.at(-1)).toBe("disconnect to 0");
  });

  it.each([
    [1_999, 20, ["20 msg/s"]],
    [2_000, 20, ["2 msg/s", "20 msg/s", "200 msg/s"]],
    [3_000, 3, ["0.3 msg/s", "3 msg/s", "30 msg/s"]],
    [3_000, 7, ["0.7 msg/s", "7 msg/s", "70 msg/s"]],
    [3_000, 0.3, ["0.03 msg/s", "0.3 msg/s", "3 msg/s"]],
  ])("in %d ms at %d/s measures at %j", async (durationMs, ratePerSecond, phases) => {
    const stage = await played({ workload: { durationMs, ratePerSecond } });
    expect(phasesOf(stage).filter((name) => name.endsWith("msg/s"))).toEqual(phases);
  });

  it.each([
    // At least two messages, and at least a sixth of the duration.
    [null, 1_000, 20, "publish 20/s for 167 ms"],
    [null, 1_000, 4, "publish 4/s for 500 ms"],
    // Whole intervals of polling.
    [300, 1_000, 20, "publish 20/s for 300 ms"],
    [300, 1_000, 4, "publish 4/s for 600 ms"],
    [1_000, 1_000, 1, "publish 1/s for 2000 ms"],
  ])(
    "with polls each %j ms, in %d ms at %d/s, is to %s",
    async (interval, durationMs, rate, call) => {
      const stage = await played({
        workload: { durationMs, ratePerSecond: rate },
        transport: { pollIntervalMs: interval },
      });
      expect(within(stage, `${rate} msg/s`)).toEqual([call]);
    },
  );

  it("states set-up for each client, and the bytes beyond the payload for each delivery", async () => {
    const stage = await played({
      measured: (name, clients) => ({
        clients,
        arrived: 100,
        served: 100,
        wire: {
          ...nothingCrossed,
          bytes: { down: 27_000, up: 1_000 },
          parts: {
            ...nothingCrossed.parts,
            setUp: name === "set-up" ? 5_550 : 0,
            deliveries: 26_600,
          },
        },
      }),
    });
    expect(stage.value("setUp")).toBe(555);
    // 280 bytes each, of which 256 are payload; of 266 for deliveries, 10 are framing.
    expect(stage.value("overhead.at20")).toBe(24);
    expect(stage.value("parts.deliveries")).toBe(10);
  });

  it("states beside both ways what the format's definition gives, with its source", async () => {
    const stage = await played({
      measured: (name, clients) => ({
        clients,
        served: 100,
        expected: 100,
        wire: {
          ...nothingCrossed,
          sentUp: 100,
          parts: { ...nothingCrossed.parts, deliveries: 26_600, upstream: 26_400 },
        },
        theory: {
          source: "RFC 1",
          deliveries: name === "upstream" ? null : 26_500,
          upstream: name === "upstream" ? 26_400 : null,
        },
      }),
    });
    expect(stage.value("parts.deliveries")).toBe(10);
    expect(stage.stated("theory.deliveries")).toMatchObject({ value: 9, note: "RFC 1" });
    expect(stage.value("parts.upstream")).toBe(8);
    expect(stage.stated("theory.upstream")).toMatchObject({ value: 8, note: "RFC 1" });
  });

  it("divides the bytes of messages up by the number of those that were counted", async () => {
    const parts = { ...nothingCrossed.parts, upstream: 3 * 300 };
    const stage = await played({
      measured: () => ({ expected: 4, wire: { ...nothingCrossed, sentUp: 3, parts } }),
    });
    expect(stage.value("parts.upstream")).toBe(44);
  });

  it("says so where no message arrived within the phase", async () => {
    const stage = await played({ measured: () => ({ expected: 4, wire: nothingCrossed }) });
    expect(stage.stated("overhead.at20")).toMatchObject({
      value: null,
      note: "no message arrived within the phase",
    });
  });

  it("says so where no definition is known", async () => {
    const stage = await played({ measured: (_name, clients) => ({ clients, served: 100 }) });
    expect(stage.stated("theory.deliveries")).toMatchObject({
      value: null,
      note: "no definition says what these bytes must be",
    });
  });

  it("gives the transport's own reason where its definition doesn't tell", async () => {
    const stage = await played({
      transport: { noTheory: { deliveries: null, upstream: "heads are compressed" } },
      measured: (name, clients) => ({
        clients,
        served: 100,
        theory: {
          source: "RFC 1",
          deliveries: name === "upstream" ? null : 26_500,
          upstream: null,
        },
      }),
    });
    expect(stage.stated("theory.deliveries")?.note).toBe("RFC 1");
    expect(stage.stated("theory.upstream")).toMatchObject({
      value: null,
      note: "heads are compressed",
    });
  });

  it("says so where messages can't be told apart by which the definition goes", async () => {
    const theory = { source: "RFC 1", deliveries: null, upstream: null };
    const stage = await played({ measured: (_name, clients) => ({ clients, served: 9, theory }) });
    expect(stage.stated("theory.deliveries")?.note).toBe(
      "which messages came together, or were still under way at the end, isn't known",
    );
  });

  it("states the level below, with the headers of TCP and IP, where that is counted", async () => {
    const stage = await played({
      measured: (_name, clients) => ({
        clients,
        durationMs: 2_000,
        arrived: 100,
        served: 100,
        link: {
          ipBytes: { down: 31_000, up: 6_000 },
          segments: { down: 100, up: 110 },
          acknowledgements: { down: 20, up: 105 },
        },
      }),
    });
    const stated = stage.figures.filter(({ key }) => key.startsWith("link."));
    expect(new Set(stated.map(({ table }) => table))).toEqual(
      new Set(["on the wire, with the headers of TCP and IP"]),
    );
    expect(Object.fromEntries(stated.map(({ key, value }) => [key, value]))).toEqual({
      "link.setUp": 3_700,
      // 370 bytes each, of which 256 are payload.
      "link.overhead": 114,
      "link.segmentsDown": 1,
      "link.segmentsUp": 1.1,
      "link.acks": 1.25,
      // 37 000 bytes of 10 clients in 2 s.
      "link.idle": 111_000,
    });
  });

  it("states nothing of the level below where it isn't counted", async () => {
    const { figures } = await played({ measured: () => ({ arrived: 100 }) });
    expect(figures.filter(({ key }) => key.startsWith("link."))).toEqual([]);
  });

  it("states no overhead of nothing", async () => {
    expect((await played()).value("overhead.at20")).toBeNull();
  });

  it("has the workload's own rate as its headline", async () => {
    const stage = await played({ workload: { durationMs: 6_000 } });
    expect(stage.figures.filter(({ headline }) => headline).map(({ key }) => key)).toEqual([
      "overhead.at20",
    ]);
  });

  it.each([
    [500, 1_000],
    [300, 1_200],
    [1_000, 1_000],
    [7_000, 7_000],
    [10_000, 10_000],
  ])("idles for whole cycles of %d ms, so for %d ms", async (idleCycleMs, forMs) => {
    const stage = await played({ transport: { idleCycleMs } });
    expect(within(stage, "idle")).toEqual([`idle ${forMs} ms`]);
  });

  it("scales what idle clients cost to a minute and a client", async () => {
    const stage = await played({
      measured: (_name, clients) => ({
        clients,
        durationMs: 2_000,
        wire: { ...nothingCrossed, bytes: { down: 300, up: 200 } },
      }),
    });
    // 500 bytes of 10 clients in 2 s.
    expect(stage.value("idle")).toBe(1_500);
  });

  const idleOf = async (
    durationMs: number,
    cycle: WireMeasured["cycle"],
    parts: Partial<WireMeasured["parts"]>,
  ): Promise<ScriptedStage> =>
    played({
      measured: (_name, clients) => ({
        clients,
        durationMs,
        wire: { ...nothingCrossed, parts: { ...nothingCrossed.parts, ...parts }, cycle },
      }),
    });

  it("scales the cycle that was seen of a server whose own isn't known, whatever the window", async () => {
    const stage = await idleOf(
      31_500,
      { cycleMs: 20_000, cycles: 1, bytes: 16 },
      { heartbeats: 320 },
    );
    const note = "scaled from a cycle of 20.0 s that was seen once";
    expect(stage.stated("idle")).toMatchObject({ value: 48, note });
    expect(stage.stated("parts.heartbeats")).toMatchObject({ value: 48, note });
    expect(stage.value("parts.emptyPolls")).toBe(0);
    expect(stage.stated("idle")?.bound).toBeUndefined();
  });

  it.each([
    [8_000, 16, 16, /^seen in 8 s and not scaled/],
    [120_000, 16, 8, /^seen in 120 s and not scaled/],
    [31_000, 0, 0, /^nothing was seen in 31 s/],
  ])("scales nothing that in %d ms came once: %d B", async (durationMs, bytes, value, note) => {
    const stage = await idleOf(durationMs, { cycleMs: null, cycles: 0, bytes }, {});
    expect(stage.stated("idle")).toMatchObject({ value, bound: "at least" });
    expect(stage.stated("idle")?.note).toMatch(note);
  });

  it("waits for no cycle that is longer than it may sit idle, and says so", async () => {
    const stage = await played({ transport: { idleCycleMs: 10_001 }, maxIdleMs: 10_000 });
    expect(phasesOf(stage)).not.toContain("idle");
    expect(stage.stated("idle")).toMatchObject({
      value: null,
      note: "one cycle takes 10.001 s, longer than this run waits",
    });
  });

  it.each<["push" | "pull", number, number, boolean]>([
    // Of ten clients, with a connection for each request.
    ["pull", 8, 8, true],
    ["pull", 12, 10, true],
    // With one that has lost its own.
    ["pull", 1, 100, false],
    ["push", 1, 1, false],
    ["push", 20, 20, true],
    ["pull", 0, 100, false],
  ])(
    "where clients that %s open %i connections for %i requests, states how many: %j",
    async (delivery, connections, requests, isStated) => {
      const stage = await played({
        workload: { clients: 10 },
        transport: { delivery },
        measured: () => ({ expected: 40, wire: { ...nothingCrossed, connections, requests } }),
      });
      expect(stage.figures.some(({ key }) => key === "connections")).toBe(isStated);
    },
  );
});
