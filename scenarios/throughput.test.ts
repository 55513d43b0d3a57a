import { describe, expect, it } from "vitest";
import { ScriptedStage } from "../test/scripted-stage.ts";
import type { Answers } from "../test/scripted-stage.ts";
import type { MeasuredPhase } from "./scenario.ts";
import { throughput } from "./throughput.ts";

const clients = 10;

/** What a phase shows that was served in time, or in which 99 % took a second. */
function shown(rate: number, isServed: boolean): Partial<MeasuredPhase> {
  const intended = rate;
  const expected = clients * intended;
  const lateNs = isServed ? 5e6 : 1e9;
  const delivery = (): number => lateNs;
  return { intended, expected, delivered: expected, lost: 0, delivery, served: expected };
}

function busy(process: string, share: number): MeasuredPhase["busy"][number] {
  return { process, share, cpuShare: share, kernelShare: null };
}

function rateOf(name: string): number {
  return Number(/^at ([\d.]+) /.exec(name)?.[1] ?? 0);
}

async function played(
  measured: (rate: number, name: string) => Partial<MeasuredPhase>,
  answers: Answers = {},
): Promise<ScriptedStage> {
  const stage = new ScriptedStage({
    ...answers,
    workload: { clients, ratePerSecond: 100, ...answers.workload },
    measured: (name) => measured(rateOf(name), name),
  });
  await throughput.play(stage);
  return stage;
}

function triedIn(stage: ScriptedStage): string[] {
  return stage.calls.flatMap(
    (call) => /^phase at (.*) msg\/s(.*)$/.exec(call)?.slice(1).join("") ?? [],
  );
}

describe("the throughput scenario", () => {
  it("doubles the rate until it isn't served, and comes within a tenth of the limit by ratios", async () => {
    const stage = await played((rate) => ({
      ...shown(rate, rate <= 1_000),
      busy: [busy("server", 0.97), busy("load", 0.5)],
    }));
    expect(triedIn(stage).join()).toBe(
      "100,200,400,800,1600,1600 again,1130,1130 again,951,1040,1040 again",
    );
    expect(stage.stated("throughput")).toMatchObject({
      value: 9_510,
      bound: "range",
      most: 10_400,
    });
    expect(stage.value("limit")).toBe("server CPU");
    expect(stage.stated("throughput")?.note).toBe(
      "at 1040 msg/s, 99 % took up to 1000 ms; limit: server CPU; server busy 97 %, clients 50 %",
    );
  });

  it("tries each rate for as long as a phase lasts, and for ten times the objective", async () => {
    const short = await played((rate) => shown(rate, rate < 200), {
      workload: { durationMs: 600 },
    });
    expect(short.calls).toContain("  publish 100/s for 1000 ms");
    const long = await played((rate) => shown(rate, rate < 200), {
      workload: { durationMs: 600, objectiveMs: 2_000 },
    });
    expect(long.calls).toContain("  publish 100/s for 20000 ms");
  });

  it("halves the rate where already the first is too much", async () => {
    const stage = await played((rate) => shown(rate, rate <= 30));
    expect(triedIn(stage).slice(0, 5)).toEqual(["100", "100 again", "50", "50 again", "25"]);
    expect(stage.stated("throughput")).toMatchObject({ value: 297, most: 324 });
  });

  it("has no figure where nothing is served, and says why", async () => {
    const stage = await played((rate) => ({ ...shown(rate, false), lost: 3 }));
    expect(stage.stated("throughput")).toMatchObject({ value: null });
    expect(stage.stated("throughput")?.note).toMatch(/3 of \d+ deliveries were lost/);
    // Of fewer than ten messages, there is nothing to be said.
    expect(triedIn(stage).at(-1)).toBe("12.5 again");
    expect(stage.value("limit")).toBe("objective");
  });

  it("ends after so many doublings where everything is served", async () => {
    const stage = await played((rate) => shown(rate, true));
    expect(triedIn(stage)).toHaveLength(13);
    expect(stage.stated("throughput")).toMatchObject({
      bound: "at least",
      note: "nothing higher was tried",
    });
    expect(stage.value("limit")).toBe("not reached");
  });

  it("takes no single pause for the limit", async () => {
    const stage = await played((rate, name) => shown(rate, rate <= 400 && name !== "at 200 msg/s"));
    expect(triedIn(stage).slice(0, 4)).toEqual(["100", "200", "200 again", "400"]);
  });

  it("says at least where clients were what limited", async () => {
    const stage = await played((rate) => ({
      ...shown(rate, rate <= 400),
      busy: [busy("server", 0.95), busy("load", 0.99)],
      canary: () => 4e6,
    }));
    expect(stage.stated("throughput")).toMatchObject({ value: 4_000, bound: "at least" });
    expect(stage.value("limit")).toBe("client CPU");
  });

  it("connects clients anew where a rate has lost some", async () => {
    const stage = await played((rate) => ({
      ...shown(rate, rate < 200),
      lost: rate < 200 ? 0 : 1,
    }));
    const after = stage.calls.indexOf("phase at 200 msg/s");
    expect(stage.calls.slice(after, after + 5)).toEqual([
      "phase at 200 msg/s",
      "  publish 200/s for 1000 ms",
      "disconnect to 0",
      "connect 10",
      "phase at 200 msg/s again",
    ]);
  });

  it("doesn't call served what was broken off", async () => {
    const stage = await played((rate) => ({
      ...shown(rate, true),
      ...(rate > 400 && { brokenOff: "memory" as const }),
    }));
    expect(stage.value("limit")).toBe("server memory");
    expect(stage.value("throughput")).toBe(4_000);
  });

  it("allows a client that polls its interval", async () => {
    const late = (rate: number): Partial<MeasuredPhase> => ({
      ...shown(rate, true),
      delivery: () => (rate <= 400 ? 1.05e9 : 1.2e9),
    });
    const polling = await played(late, { transport: { pollIntervalMs: 1_000 } });
    expect(polling.value("throughput")).toBe(4_000);
    const pushed = await played(late);
    expect(pushed.value("throughput")).toBeNull();
  });

  it("states the response to each doubling, and what the served rate rests on", async () => {
    const stage = await played((rate) => shown(rate, rate <= 400));
    const response = stage.figures.filter(({ key }) => key.startsWith("response.p99"));
    expect(response.map(({ key, value }) => [key, value])).toEqual([
      ["response.p99.at1000", 5e6],
      ["response.p99.at2000", 5e6],
      ["response.p99.at4000", 5e6],
      ["response.p99.at8000", 1e9],
    ]);
    expect(stage.value("served.deliveries")).toBe(4_000);
  });

  it("keeps what was served where a process dies on the way", async () => {
    const stage = new ScriptedStage({
      workload: { clients, ratePerSecond: 100 },
      measured(name) {
        if (name.startsWith("at 400")) throw new Error("the server process ended");
        return shown(rateOf(name), true);
      },
    });
    await expect(throughput.play(stage)).rejects.toThrow("the server process ended");
    expect(stage.stated("throughput")).toMatchObject({
      value: 2_000,
      bound: "at least",
      note: "the server process ended",
    });
    expect(stage.value("limit")).toBe("broken off");
  });
});
